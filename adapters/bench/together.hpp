#pragma once
/// Several engines on one store, each in a process of its own, measured at the same time.
#include "bench/children.hpp"
#include "bench/part.hpp"

#include <kontor/options.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace kontor::bench {

struct TogetherOptions {
    unsigned processes = 2;
    std::chrono::milliseconds duration{10'000};                 ///< how long each measures, once all are there
    std::function<DatabaseMeter()> database{};                  ///< makes one when the processes are there
    std::function<void(double seconds)> progress{};
};

/// What an engine does: opens the store under that name, meets the others, measures, meets them again before it leaves the store.
using Engagement = std::function<Part(unsigned number, const std::string& name, const std::function<void()>& meet)>;

struct Together {
    struct Member {
        Part part{};
        std::size_t buckets = 0;               ///< when measuring began
    };
    std::vector<Member> members{};
    std::size_t buckets = 0;                   ///< of the store
    std::size_t changed_hands = 0;             ///< buckets, while it was measured: 0 unless somebody was taken for dead
    std::uint64_t instances = 0;
    double seconds_to_end = 0;                 ///< until the last one ended
    double p50_ms = 0;                         ///< over all engines
    double p99_ms = 0;
    double journal_rows_per_instance = 0;      ///< of one of them
    double journal_bytes_per_instance = 0;
    Cost cost{};                               ///< of all engines and the database
};

/// Measuring begins when all engines run and have as many buckets as each other. Blocks. To be called before any thread is started. Throws
/// Interrupted, and Error{unavailable} if an engine fails or its process dies: then the others are ended too.
Together measure_together(const Store&, const Interrupts&, const TogetherOptions&, const Engagement&);

}  // namespace kontor::bench
