#include "core/elements/behaviour.hpp"

namespace kontor::core {

// BPMN 2.0, 13.5.3: the wait belongs to the activity and is opened with it (waits.cpp). When the event happens it is activated
// beside the activity, which is terminated if the event interrupts; its token leaves at once.
void activate(Here here, const model::BoundaryEvent&) { complete(here); }

}  // namespace kontor::core
