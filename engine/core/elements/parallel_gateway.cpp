#include "core/elements/behaviour.hpp"

namespace kontor::core {

// BPMN 2.0, 13.4.1: it is activated once a token waits on every incoming flow (flow.cpp); a token leaves on every outgoing one.
void activate(Here here, const model::ParallelGateway&) { complete(here, here.element.outgoing); }

}  // namespace kontor::core
