#pragma once
/// How soon an instance that waits goes on: many whose timers fall due at the same moment, and some for which a message comes.
#include "bench/cost.hpp"

#include <kontor/engine.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::bench {

inline constexpr std::string_view timers = "timers";
inline constexpr std::string_view messages = "messages";

struct WaitOptions {
    unsigned at_once = 0;                      ///< timers: how many are due at one moment; messages: how many are on their way
    std::chrono::milliseconds duration{10'000};
    DatabaseMeter database{};
    std::string node{};                        ///< messages: names the engine among several
    std::function<void()> meet{};              ///< messages: when it runs, and when nothing is on its way: waits for others
    std::function<void(double seconds)> progress{};   ///< what it throws ends it
};

struct Waited {
    std::uint64_t instances = 0;
    double seconds = 0;
    double per_second = 0;                     ///< timers: from the moment at which they are due until the last one has gone on
    double p50_ms = 0;                         ///< from the due time, or from the call of publish(), to the call of the service behind the wait
    double p99_ms = 0;
    std::vector<double> milliseconds{};        ///< messages: of each, in no order
    Cost cost{};                               ///< start and end of the instances included
};

/// Rounds of instances that are due together, until the time is over. Throws Error.
Waited measure_timers(const Store&, const WaitOptions&);
/// Instances that wait are told to go on, and others take their place, until the time is over. Throws Error.
Waited measure_messages(const Store&, const WaitOptions&);

}  // namespace kontor::bench
