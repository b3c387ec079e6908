#pragma once
/// The last line of `run --json`.
#include "cli/run/plan.hpp"

namespace kontor::cli::run {

/// `{"event":"result","status":...,"variables":{...}}`; `row` is counted from 1, 0 leaves it out.
Variables result_of(const Ending&, const Plan&, std::size_t row = 0);

}  // namespace kontor::cli::run
