#pragma once
/// The command line of `loan-crowd`.
#include "net/usage.hpp"

#include <chrono>
#include <span>
#include <string>

namespace loan {

struct CrowdOptions {
    std::string server{};
    int applicants = 0;
    std::string csv{};
    bool json = false;
    bool help = false;
    int victim = 0;                            ///< a process that is killed in the middle; 0: none
    std::chrono::seconds patience{60};         ///< without any progress
};

extern const char* const crowd_usage;
/// Throws UsageError with what is wrong.
CrowdOptions read_options(std::span<const char* const> words);

}  // namespace loan
