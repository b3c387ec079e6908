#pragma once
/// Files to deploy, with what stands beside them.
#include <kontor/engine.hpp>

namespace kontor::cli {

struct Sources {
    std::vector<Source> files{};          ///< those that were named, and the decisions that their processes ask
    std::vector<Problem> problems{};      ///< errors mean that they cannot be deployed
};

/// Throws WorldFailed if a file cannot be read.
Sources find_sources(const std::vector<std::string>& names);

}  // namespace kontor::cli
