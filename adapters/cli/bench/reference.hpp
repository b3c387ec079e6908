#pragma once
/// What an engine is held against.
#include "bench/interrupts.hpp"
#include "bench/limit.hpp"

#include <chrono>
#include <string>

namespace kontor::cli::bench {

/// What the database alone can do, measured in a process of its own. Call it while there is no thread. Throws Error, Interrupted.
kontor::bench::LimitResult limit_of(const std::string& url, unsigned in_flight, std::chrono::seconds duration, const kontor::bench::Interrupts&);

}  // namespace kontor::cli::bench
