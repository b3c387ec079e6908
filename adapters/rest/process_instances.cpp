#include "rest/call.hpp"

namespace kontor::rest {
namespace {

/// Camunda knows three states; ours stands beside it.
std::string_view outer_state(State state) {
    switch (state) {
        case State::running:
        case State::incident:
        case State::suspended:
        case State::cancelling: return "ACTIVE";
        case State::completed: return "COMPLETED";
        case State::cancelled:
        case State::failed: return "TERMINATED";
    }
    return "ACTIVE";
}

State state_of(std::string_view text) {
    for (const State state : {State::running, State::incident, State::suspended, State::cancelling, State::completed, State::cancelled, State::failed})
        if (to_string(state) == text) return state;
    if (text == "COMPLETED") return State::completed;
    throw Error{Code::bad_input, "filter.state is \"" + std::string{text} + "\"; write running, incident, suspended, cancelling, completed, cancelled or failed"};
}

Value value_of(const InstanceInfo& info) {
    return Variables{{"processInstanceKey", info.key.str()},
                     {"processDefinitionId", info.process},
                     {"processDefinitionVersion", info.version},
                     {"businessKey", info.business_key},
                     {"state", outer_state(info.state)},
                     {"detailedState", to_string(info.state)},
                     {"hasIncident", info.state == State::incident},
                     {"startDate", time_value(info.started_at)},
                     {"changeDate", time_value(info.changed_at)},
                     {"tenantId", "<default>"}};
}

StartRequest start_request(const Call& call) {
    const Variables body = call.body();
    StartRequest request;
    request.process = body.get<std::string>("processDefinitionId");
    request.version = std::max(body.get_or<int>("processDefinitionVersion", 0), 0);
    request.version_tag = body.get_or<std::string>("versionTag", {});
    request.business_key = body.get_or<std::string>("businessKey", {});
    request.variables = body.get_or<Variables>("variables", {});
    if (const auto* id = call.request.header("idempotency-key")) request.request_id = *id;
    request.by = call.actor();
    return request;
}

}  // namespace

void start_instance(const Call& call, Answer answer) {
    StartRequest request = start_request(call);
    const std::string process = request.process;
    call.engine.start(std::move(request), [answer = std::move(answer), process, path = call.request.path](const Result<Started>& started) {
        if (!started) return answer(problem(started.error(), path));
        answer(json_response(Variables{{"processInstanceKey", started->key.str()}, {"processDefinitionId", process}, {"duplicate", started->duplicate},
                                       {"tenantId", "<default>"}}));
    });
}

web::Response search_instances(const Call& call) {
    const Search search{call, {"processDefinitionId", "businessKey", "state"}};
    InstanceQuery query;
    query.process = search.filter.get_or<std::string>("processDefinitionId", {});
    query.business_key = search.filter.get_or<std::string>("businessKey", {});
    if (search.filter.contains("state")) query.state = state_of(search.filter.get<std::string>("state"));
    query.limit = search.limit;
    query.after = search.after;
    return page_response(call.engine.instances(query), value_of);
}

web::Response show_instance(const Call& call) {
    const auto key = call.key<InstanceKey>();
    const auto info = call.engine.find(key);
    if (!info) throw Error{Code::not_found, "there is no process instance " + key.str()};
    Variables shown = value_of(*info).as<Variables>();
    std::vector<Value> waits;
    for (const auto& id : call.engine.waits(key)) waits.emplace_back(id);
    shown.set("elements", std::move(waits));
    return json_response(std::move(shown));
}

web::Response show_variables(const Call& call) { return json_response(call.engine.masked_variables(call.key<InstanceKey>())); }

web::Response show_history(const Call& call) {
    HistoryQuery query{.instance = call.key<InstanceKey>()};
    if (const auto after = call.request.query.find("after"); after != call.request.query.end()) query.after = Cursor{after->second};
    const auto page = call.engine.history(query);
    std::string body = "{\"items\":[";
    for (const auto& event : page.items) body += (body.back() == '[' ? "" : ",") + event.json;   // each is JSON already
    body += "],\"page\":" + json::write(page.next ? Variables{{"endCursor", page.next->text}} : Variables{}) + "}";
    return {200, {{"content-type", "application/json"}}, std::move(body)};
}

void cancel_instance(const Call& call, Answer answer) {
    const Variables body = call.body();
    CancelRequest request{call.actor(), body.get_or<std::string>("reason", "cancelled over REST"), body.get_or<bool>("compensate", true)};
    call.engine.cancel(call.key<InstanceKey>(), std::move(request), [answer = std::move(answer), path = call.request.path](const Result<void>& done) {
        answer(done ? no_content() : problem(done.error(), path));
    });
}

web::Response suspend_instance(const Call& call) {
    call.engine.suspend(call.key<InstanceKey>(), call.actor(), call.body().get_or<std::string>("reason", "suspended over REST"));
    return no_content();
}

web::Response resume_instance(const Call& call) {
    call.engine.resume(call.key<InstanceKey>(), call.actor());
    return no_content();
}

}  // namespace kontor::rest
