#pragma once
/// The reference that an engine is measured against: what its database alone can do with the rows that it must write.
///
/// Frozen, so that numbers of years can be compared: an instance is 1 instance row of 1 KB (inserted in the first wave, replaced in
/// the last), and 18 journal rows of 200 bytes, in nine waves of two rows. A wave of up to 100 instances is one commit.
#include "ports/store.hpp"

#include <chrono>
#include <cstdint>

namespace kontor::bench {

struct LimitOptions {
    std::uint32_t in_flight = 100;                   ///< instances a wave, at most 100
    std::chrono::milliseconds duration{5000};
    std::uint32_t connections = 1;                   ///< how many commit at the same time, each in a bucket of its own
};
struct LimitResult {
    std::uint64_t instances = 0;
    std::uint64_t commits = 0;
    double seconds = 0;
    [[nodiscard]] double instances_per_second() const { return seconds > 0 ? static_cast<double>(instances) / seconds : 0; }
};

/// Takes a bucket for each connection, and leaves its rows there. Throws Error{unavailable} when a commit does not succeed.
LimitResult measure_limit(ports::Store&, const LimitOptions& = {});

}  // namespace kontor::bench
