#include "core/elements/behaviour.hpp"

namespace kontor::core {

// BPMN 2.0, 13.3.3: the service is invoked on activation; the task completes when it answers.
void activate(Here here, const model::ServiceTask&) { create_job(here); }

}  // namespace kontor::core
