#include "cli/store/care.hpp"
#include "cli/store/place.hpp"
#include "runtime/retention.hpp"
#include "store/open.hpp"
#include "value/json.hpp"

#include <charconv>

namespace kontor::cli {
namespace {

/// `2026-03` as months since 1970-01.
std::int32_t read_month(const std::string& text) {
    int year = 0, month = 0;
    const char* const begin = text.data();
    const bool good = text.size() == 7 && text[4] == '-' && std::from_chars(begin, begin + 4, year).ptr == begin + 4 &&
                      std::from_chars(begin + 5, begin + 7, month).ptr == begin + 7 && month >= 1 && month <= 12;
    if (!good) throw UsageError{"--before wants a month such as 2026-03, not " + text};
    return (year - 1970) * 12 + month - 1;
}

}  // namespace

Exit drop_journals(const Arguments& arguments, Console& console) {
    const std::string url = store_url(arguments);
    const std::string* month = arguments.value("before");
    if (!month) throw UsageError{"--before is missing", "for example --before 2026-03"};
    const std::int32_t before = read_month(*month);
    (void)OpenStore{url};   // one that is not there is not made
    std::vector<Value> dropped, kept;
    try {
        const auto store = store::open_store(url);
        for (const std::int32_t period : store->periods()) {
            if (period >= before) continue;
            const std::string name = runtime::period_name(period);
            const auto instances = store->drop_period(period);
            if (instances) dropped.emplace_back(Variables{{"month", name}, {"instances", *instances}});
            else kept.emplace_back(name);
            if (arguments.has("json")) continue;
            if (instances) console.out.stream << name << "  dropped: the journal of " << *instances << " instances\n";
            else console.out.stream << name << "  kept: not all of its instances have ended\n";
        }
    } catch (const Error& error) {
        throw WorldFailed{error.what()};
    }
    if (arguments.has("json")) console.out.stream << json::write(Variables{{"dropped", std::move(dropped)}, {"kept", std::move(kept)}}) << '\n';
    else if (dropped.empty() && kept.empty()) console.out.stream << "nothing that old is there\n";
    return Exit::fine;
}

}  // namespace kontor::cli
