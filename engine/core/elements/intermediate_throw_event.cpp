#include "core/elements/behaviour.hpp"

namespace kontor::core {
namespace {

/// The scope that `compensate:` speaks of: the one around the event; of an event subprocess the one that it stands in.
ElementKey compensated_scope(Here here) {
    const Deciding& d = here.deciding;
    ElementKey key = here.scope();
    while (std::holds_alternative<model::EventSubProcess>(d.element(d.state.at(key)).kind)) key = d.state.at(key).scope;
    return key;
}

}  // namespace

// BPMN 2.0, 13.5.5: the event waits until the compensation is complete.
void throw_compensation(Here here, const model::CompensateEvent& compensation) {
    Deciding& d = here.deciding;
    d.emit(ElementWaiting{here.key, {}});
    d.emit(CompensationTriggered{d.new_key<CompensationKey>(), compensated_scope(here), compensation.activity, {}, here.key});
}

void activate(Here here, const model::IntermediateThrowEvent& event) {
    if (const auto* compensation = std::get_if<model::CompensateEvent>(&event.definition)) return throw_compensation(here, *compensation);
    complete(here);
}

}  // namespace kontor::core
