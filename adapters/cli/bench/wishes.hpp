#pragma once
/// What the command line asks of a measurement. All throw UsageError.
#include "bench/workload.hpp"
#include "cli/arguments.hpp"

#include <string>
#include <string_view>

namespace kontor::cli::bench {

inline constexpr std::string_view parked = "parked";
inline constexpr unsigned most_parked = 100'000'000;

const kontor::bench::Workload& wanted_workload(const std::string& name);
const std::string& wanted_store(const Arguments&);
/// An option from 1 to `most`.
unsigned number(const Arguments&, std::string_view name, unsigned otherwise, unsigned most);
unsigned in_flight(const Arguments&, unsigned otherwise);
unsigned seconds_of(const Arguments&);
/// How many engines; 1 unless it is asked for. Several need a workload and a store that they can share.
unsigned processes_of(const Arguments&);

}  // namespace kontor::cli::bench
