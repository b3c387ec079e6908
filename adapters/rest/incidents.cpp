#include "rest/call.hpp"

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

}  // namespace

web::Response search_incidents(const Call& call) {
    const Search search{call, {"processDefinitionId", "processInstanceKey"}};
    IncidentQuery query;
    query.process = search.filter.get_or<std::string>("processDefinitionId", {});
    if (search.filter.contains("processInstanceKey")) query.instance = InstanceKey::parse(search.filter.get<std::string>("processInstanceKey"));
    query.limit = search.limit;
    query.after = search.after;
    return page_response(call.engine.incidents(query), value_of);
}

void resolve_incident(const Call& call, Answer answer) {
    const Variables body = call.body();
    ResolveRequest request{call.actor(), body.get_or<Variables>("variables", {}), {}};
    if (body.contains("tookEffect")) request.took_effect = body.get<bool>("tookEffect");
    call.engine.resolve(call.key<IncidentKey>(), std::move(request), [answer = std::move(answer), path = call.request.path](const Result<void>& done) {
        answer(done ? no_content() : problem(done.error(), path));
    });
}

}  // namespace kontor::rest
