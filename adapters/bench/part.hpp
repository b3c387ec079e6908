#pragma once
/// What one of several engines has measured, as it comes back from its process.
#include "bench/cost.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace kontor::bench {

struct Part {
    struct Figures {
        std::uint64_t instances = 0;           ///< that count
        std::uint64_t ended = 0;               ///< also those that ended too late to count: all share the cost
        double seconds_to_end = 0;             ///< until the last one ended
        double journal_rows_per_instance = 0;
        double journal_bytes_per_instance = 0;
        Cost cost{};
    };
    Figures figures{};
    std::vector<double> milliseconds{};        ///< of everything that was timed: percentiles are taken over all engines
};

/// Bytes for another process of the same program, and back.
std::string packed(const Part&);
Part unpacked(const std::string&);

}  // namespace kontor::bench
