#include "core/commands.hpp"
#include "core/expressions.hpp"

namespace kontor::core {
namespace {

std::vector<VariableWrite> corrections(const Deciding& d, const Incident& incident, const Variables& given) {
    std::vector<VariableWrite> writes;
    for (const auto& [name, value] : given) {
        const ElementKey scope = scope_declaring(d.process, d.state, incident.element, name);
        if (const auto wrong = refusal_of(d.process, d.state, scope, name, value)) refuse(Code::bad_input, "variable-type", *wrong);
        writes.push_back({scope, name, value});
    }
    return writes;
}

}  // namespace

void handle(Deciding& d, const ResolveIncident& c) {
    const auto it = d.state.incidents.find(c.incident);
    if (it == d.state.incidents.end()) refuse(Code::conflict, "stale-incident", "incident " + c.incident.str() + " is not open");
    const Incident incident = it->second;
    if (incident.kind == IncidentKind::outcome_unknown) {
        if (!c.took_effect)
            refuse(Code::bad_input, "took-effect", "nobody knows whether the call took effect: say whether it did");
        // What the person found out is the answer of the call.
        if (*c.took_effect) return complete_for(d, CompleteJob{incident.element, c.variables}, c.by.user);
        if (d.state.at(incident.element).phase == lifecycle::Activity::terminating) return settle_for(d, incident.element, c.by.user);
        d.emit(IncidentResolved{c.incident, c.by.user, {}});
        return retry(d, incident.element);
    }
    const model::Call* call = model::service_call(d.element(d.state.at(incident.element)).kind);
    // The call took effect and may not be made again: what the person gives is its answer.
    const bool has_effect = incident.kind == IncidentKind::too_large || incident.kind == IncidentKind::answer_lost;
    if (has_effect && stops_a_job(d.state.at(incident.element)) && call->contract != model::Contract::idempotent)
        return complete_for(d, CompleteJob{incident.element, c.variables}, c.by.user);
    const bool calls_again = stops_a_job(d.state.at(incident.element));
    d.emit(IncidentResolved{c.incident, c.by.user, corrections(d, incident, c.variables)});
    if (calls_again) retry(d, incident.element);
}

}  // namespace kontor::core
