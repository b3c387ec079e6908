#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/store/place.hpp"

namespace kontor::cli {
namespace {

Exit perform(const Arguments& arguments, Console& console) {
    const std::string url = store_url(arguments);
    const auto key = read_key<InstanceKey>(arguments.operands.front());
    CancelRequest request{.by = read_actor(arguments), .compensate = !arguments.has("no-compensate")};
    request.reason = *arguments.value("reason");
    as_owner(url, [&](Engine& engine) { engine.cancel(key, std::move(request)); });
    tell_instance(url, key, {}, arguments, console);
    return Exit::fine;
}

}  // namespace

Command cancel_command() {
    return {.name = "cancel",
            .operands = "INSTANCE",
            .fewest = 1,
            .most = 1,
            .summary = "ends an instance, undoing what it did",
            .description = "Calls that are under way are settled and completed steps compensated first, which takes services: the instance may end later.",
            .options = {store_option,
                        by_option(),
                        reason_option("--reason 'the client withdrew'"),
                        {"no-compensate", "", "leaves done what is done"},
                        json_option},
            .perform = perform};
}

}  // namespace kontor::cli
