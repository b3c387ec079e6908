#pragma once
/// Several engines on one PostgreSQL store, each in a process of its own.
#include "cli/arguments.hpp"
#include "cli/console.hpp"
#include "cli/failure.hpp"

namespace kontor::cli::bench {

/// Of loan-8, parallel-100 or messages. Throws UsageError, Error, and Interrupted after having cleaned up.
Exit measure_several(unsigned processes, const Arguments&, Console&);

}  // namespace kontor::cli::bench
