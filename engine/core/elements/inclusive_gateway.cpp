#include "core/elements/behaviour.hpp"

namespace kontor::core {

// BPMN 2.0, 13.4.3: it is activated once no missing token can come any more (flow.cpp); tokens leave on every flow whose
// condition is true, else on the default.
void activate(Here here, const model::InclusiveGateway&) {
    auto taken = outgoing_flows(here, {});
    if (!taken) return;
    if (!taken->empty() || here.element.outgoing.empty()) return complete(here, std::move(*taken));
    here.deciding.raise(here.key, IncidentKind::no_flow, "no condition of gateway " + here.element.id + " is true and it has no default");
}

}  // namespace kontor::core
