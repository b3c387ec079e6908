#pragma once
/// When a failed call is tried again.
#include "core/keys.hpp"
#include "model/element.hpp"

namespace kontor::core {

/// How long to wait after the nth failure (from 1): exponential, at most max_backoff, spread over its last quarter so that
/// calls that failed together do not come back together. The spread follows from the key alone: decide() knows no randomness.
Duration backoff(const model::RetryPolicy&, std::uint32_t failures, ElementKey key);

}  // namespace kontor::core
