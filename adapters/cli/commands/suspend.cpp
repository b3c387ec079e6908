#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/store/place.hpp"

namespace kontor::cli {
namespace {

Exit perform(const Arguments& arguments, Console& console) {
    const std::string url = store_url(arguments);
    const auto key = read_key<InstanceKey>(arguments.operands.front());
    const Actor by = read_actor(arguments);
    const std::string& reason = *arguments.value("reason");
    as_owner(url, [&](Engine& engine) { engine.suspend(key, by, reason); });
    tell_instance(url, key, {}, arguments, console);
    return Exit::fine;
}

}  // namespace

Command suspend_command() {
    return {.name = "suspend",
            .operands = "INSTANCE",
            .fewest = 1,
            .most = 1,
            .summary = "stops an instance until it is resumed",
            .description = "Nothing moves: timers and messages wait, answers of calls are kept.",
            .options = {store_option, by_option(), reason_option("--reason 'the valuer is being audited'"), json_option},
            .perform = perform};
}

}  // namespace kontor::cli
