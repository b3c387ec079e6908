#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/options.hpp"
#include "cli/store/place.hpp"

namespace kontor::cli {
namespace {

Exit perform(const Arguments& arguments, Console& console) {
    const std::string url = store_url(arguments);
    const auto key = read_key<TaskKey>(arguments.operands.front());
    CompleteTask task{.by = read_actor(arguments)};
    if (const std::string* vars = arguments.value("vars")) task.output = read_context("vars", *vars);
    if (const std::string* id = arguments.value("request-id")) task.request_id = *id;
    as_owner(url, [&](Engine& engine) { engine.complete(key, std::move(task)); });
    tell_instance(url, instance_of(url, key.value, "user task"), {{"task", key.str()}}, arguments, console);
    return Exit::fine;
}

}  // namespace

Command complete_command() {
    return {.name = "complete",
            .operands = "TASK",
            .fewest = 1,
            .most = 1,
            .summary = "completes a user task",
            .description = "As that person: who may not do it, because of his groups or because four eyes are wanted, is refused, and so is an answer\n"
                           "that does not fit the form.",
            .options = {store_option,
                        by_option("who does it, and the groups that he belongs to"),
                        {"vars", "JSON|@FILE", "what he answers: JSON or a FEEL context"},
                        {"request-id", "ID", "the same id completes once, however often it is given"},
                        json_option},
            .perform = perform};
}

}  // namespace kontor::cli
