#include "rest/call.hpp"

namespace kontor::rest {
namespace {

Value texts(const std::vector<std::string>& items) { return std::vector<Value>(items.begin(), items.end()); }

Value value_of(const TaskInfo& info) {
    Variables shown{{"userTaskKey", info.key.str()},
                    {"processInstanceKey", info.instance.str()},
                    {"processDefinitionId", info.process},
                    {"elementId", info.element},
                    {"state", "CREATED"},
                    {"candidateGroups", texts(info.candidate_groups)},
                    {"candidateUsers", texts(info.candidate_users)},
                    {"creationDate", time_value(info.created_at)},
                    {"tenantId", "<default>"}};
    if (!info.assignee.empty()) shown.set("assignee", info.assignee);
    if (info.due) shown.set("dueDate", time_value(*info.due));
    return shown;
}

}  // namespace

web::Response search_tasks(const Call& call) {
    const Search search{call, {"candidateGroup", "candidateUser", "assignee", "processInstanceKey"}};
    TaskQuery query;
    query.candidate_group = search.filter.get_or<std::string>("candidateGroup", {});
    query.candidate_user = search.filter.get_or<std::string>("candidateUser", {});
    query.assignee = search.filter.get_or<std::string>("assignee", {});
    if (search.filter.contains("processInstanceKey")) query.instance = InstanceKey::parse(search.filter.get<std::string>("processInstanceKey"));
    query.limit = search.limit;
    query.after = search.after;
    return page_response(call.engine.tasks(query), value_of);
}

web::Response task_variables(const Call& call) { return json_response(call.engine.input(call.key<TaskKey>())); }

void complete_task(const Call& call, Answer answer) {
    CompleteTask task{call.body().get_or<Variables>("variables", {}), call.actor(), {}};
    if (const auto* id = call.request.header("idempotency-key")) task.request_id = *id;
    call.engine.complete(call.key<TaskKey>(), std::move(task), [answer = std::move(answer), path = call.request.path](const Result<void>& done) {
        answer(done ? no_content() : problem(done.error(), path));
    });
}

web::Response assign_task(const Call& call) {
    call.engine.assign(call.key<TaskKey>(), call.body().get<std::string>("assignee"), call.actor());
    return no_content();
}

web::Response unassign_task(const Call& call) {
    call.engine.assign(call.key<TaskKey>(), {}, call.actor());
    return no_content();
}

}  // namespace kontor::rest
