#pragma once
/// Keeps a number of instances in flight for a while, and takes the times.
#include "bench/cost.hpp"
#include "bench/workload.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace kontor::bench {

struct MeasureOptions {
    unsigned in_flight = 200;
    std::chrono::milliseconds duration{10'000};
    DatabaseMeter database{};
    std::string node{};                                                        ///< names the engine among several
    std::function<void()> meet{};                                              ///< when it runs, and when nothing is in flight: waits for others
    std::function<void(std::uint64_t instances, double seconds)> progress{};   ///< about ten times a second; what it throws ends it
};

struct Measured {
    std::uint64_t instances = 0;               ///< that ended within the time
    std::uint64_t ended = 0;                   ///< that were started within it
    std::vector<double> milliseconds{};        ///< each of the first took, in no order
    double seconds = 0;
    double seconds_to_end = 0;                 ///< until the last one ended that was started in time
    double instances_per_second = 0;
    double steps_per_second = 0;
    double p50_ms = 0;                         ///< from the call of start() to the end
    double p99_ms = 0;
    Cost cost{};                               ///< shared by all that were started, also by those that ended too late to count
    double journal_rows_per_instance = 0;
    double journal_bytes_per_instance = 0;     ///< as they are stored, links included
};

/// Blocks. Throws Error if an instance cannot be started or does not complete.
Measured measure(const Workload&, const Store&, const MeasureOptions&);

}  // namespace kontor::bench
