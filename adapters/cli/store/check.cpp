#include "cli/run/progress.hpp"
#include "cli/store/care.hpp"
#include "cli/store/place.hpp"
#include "runtime/care/check.hpp"
#include "value/json.hpp"

namespace kontor::cli {
namespace {

Variables to_variables(const runtime::Difference& difference) {
    return {{"instance", difference.instance.str()}, {"table", difference.table}, {"key", std::to_string(difference.key)}, {"what", difference.what}};
}

void print(const Output& out, const std::vector<std::string>& damage, const runtime::Check& check) {
    for (const auto& problem : damage) out.stream << out.styled(Style::bad, "database: ") << printable(problem) << '\n';
    for (const auto& one : check.differences) {
        std::string row = one.table;
        if (one.key != one.instance.value) row += " " + std::to_string(one.key);
        out.stream << out.styled(Style::bad, row) << " of instance " << one.instance.str() << ": " << printable(one.what) << '\n';
    }
    if (check.moving > 0) out.stream << check.moving << " instances moved all the time: nothing is known about them\n";
    const bool well = damage.empty() && check.differences.empty();
    out.stream << check.instances << " instances: "
               << (well ? out.styled(Style::good, "every derived row is what the journal says")
                        : out.styled(Style::bad, std::to_string(damage.size() + check.differences.size()) + " differences"))
               << '\n';
}

}  // namespace

Exit check_store(const Arguments& arguments, Console& console) {
    const OpenStore store{store_url(arguments)};
    const auto damage = store.store().integrity();
    run::Progress progress{console.err, runtime::rows_written(store.store()), console.err.terminal};
    const auto check = runtime::check_rows(store.store(), store.definitions(), [&](std::uint64_t done, std::uint64_t) { progress.show(done); });
    progress.clear();
    const Exit exit = damage.empty() && check.differences.empty() ? Exit::fine : Exit::no;
    if (!arguments.has("json")) {
        print(console.out, damage, check);
        return exit;
    }
    std::vector<Value> differences;
    for (const auto& one : check.differences) differences.emplace_back(to_variables(one));
    console.out.stream << json::write(Variables{{"instances", check.instances},
                                                {"differences", std::move(differences)},
                                                {"database", std::vector<Value>{damage.begin(), damage.end()}},
                                                {"moving", check.moving}})
                       << '\n';
    return exit;
}

}  // namespace kontor::cli
