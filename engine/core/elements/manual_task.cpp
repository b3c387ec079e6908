#include "core/elements/behaviour.hpp"

namespace kontor::core {

// BPMN 2.0, 13.3.3: done without any system, which therefore cannot know when. The token passes, as in other engines; a step that the
// process must wait for is a user task.
void activate(Here here, const model::ManualTask&) { complete(here); }

}  // namespace kontor::core
