#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/store/place.hpp"

namespace kontor::cli {
namespace {

Exit perform(const Arguments& arguments, Console& console) {
    const std::string url = store_url(arguments);
    const auto key = read_key<InstanceKey>(arguments.operands.front());
    const Actor by = read_actor(arguments);
    const std::string& reason = required(arguments, "reason", "--reason 'the valuer is being audited'");
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
            .options = {store_option, {"by", "USER[:GROUP,...]", "who does it"}, {"reason", "TEXT", "why, for the history"}, json_option},
            .perform = perform};
}

}  // namespace kontor::cli
