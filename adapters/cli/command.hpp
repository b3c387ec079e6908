#pragma once
/// What a command is: a row of a table that the parser, the help and the documentation read.
#include "cli/arguments.hpp"
#include "cli/console.hpp"
#include "cli/failure.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace kontor::cli {

struct Option {
    std::string_view name;           ///< without the dashes
    std::string_view value;          ///< what must follow, as the help names it; empty: nothing
    std::string_view help;           ///< one line
    bool repeatable = false;
    std::string_view example = {};   ///< of an option that must be given; empty: it may be left out
};

inline constexpr std::size_t any_number = static_cast<std::size_t>(-1);

struct Command {
    std::string_view name;
    std::string_view operands;       ///< as the help names them: `FILE...`
    std::size_t fewest = 0;          ///< how many operands it takes
    std::size_t most = 0;
    std::string_view summary;        ///< one line
    std::string_view description;    ///< paragraphs
    std::vector<Option> options;     ///< in the order of the help; `--help` is everybody's
    Exit (*perform)(const Arguments&, Console&) = nullptr;
};

inline constexpr Option json_option{"json", "", "prints JSON, for machines"};

/// All commands, in the order of the help.
std::span<const Command> commands();

}  // namespace kontor::cli
