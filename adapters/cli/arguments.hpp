#pragma once
/// A command line that was read by the table of its command.
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::cli {

struct Command;

struct Arguments {
    std::vector<std::string> operands;
    std::map<std::string, std::vector<std::string>, std::less<>> options;   ///< a switch has one empty value

    [[nodiscard]] bool has(std::string_view option) const { return options.contains(option); }
    /// Null if the option was not given.
    [[nodiscard]] const std::string* value(std::string_view option) const {
        const auto found = options.find(option);
        return found == options.end() ? nullptr : &found->second.front();
    }
    [[nodiscard]] std::vector<std::string> values(std::string_view option) const {
        const auto found = options.find(option);
        return found == options.end() ? std::vector<std::string>{} : found->second;
    }
};

/// Whether somebody only wants to read how it is used: `--help` or `-h`, before any `--`.
bool asks_for_help(std::span<const std::string> words);

/// Takes `--name value`, `--name=value`, and everything as operand after `--`. Throws UsageError.
Arguments read_arguments(const Command&, std::span<const std::string> words);

}  // namespace kontor::cli
