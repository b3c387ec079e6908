#include "core/backoff.hpp"

#include <algorithm>

namespace kontor::core {
namespace {

/// Mixes all bits of a number into all bits (the finalizer of SplitMix64).
std::uint64_t mix(std::uint64_t x) noexcept {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

}  // namespace

Duration backoff(const model::RetryPolicy& policy, std::uint32_t failures, ElementKey key) {
    Duration wait = policy.backoff;
    for (std::uint32_t n = 1; n < failures && wait < policy.max_backoff; ++n) wait *= 2;
    wait = std::min(wait, policy.max_backoff);
    const auto quarter = static_cast<std::uint64_t>(std::max<std::int64_t>(wait.count() / 4, 0));
    if (quarter == 0) return wait;
    return wait - Duration{static_cast<std::int64_t>(mix(key.value + failures) % (quarter + 1))};
}

}  // namespace kontor::core
