#pragma once
/// When a failed call is tried again.
#include "core/keys.hpp"
#include "model/element.hpp"

namespace kontor::core {

/// How long to wait after the nth failure (from 1): exponential, at most max_backoff, spread over its last quarter so that
/// calls that failed together do not come back together. The spread follows from the key alone: decide() knows no randomness.
Duration backoff(const model::RetryPolicy&, std::uint32_t failures, ElementKey key);

/// So many attempts in a row may be cut off by restarts before an incident is raised. An upgrade of a cluster costs a call one or two;
/// ten without a single answer between them is an engine that goes down with the call, and a supervisor gets there within minutes.
inline constexpr std::uint32_t restarts_in_a_row = 10;

}  // namespace kontor::core
