#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/store/place.hpp"

namespace kontor::cli {
namespace {

Exit perform(const Arguments& arguments, Console& console) {
    const std::string url = store_url(arguments);
    const auto key = read_key<InstanceKey>(arguments.operands.front());
    const Actor by = read_actor(arguments);
    as_owner(url, [&](Engine& engine) { engine.resume(key, by); });
    tell_instance(url, key, {}, arguments, console);
    return Exit::fine;
}

}  // namespace

Command resume_command() {
    return {.name = "resume",
            .operands = "INSTANCE",
            .fewest = 1,
            .most = 1,
            .summary = "lets a suspended instance go on",
            .description = "Timers that came due meanwhile fire, messages that came meanwhile arrive.",
            .options = {store_option, by_option(), json_option},
            .perform = perform};
}

}  // namespace kontor::cli
