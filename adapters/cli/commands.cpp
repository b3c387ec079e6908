#include "cli/commands.hpp"

namespace kontor::cli {

std::span<const Command> commands() {
    static const std::vector<Command> all{validate_command(), run_command(), test_command(), feel_command(), decide_command(), schema_command(), bench_command()};
    return all;
}

}  // namespace kontor::cli
