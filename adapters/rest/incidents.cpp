#include "rest/call.hpp"
#include "value/calendar.hpp"
#include "value/temporal_text.hpp"

#include <chrono>
#include <thread>

namespace kontor::rest {
namespace {

Value value_of(const IncidentInfo& info) {
    return Variables{{"incidentKey", info.key.str()},
                     {"processInstanceKey", info.instance.str()},
                     {"processDefinitionId", info.process},
                     {"elementId", info.element},
                     {"errorType", info.kind},
                     {"errorMessage", info.message},
                     {"creationTime", time_value(info.raised_at)},
                     {"state", "ACTIVE"},
                     {"tenantId", "<default>"}};
}

/// `{"$lt": "2026-03-01T09:30:00Z"}`
Instant time_before(const Value& condition) {
    const auto* context = condition.if_context();
    const bool is_known = context && context->size() == 1 && context->contains("$lt");
    const auto at = is_known ? parse_date_time(context->get<std::string>("$lt")) : std::nullopt;
    const auto instant = at ? calendar::to_instant(*at) : std::nullopt;
    if (!instant) throw Error{Code::bad_input, R"(filter.creationTime is {"$lt": "2026-03-01T09:30:00Z"}; other conditions are not known)"};
    return *instant;
}

IncidentQuery query_of(const Call& call) {
    const Search search{call, {"processDefinitionId", "processInstanceKey", "elementId", "errorType", "creationTime"}};
    IncidentQuery query;
    query.process = search.filter.get_or<std::string>("processDefinitionId", {});
    if (search.filter.contains("processInstanceKey")) query.instance = InstanceKey::parse(search.filter.get<std::string>("processInstanceKey"));
    query.element = search.filter.get_or<std::string>("elementId", {});
    query.kind = search.filter.get_or<std::string>("errorType", {});
    if (search.filter.contains("creationTime")) query.raised_before = time_before(search.filter.at("creationTime"));
    query.limit = search.limit;
    query.after = search.after;
    return query;
}

ResolveRequest request_of(const Call& call) {
    const Variables body = call.body();
    ResolveRequest request{call.actor(), body.get_or<Variables>("variables", {}), {}};
    if (body.contains("tookEffect")) request.took_effect = body.get<bool>("tookEffect");
    return request;
}

}  // namespace

web::Response search_incidents(const Call& call) { return page_response(call.engine.incidents(query_of(call)), value_of); }

web::Response resolve_incidents(const Call& call) {
    IncidentQuery query = query_of(call);
    // What fails again is an incident again, of a later millisecond than those that are looked for.
    if (!query.raised_before) {
        query.raised_before = std::chrono::ceil<Duration>(std::chrono::system_clock::now());
        std::this_thread::sleep_until(*query.raised_before);
    }
    const ResolvedIncidents done = call.engine.resolve_all(query, request_of(call));
    std::vector<Value> refused;
    for (const auto& one : done.refused)
        refused.emplace_back(Variables{{"incidentKey", one.key.str()}, {"processInstanceKey", one.instance.str()}, {"errorMessage", one.why}});
    Variables page{{"hasMoreTotalItems", done.next.has_value()}};
    if (done.next) page.set("endCursor", done.next->text);
    return json_response(Variables{{"resolved", done.resolved}, {"refused", std::move(refused)}, {"creationTime", Variables{{"$lt", time_value(*query.raised_before)}}},
                                   {"page", std::move(page)}});
}

void resolve_incident(const Call& call, Answer answer) {
    call.engine.resolve(call.key<IncidentKey>(), request_of(call), [answer = std::move(answer), path = call.request.path](const Result<void>& done) {
        answer(done ? no_content() : problem(done.error(), path));
    });
}

}  // namespace kontor::rest
