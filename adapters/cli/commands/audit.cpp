#include "cli/commands.hpp"
#include "cli/run/progress.hpp"
#include "cli/store/place.hpp"
#include "journal/error.hpp"
#include "runtime/care/audit.hpp"
#include "value/json.hpp"

namespace kontor::cli {
namespace {

Variables to_variables(const runtime::BrokenChain& broken) {
    Variables all{{"instance", broken.instance.str()}, {"what", broken.what}};
    if (broken.at) all.set("position", journal::to_string(*broken.at));
    return all;
}

Exit perform(const Arguments& arguments, Console& console) {
    if (arguments.operands.front() != "verify") throw UsageError{"`kontor audit` can verify, and nothing else", "kontor audit verify --store URL"};
    const OpenStore store{store_url(arguments)};
    run::Progress progress{console.err, runtime::rows_written(store.store()), console.err.terminal};
    const auto audit = runtime::verify_chains(store.store(), [&](std::uint64_t done, std::uint64_t) { progress.show(done); });
    progress.clear();
    const Exit exit = audit.broken.empty() ? Exit::fine : Exit::no;
    if (arguments.has("json")) {
        std::vector<Value> broken;
        for (const auto& one : audit.broken) broken.emplace_back(to_variables(one));
        const Variables answer{{"instances", audit.instances}, {"rows", audit.rows}, {"dropped", audit.dropped}, {"broken", std::move(broken)}};
        console.out.stream << json::write(answer) << '\n';
        return exit;
    }
    for (const auto& one : audit.broken)
        console.out.stream << console.out.styled(Style::bad, "broken: ") << "instance " << one.instance.str()
                           << (one.at ? " at " + journal::to_string(*one.at) : "") << ": " << one.what << '\n';
    console.out.stream << audit.instances << " instances, " << audit.rows << " rows: "
                       << (audit.broken.empty() ? console.out.styled(Style::good, "every chain is whole")
                                                : console.out.styled(Style::bad, std::to_string(audit.broken.size()) + " chains are broken"))
                       << '\n';
    return exit;
}

}  // namespace

Command audit_command() {
    return {.name = "audit",
            .operands = "verify",
            .fewest = 1,
            .most = 1,
            .summary = "verifies the hash chain of every instance",
            .description = "Names each chain that is broken, with the first row that does not fit: somebody changed, removed, inserted or moved rows, or the\n"
                           "disk lost them. Exit status 1 if there is any. Works beside an engine that runs.",
            .options = {store_option, json_option},
            .perform = perform};
}

}  // namespace kontor::cli
