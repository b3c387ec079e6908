#pragma once
/// What `--help` prints, from the tables.
#include "cli/command.hpp"

#include <string>

namespace kontor::cli {

/// All commands with a line each.
std::string overview();
std::string help(const Command&);
/// `kontor run FILE [--process ID] ...`, without line breaks.
std::string usage(const Command&);
/// The option with its value: `--mock FILE`.
std::string spelling(const Option&);

}  // namespace kontor::cli
