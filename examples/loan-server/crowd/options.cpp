#include "crowd/options.hpp"

namespace loan {

const char* const crowd_usage = R"(usage: loan-crowd --server URL --applicants N [OPTION...]

Applicants of the German credit data apply to a loan server over HTTP, two clerks decide what comes to them, and when every application has
ended a table says what became of them. The exit status is 0 if every application came to an end, none twice, and no incident is open.

  --server URL         for example http://127.0.0.1:8080
  --applicants N       how many; after the last row of the file it begins anew with the first
  --csv FILE           the applicants; examples/data/german-credit.csv unless given
  --json               one JSON object instead of the table
  --patience SECONDS   gives up after that long without any progress; 60 unless given
  --kill PID           kills this process when half of the applications have ended, to see that nothing is lost
  --help
)";

namespace {

void take(CrowdOptions& options, const std::string& option, const std::string& value) {
    if (option == "--server") options.server = value;
    else if (option == "--csv") options.csv = value;
    else if (option == "--applicants") options.applicants = whole_number(option, value, 1);
    else if (option == "--kill") options.victim = whole_number(option, value, 1);
    else if (option == "--patience") options.patience = std::chrono::seconds{whole_number(option, value, 1)};
    else throw UsageError{"there is no option " + option};
}

}  // namespace

CrowdOptions read_options(std::span<const char* const> words) {
    CrowdOptions options;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string option = words[i];
        if (option == "--help" || option == "-h") options.help = true;
        else if (option == "--json") options.json = true;
        else if (i + 1 == words.size()) throw UsageError{option + " needs a value, or is not known"};
        else take(options, option, words[++i]);
    }
    if (options.help) return options;
    if (options.server.empty()) throw UsageError{"--server URL is missing"};
    if (options.applicants == 0) throw UsageError{"--applicants N is missing"};
    return options;
}

}  // namespace loan
