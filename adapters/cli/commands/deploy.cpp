#include "cli/commands.hpp"
#include "cli/problems.hpp"
#include "cli/store/place.hpp"
#include "cli/store/sources.hpp"
#include "value/json.hpp"

namespace kontor::cli {
namespace {

Variables to_variables(const Deployed& deployed) {
    std::vector<Value> warnings;
    for (const auto& warning : deployed.warnings) warnings.push_back(to_value(warning));
    return {{"process", deployed.id}, {"version", deployed.version}, {"unchanged", deployed.unchanged}, {"warnings", std::move(warnings)}};
}

Exit refuse(const std::vector<Problem>& problems, bool as_json, const Console& console) {
    if (!as_json) {
        print(console.err, problems);
        console.err.stream << "nothing was deployed\n";
        return Exit::no;
    }
    std::vector<Value> all;
    for (const auto& problem : problems) all.push_back(to_value(problem));
    console.out.stream << json::write(Variables{{"deployed", List{}}, {"problems", std::move(all)}}) << '\n';
    return Exit::no;
}

Exit perform(const Arguments& arguments, Console& console) {
    const std::string url = store_url(arguments);
    const bool as_json = arguments.has("json");
    const Sources sources = find_sources(arguments.operands);
    if (has_error(sources.problems)) return refuse(sources.problems, as_json, console);
    Options options;
    options.records_only = true;
    options.threads = 1;
    const auto engine = open_engine(url, std::move(options), Missing::is_created);
    std::vector<Deployed> all;
    try {
        all = engine->deploy(sources.files);
    } catch (const Error& error) {
        if (error.problems().empty()) throw;
        return refuse(error.problems(), as_json, console);
    }
    std::vector<Value> values;
    for (const auto& deployed : all) {
        values.emplace_back(to_variables(deployed));
        if (as_json) continue;
        print(console.err, deployed.warnings);
        console.out.stream << printable(deployed.id) << " version " << deployed.version << (deployed.unchanged ? ": unchanged" : ": deployed") << '\n';
    }
    if (as_json) console.out.stream << json::write(Variables{{"deployed", std::move(values)}}) << '\n';
    return Exit::fine;
}

}  // namespace

Command deploy_command() {
    return {.name = "deploy",
            .operands = "FILE...",
            .fewest = 1,
            .most = any_number,
            .summary = "puts processes into a store",
            .description = "All of the files or none. A store that is not there is made. Decisions that a process asks are taken from the files\n"
                           "*.decision.yaml of its folder. The same content keeps its version; another one becomes the next, and instances that run\n"
                           "stay with theirs. Nothing is started.",
            .options = {store_option, json_option},
            .perform = perform};
}

}  // namespace kontor::cli
