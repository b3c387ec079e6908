#include "core/elements/behaviour.hpp"

namespace kontor::core {

// BPMN 2.0, 13.5.1: what triggered the event has happened already; it passes its token on.
void activate(Here here, const model::StartEvent&) { complete(here); }

}  // namespace kontor::core
