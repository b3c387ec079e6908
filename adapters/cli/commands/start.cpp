#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/store/place.hpp"

namespace kontor::cli {
namespace {

Exit perform(const Arguments& arguments, Console& console) {
    const std::string url = store_url(arguments);
    StartRequest request{.process = arguments.operands.front()};
    if (const std::string* vars = arguments.value("vars")) request.variables = read_context("vars", *vars);
    if (const std::string* key = arguments.value("key")) request.business_key = *key;
    if (const std::string* id = arguments.value("request-id")) request.request_id = *id;
    Started started;
    as_owner(url, [&](Engine& engine) { started = engine.start(std::move(request)); });
    if (started.duplicate && !arguments.has("json")) console.out.stream << "started before, by the same request id\n";
    tell_instance(url, started, {{"duplicate", started.duplicate}}, arguments, console);
    return Exit::fine;
}

}  // namespace

Command start_command() {
    return {.name = "start",
            .operands = "PROCESS",
            .fewest = 1,
            .most = 1,
            .summary = "starts an instance of a deployed process",
            .description = "The latest version. The instance goes as far as it can without calling services; it goes on when `kontor serve` runs on\n"
                           "the store.",
            .options = {store_option,
                        {"vars", "JSON|@FILE", "the variables to start with: JSON or a FEEL context"},
                        {"key", "TEXT", "the business key, such as the number of a loan"},
                        {"request-id", "ID", "the same id starts one instance, however often it is given"},
                        json_option},
            .perform = perform};
}

}  // namespace kontor::cli
