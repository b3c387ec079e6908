#pragma once
/// Undoing completed steps, newest first (BPMN 2.0, 13.5.5).
#include "core/deciding.hpp"

namespace kontor::core {

/// Goes on with the scope's first request to compensate: begins the handler of its newest step that is not undone, or ends the request.
void work_on_compensation(Deciding&, ElementKey scope);

}  // namespace kontor::core
