#include "rest/router.hpp"

#include <array>

namespace kontor::rest {
namespace {

constexpr std::array<Route, 23> table{{
    {"POST", "/v2/deployments", "deployments", "Deploys definitions, all or nothing: multipart/form-data with the files as `resources`", deploy,
     "", "deployments"},
    {"POST", "/v2/process-instances", "process instances", "Starts an instance; the header Idempotency-Key makes a repetition harmless", start_instance,
     "processDefinitionId*, processDefinitionVersion, versionTag, businessKey, variables", "processInstanceKey, processDefinitionId, duplicate"},
    {"POST", "/v2/process-instances/search", "process instances", "Finds instances", search_instances,
     "filter: processDefinitionId, businessKey, state; page: limit, after", "items, page"},
    {"GET", "/v2/process-instances/{key}", "process instances", "Shows an instance and the elements that it is at", show_instance, "",
     "processInstanceKey, processDefinitionId, state, elements"},
    {"GET", "/v2/process-instances/{key}/variables", "process instances", "Its variables, sensitive ones masked", show_variables, "", "by name"},
    {"GET", "/v2/process-instances/{key}/history", "process instances", "What happened, the oldest first; ?after=CURSOR goes on", show_history, "", "items, page"},
    {"POST", "/v2/process-instances/{key}/cancellation", "process instances", "Ends an instance, undoing what can be undone", cancel_instance,
     "reason, compensate", ""},
    {"POST", "/v2/process-instances/{key}/suspension", "process instances", "Lets nothing move until it is resumed; answers of calls are kept",
     suspend_instance, "reason", ""},
    {"POST", "/v2/process-instances/{key}/resumption", "process instances", "Lets a suspended instance go on", resume_instance, "", ""},
    {"POST", "/v2/variables/search", "variables", "Variables of several instances at once, sensitive ones masked; a value is JSON in a text", search_variables,
     "filter: processInstanceKey*, name", "items, page"},
    {"POST", "/v2/user-tasks/search", "user tasks", "Finds open tasks", search_tasks,
     "filter: candidateGroup, candidateUser, assignee, processInstanceKey; page: limit, after", "items, page"},
    {"GET", "/v2/user-tasks/{key}/variables", "user tasks", "The input of a task, for its form", task_variables, "", "by name"},
    {"POST", "/v2/user-tasks/{key}/completion", "user tasks", "Completes a task", complete_task, "variables", ""},
    {"POST", "/v2/user-tasks/{key}/assignment", "user tasks", "Gives a task to somebody", assign_task, "assignee*", ""},
    {"DELETE", "/v2/user-tasks/{key}/assignee", "user tasks", "Gives a task back to all candidates", unassign_task, "", ""},
    {"POST", "/v2/messages/publication", "messages", "Publishes a message; its outcome is durable", publish_message,
     "name*, correlationKey, timeToLive (milliseconds), messageId, variables", "outcome"},
    {"POST", "/v2/incidents/search", "incidents", "Finds open incidents", search_incidents,
     "filter: processDefinitionId, processInstanceKey, elementId, errorType, creationTime; page: limit, after", "items, page"},
    {"POST", "/v2/incidents/resolution", "incidents", "Tries all of a page of incidents again, each for itself", resolve_incidents,
     "filter: processDefinitionId, processInstanceKey, elementId, errorType, creationTime; page: limit, after; variables, tookEffect",
     "resolved, refused, creationTime, page"},
    {"POST", "/v2/incidents/{key}/resolution", "incidents", "Tries again, with corrected variables or what was found out", resolve_incident,
     "variables, tookEffect", ""},
    {"POST", "/v2/jobs/{key}/completion", "jobs", "The answer to a call that was promised for later", complete_job, "variables", ""},
    {"POST", "/v2/jobs/{key}/error", "jobs", "The same, as a BPMN error", fail_job, "errorCode*, errorMessage, variables", ""},
    {"GET", "/v2/status", "care", "204 if the engine takes commands", show_status, "", ""},
    {"GET", "/v2/topology", "care", "The version of this server", show_topology, "", "gatewayVersion"},
}};

std::vector<std::string_view> segments(std::string_view path) {
    std::vector<std::string_view> all;
    while (!path.empty()) {
        path.remove_prefix(path.front() == '/' ? 1 : 0);
        const auto end = std::min(path.find('/'), path.size());
        all.push_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return all;
}

bool fits(const std::vector<std::string_view>& pattern, const std::vector<std::string_view>& path, std::vector<std::string>& parameters) {
    if (pattern.size() != path.size()) return false;
    parameters.clear();
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i].starts_with('{')) parameters.emplace_back(path[i]);
        else if (pattern[i] != path[i]) return false;
    }
    return true;
}

}  // namespace

std::span<const Route> routes() { return table; }

Match match(std::string_view method, std::string_view path) {
    const auto wanted = segments(path);
    Match match;
    for (const Route& route : table) {
        if (!fits(segments(route.path), wanted, match.parameters)) continue;
        if (route.method == method) {
            match.route = &route;
            return match;
        }
        match.allow += (match.allow.empty() ? "" : ", ") + std::string{route.method};
    }
    return match;
}

}  // namespace kontor::rest
