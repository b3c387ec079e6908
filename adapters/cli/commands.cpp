#include "cli/commands.hpp"

namespace kontor::cli {

std::span<const Command> commands() {
    static const std::vector<Command> all{
        // files
        validate_command(), run_command(), test_command(), feel_command(), decide_command(), schema_command(),
        // a store
        serve_command(), deploy_command(), start_command(), list_command(), show_command(), history_command(), explain_command(),
        tasks_command(), complete_command(), assign_command(), incidents_command(), retry_command(), publish_command(), cancel_command(),
        suspend_command(), resume_command(), audit_command(), store_command(),
        bench_command()};
    return all;
}

}  // namespace kontor::cli
