#pragma once
/// The world's clock.
#include <kontor/temporal.hpp>

namespace kontor::cli {

inline Instant now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

}  // namespace kontor::cli
