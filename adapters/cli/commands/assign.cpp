#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/store/place.hpp"

namespace kontor::cli {
namespace {

Exit perform(const Arguments& arguments, Console& console) {
    const std::string url = store_url(arguments);
    const auto key = read_key<TaskKey>(arguments.operands.front());
    const std::string assignee = arguments.operands.size() > 1 ? arguments.operands[1] : "";
    const Actor by = read_actor(arguments);
    as_owner(url, [&](Engine& engine) { engine.assign(key, assignee, by); });
    tell_instance(url, instance_of(url, key.value, "user task"), {{"task", key.str()}, {"assignee", assignee}}, arguments, console);
    return Exit::fine;
}

}  // namespace

Command assign_command() {
    return {.name = "assign",
            .operands = "TASK [USER]",
            .fewest = 1,
            .most = 2,
            .summary = "gives a user task to somebody",
            .description = "Without USER it is given back to all candidates.",
            .options = {store_option, by_option(), json_option},
            .perform = perform};
}

}  // namespace kontor::cli
