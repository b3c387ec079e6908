#include "core/elements/behaviour.hpp"

namespace kontor::core {

// BPMN 2.0, 13.3.3: the task completes when the message is sent, that is when the service that sends it has answered.
void activate(Here here, const model::SendTask&) { create_job(here); }

}  // namespace kontor::core
