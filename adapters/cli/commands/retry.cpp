#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/options.hpp"
#include "cli/run/progress.hpp"
#include "cli/store/place.hpp"
#include "value/json.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

namespace kontor::cli {
namespace {

constexpr std::array narrowing{"process", "instance", "element", "kind"};

ResolveRequest read_request(const Arguments& arguments) {
    ResolveRequest request{.by = read_actor(arguments)};
    if (const std::string* vars = arguments.value("vars")) request.variables = read_context("vars", *vars);
    if (const std::string* effect = arguments.value("took-effect")) {
        if (*effect != "yes" && *effect != "no") throw UsageError{"--took-effect wants yes or no, not " + *effect};
        request.took_effect = *effect == "yes";
    }
    return request;
}

IncidentQuery read_query(const Arguments& arguments) {
    // What fails again is an incident again, of a later millisecond than those that are looked for.
    IncidentQuery query{.raised_before = std::chrono::ceil<Duration>(std::chrono::system_clock::now()), .limit = 1'000};
    std::this_thread::sleep_until(*query.raised_before);
    if (const std::string* process = arguments.value("process")) query.process = *process;
    if (const std::string* instance = arguments.value("instance")) query.instance = read_key<InstanceKey>(*instance);
    if (const std::string* element = arguments.value("element")) query.element = *element;
    if (const std::string* kind = arguments.value("kind")) query.kind = *kind;
    return query;
}

std::uint64_t count(const std::string& url, IncidentQuery query) {
    const OpenStore store{url};
    std::uint64_t found = 0;
    do {
        const auto page = store.reader().incidents(query);
        found += page.items.size();
        query.after = page.next;
    } while (query.after);
    return found;
}

ResolvedIncidents resolve_all(const std::string& url, IncidentQuery query, const ResolveRequest& request, Console& console, bool as_json) {
    run::Progress progress{console.err, count(url, query), console.err.terminal && !as_json};
    ResolvedIncidents all;
    as_owner(url, [&](Engine& engine) {
        do {
            auto part = engine.resolve_all(query, request);
            all.resolved += part.resolved;
            all.refused.insert(all.refused.end(), part.refused.begin(), part.refused.end());
            query.after = part.next;
            progress.show(all.resolved + all.refused.size());
        } while (query.after);
    });
    progress.clear();
    return all;
}

Exit perform_all(const Arguments& arguments, Console& console) {
    if (!arguments.operands.empty()) throw UsageError{"either an incident or --all", "kontor retry --all --process order --kind job-exhausted"};
    const std::string url = store_url(arguments);
    const bool as_json = arguments.has("json");
    const auto done = resolve_all(url, read_query(arguments), read_request(arguments), console, as_json);
    const Exit exit = done.refused.empty() ? Exit::fine : Exit::no;
    if (as_json) {
        std::vector<Value> refused;
        for (const auto& one : done.refused)
            refused.emplace_back(Variables{{"incident", one.key.str()}, {"instance", one.instance.str()}, {"why", one.why}});
        console.out.stream << json::write(Variables{{"retried", done.resolved}, {"refused", std::move(refused)}}) << '\n';
        return exit;
    }
    for (const auto& one : done.refused)
        console.out.stream << console.out.styled(Style::bad, one.key.str()) << " of instance " << one.instance.str() << ": " << printable(one.why) << '\n';
    console.out.stream << done.resolved << " retried, " << done.refused.size() << " refused\n";
    return exit;
}

Exit perform(const Arguments& arguments, Console& console) {
    if (arguments.has("all")) return perform_all(arguments, console);
    if (arguments.operands.empty()) throw UsageError{"which incident?", "kontor retry INCIDENT, or kontor retry --all with --process, --kind or --element"};
    const auto narrowed = std::ranges::find_if(narrowing, [&](const char* option) { return arguments.has(option); });
    if (narrowed != narrowing.end()) throw UsageError{"--" + std::string{*narrowed} + " goes with --all"};
    const std::string url = store_url(arguments);
    const auto key = read_key<IncidentKey>(arguments.operands.front());
    ResolveRequest request = read_request(arguments);
    as_owner(url, [&](Engine& engine) { engine.resolve(key, std::move(request)); });
    tell_instance(url, instance_of(url, key.value, "incident"), {{"incident", key.str()}}, arguments, console);
    return Exit::fine;
}

}  // namespace

Command retry_command() {
    return {.name = "retry",
            .operands = "INCIDENT",
            .fewest = 0,
            .most = 1,
            .summary = "resolves an incident, or many: the step is tried again",
            .description = "`kontor explain` says what probably helps. Of a call whose outcome is unknown, --took-effect says what a person found out: with\n"
                           "yes the variables are the call's answer, with no it is made again. With --all those that are open now and fit all conditions;\n"
                           "exit status 1 if one of them is refused, which leaves it as it is and the others retried.",
            .options = {store_option,
                        {"all", "", "instead of INCIDENT: all, or those of --process, --instance, --element and --kind"},
                        {"process", "ID", "with --all: of this process only"},
                        {"instance", "KEY", "with --all: of this instance only"},
                        {"element", "ID", "with --all: at this element only"},
                        {"kind", "KIND", "with --all: of this kind only, such as job-exhausted"},
                        by_option(),
                        {"vars", "JSON|@FILE", "corrections of variables, written before"},
                        {"took-effect", "yes|no", "whether a call took effect"},
                        json_option},
            .perform = perform};
}

}  // namespace kontor::cli
