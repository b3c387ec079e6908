#pragma once
/// What an element catches. In one place, because what core hands on as an error is what the journal's masking has to look into.
#include "model/element.hpp"

namespace kontor::model {

/// The event that an element waits for; null for those that wait for none.
const CatchDefinition* catch_definition(const Kind&) noexcept;

/// Whether it is an error that the element goes on with: then its outputs read `error` (code, message, data), not `result`.
bool catches_error(const Kind&) noexcept;

}  // namespace kontor::model
