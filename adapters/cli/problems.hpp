#pragma once
/// Findings in files, for people and for machines.
#include "cli/console.hpp"

#include <kontor/error.hpp>
#include <kontor/value.hpp>

#include <vector>

namespace kontor::cli {

/// A line each, `FILE:LINE:COL: error: TEXT [rule]`, and one for the hint.
void print(const Output&, const std::vector<Problem>&);
/// `{"file","line","column","severity","rule","message","hint"}`
Value to_value(const Problem&);
bool has_error(const std::vector<Problem>&);

}  // namespace kontor::cli
