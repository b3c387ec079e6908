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
Command serve_command();
Command deploy_command();
Command start_command();
Command list_command();
Command show_command();
Command history_command();
Command explain_command();
Command tasks_command();
Command complete_command();
Command assign_command();
Command incidents_command();
Command retry_command();
Command publish_command();
Command cancel_command();
Command suspend_command();
Command resume_command();
Command audit_command();
Command store_command();
Command bench_command();

}  // namespace kontor::cli
