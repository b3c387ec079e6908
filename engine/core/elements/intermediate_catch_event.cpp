#include "core/elements/behaviour.hpp"
#include "core/waits.hpp"

#include <algorithm>

namespace kontor::core {

bool has_happened(Here here) {
    const model::Process& process = here.deciding.process;
    return std::any_of(here.element.incoming.begin(), here.element.incoming.end(), [&](FlowIndex flow) {
        return std::holds_alternative<model::EventBasedGateway>(process[process[flow].source].kind);
    });
}

// BPMN 2.0, 13.5.2: the token waits until the event happens.
void activate(Here here, const model::IntermediateCatchEvent&) {
    if (has_happened(here)) return complete(here);
    auto waits = prepare_waits(here, {here.element.index}, {});
    if (!waits) return;
    here.deciding.emit(ElementWaiting{here.key, {}});
    for (Event& wait : *waits) here.deciding.emit(std::move(wait));
}

}  // namespace kontor::core
