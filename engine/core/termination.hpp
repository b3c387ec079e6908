#pragma once
/// Ending what is not finished: interrupted elements, scopes, and calls whose outcome is open.
#include "core/deciding.hpp"

namespace kontor::core {

/// Ends an element instance. It stays, terminating, as long as something in it must not be cut off: a call that may have taken effect
/// and would then have to be compensated, or a compensation that is running.
void terminate(Deciding&, ElementKey);

/// Goes on with a scope that was interrupted, compensates or is empty.
void work_on_scope(Deciding&, ElementKey);

/// The outcome of an interrupted call is known: its effect, if any, is compensated.
void settle(Deciding&, ElementKey, bool took_effect, const Value& result, const std::string& by = {});

}  // namespace kontor::core
