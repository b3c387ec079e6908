#pragma once
/// The processes that are measured. Frozen, so that numbers of years can be compared: a changed one gets another name.
#include <kontor/engine.hpp>

#include <span>
#include <string_view>

namespace kontor::bench {

struct Workload {
    std::string_view name{};
    std::string_view what{};               ///< one line for the help
    std::string_view process{};            ///< id of the process that is started
    std::string_view yaml{};
    Variables (*variables)() = nullptr;    ///< of every instance
    std::size_t result_bytes = 0;          ///< what every service returns
    int steps = 0;                         ///< service tasks of an instance
    unsigned in_flight = 200;              ///< instances at once, if nobody says otherwise
};

std::span<const Workload> workloads();
/// Null if there is none of that name.
const Workload* find_workload(std::string_view name);

}  // namespace kontor::bench
