#pragma once
/// What a decision writes besides its journal row: everything that follows from its events and effects.
#include "core/decide.hpp"
#include "runtime/instance/live.hpp"

#include <functional>

namespace kontor::runtime {

/// Appends the derived rows of a decision; `live` holds the state after it.
void derive_rows(Live& live, const std::vector<core::Effect>&, ports::Batch&);

/// Whether a crash would leave work that nobody else begins: calls of this process, or an agenda that is not empty.
bool is_active(const core::State&);

/// What changes with every decision: length, phase, whether it is active, incidents, time.
void follow_state(ports::InstanceRow&, const core::State&);
/// Months since January 1970.
std::int32_t period_of(Instant);

/// All instances of a bucket, by key.
void for_each_instance(ports::Store&, std::uint32_t bucket, const std::function<void(const ports::InstanceRow&)>&);

}  // namespace kontor::runtime
