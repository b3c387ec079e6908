#pragma once
/// What a decision writes besides its journal row: everything that follows from its events and effects.
#include "core/decide.hpp"
#include "runtime/live.hpp"

namespace kontor::runtime {

/// Appends the derived rows of a decision; `live` holds the state after it.
void derive_rows(Live& live, const std::vector<core::Effect>&, ports::Batch&);

/// Whether a crash would leave work that nobody else begins: calls of this process, or an agenda that is not empty.
bool is_active(const core::State&);

}  // namespace kontor::runtime
