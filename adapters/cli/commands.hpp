#pragma once
/// One function per command: its row of the table. Each stands in the file of that name in commands/.
#include "cli/command.hpp"

namespace kontor::cli {

Command validate_command();
Command run_command();
Command test_command();
Command feel_command();
Command decide_command();
Command schema_command();
Command bench_command();

}  // namespace kontor::cli
