#include "core/elements/behaviour.hpp"
#include "core/expressions.hpp"

namespace kontor::core {

// BPMN 2.0, 13.4.2: the first flow whose condition is true, in the order of the source; else the default; else it cannot go on.
void activate(Here here, const model::ExclusiveGateway&) {
    const model::Process& process = here.deciding.process;
    std::optional<FlowIndex> by_default;
    for (const FlowIndex index : here.element.outgoing) {
        const model::SequenceFlow& flow = process[index];
        if (flow.is_default) {
            by_default = index;
            continue;
        }
        const auto truth = flow.condition ? holds(here, *flow.condition, {}) : std::optional{true};
        if (!truth) return;
        if (*truth) return complete(here, {index});
    }
    if (by_default) return complete(here, {*by_default});
    here.deciding.raise(here.key, IncidentKind::no_flow, "no condition of gateway " + here.element.id + " is true and it has no default");
}

}  // namespace kontor::core
