#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/store/place.hpp"
#include "cli/store/words.hpp"

namespace kontor::cli {
namespace {

Exit perform(const Arguments& arguments, Console& console) {
    const std::string url = store_url(arguments);
    const auto key = read_key<IncidentKey>(arguments.operands.front());
    ResolveRequest request{.by = read_actor(arguments)};
    if (const std::string* vars = arguments.value("vars")) request.variables = read_context("vars", *vars);
    if (const std::string* effect = arguments.value("took-effect")) {
        if (*effect != "yes" && *effect != "no") throw UsageError{"--took-effect wants yes or no, not " + *effect};
        request.took_effect = *effect == "yes";
    }
    as_owner(url, [&](Engine& engine) { engine.resolve(key, std::move(request)); });
    tell_instance(url, instance_of(url, key.value, "incident"), {{"incident", key.str()}}, arguments, console);
    return Exit::fine;
}

}  // namespace

Command retry_command() {
    return {.name = "retry",
            .operands = "INCIDENT",
            .fewest = 1,
            .most = 1,
            .summary = "resolves an incident: the step is tried again",
            .description = "`kontor explain` says what probably helps. Of a call whose outcome is unknown, --took-effect says what a person found out: with\n"
                           "yes the variables are the call's answer, with no it is made again.",
            .options = {store_option,
                        {"by", "USER[:GROUP,...]", "who does it"},
                        {"vars", "JSON|@FILE", "corrections of variables, written before"},
                        {"took-effect", "yes|no", "whether a call took effect"},
                        json_option},
            .perform = perform};
}

}  // namespace kontor::cli
