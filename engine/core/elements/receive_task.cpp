#include "core/elements/behaviour.hpp"
#include "core/waits.hpp"

namespace kontor::core {

// BPMN 2.0, 13.3.3: the task waits for its message and completes when it arrives.
void activate(Here here, const model::ReceiveTask&) {
    if (has_happened(here)) return complete(here);
    auto waits = prepare_waits(here, {here.element.index}, {});
    if (!waits) return;
    auto boundary = prepare_boundary(here);
    if (!boundary) return;
    here.deciding.emit(ElementWaiting{here.key, {}});
    for (Event& wait : *waits) here.deciding.emit(std::move(wait));
    for (Event& wait : *boundary) here.deciding.emit(std::move(wait));
}

}  // namespace kontor::core
