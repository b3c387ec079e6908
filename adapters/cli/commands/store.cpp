#include "cli/commands.hpp"
#include "cli/store/care.hpp"
#include "cli/store/place.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kontor::cli {
namespace {

constexpr std::array<std::pair<std::string_view, Exit (*)(const Arguments&, Console&)>, 4> works{
    {{"check", check_store}, {"backup", back_up_store}, {"restored", look_after_restored}, {"drop", drop_journals}}};

Exit perform(const Arguments& arguments, Console& console) {
    const std::string& name = arguments.operands.front();
    const auto work = std::ranges::find(works, name, &decltype(works)::value_type::first);
    if (work == works.end()) throw UsageError{"`kontor store` cannot \"" + name + "\"", "it can check, backup, restored or drop: kontor store check --store URL"};
    if (arguments.operands.size() > 1 && name != "backup") throw UsageError{"`kontor store " + name + "` takes nothing behind it", {}};
    return work->second(arguments, console);
}

}  // namespace

Command store_command() {
    return {.name = "store",
            .operands = "check | backup FILE | restored | drop",
            .fewest = 1,
            .most = 2,
            .summary = "checks a store, backs it up, looks after a restored one, drops what is old",
            .description = "check: rebuilds instances, snapshots, timers, subscriptions, user tasks and incidents from the journal, and names each row that\n"
                           "differs; also lets the database check itself. Exit status 1 if anything differs. Works beside an engine that runs.\n"
                           "backup: copies a SQLite store as it is at one moment to a new file, beside an engine that runs.\n"
                           "restored: makes it safe to go on with a store that was restored from a backup, before an engine runs on it. Every instance that\n"
                           "has not ended is halted by an incident `restored` until a person lets it go on; calls that may not simply be repeated are\n"
                           "ones whose outcome is unknown; keys that were made after the backup are not made again.\n"
                           "drop: drops the journals of months before --before whose instances have all ended; `kontor serve --retention` does it by itself.",
            .options = {store_option,
                        {"nothing-lost", "", "of restored: the store was only moved, nothing was done after the copy was taken; changes nothing else"},
                        {"before", "YYYY-MM", "of drop: months before this one, in which instances started"},
                        json_option},
            .perform = perform};
}

}  // namespace kontor::cli
