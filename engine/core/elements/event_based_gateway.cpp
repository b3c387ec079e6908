#include "core/elements/behaviour.hpp"
#include "core/waits.hpp"

namespace kontor::core {

// BPMN 2.0, 13.4.4: it waits for all events behind it; the first one to happen takes the token, the others are no longer awaited.
void activate(Here here, const model::EventBasedGateway&) {
    std::vector<ElementIndex> events;
    for (const FlowIndex flow : here.element.outgoing) events.push_back(here.deciding.process[flow].target);
    auto waits = prepare_waits(here, events, {});
    if (!waits) return;
    here.deciding.emit(ElementWaiting{here.key, {}});
    for (Event& wait : *waits) here.deciding.emit(std::move(wait));
}

void finish(Here here, const model::EventBasedGateway&) {
    Deciding& d = here.deciding;
    const ElementKey scope = here.scope();
    const FlowIndex chosen = *here.instance().chosen;
    Value payload = here.instance().payload;
    d.emit(ElementCompleted{here.key, {}, {chosen}, {}});
    enter(d, scope, chosen, std::move(payload));   // the event behind it gets what it has received
}

}  // namespace kontor::core
