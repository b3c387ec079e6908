#include "cli/help.hpp"

#include <algorithm>

namespace kontor::cli {

std::string spelling(const Option& option) {
    return "--" + std::string{option.name} + (option.value.empty() ? "" : " " + std::string{option.value});
}

std::string usage(const Command& command) {
    std::string text = "kontor " + std::string{command.name};
    if (!command.operands.empty()) text += " " + std::string{command.operands};
    for (const Option& option : command.options) {
        const std::string written = spelling(option);
        text += (option.example.empty() ? " [" + written + "]" : " " + written) + (option.repeatable ? "..." : "");
    }
    return text;
}

std::string overview() {
    std::string text =
        "kontor: business processes that survive\n\n"
        "usage: kontor COMMAND [ARGUMENTS] [OPTIONS]\n\ncommands:\n";
    std::size_t longest = 0;
    for (const Command& command : commands()) longest = std::max(longest, command.name.size());
    for (const Command& command : commands()) text += "  " + padded(command.name, longest + 2) + std::string{command.summary} + "\n";
    return text +
           "\n`kontor COMMAND --help` tells more; `kontor --version` the version.\n"
           "Exit status: 0 fine, 1 the answer is no, 2 wrong usage, 3 the world failed.\n";
}

std::string help(const Command& command) {
    std::string text = "kontor " + std::string{command.name} + ": " + std::string{command.summary} + "\n\n";
    text += "usage: " + usage(command) + "\n\n" + std::string{command.description} + "\n\noptions:\n";
    constexpr Option help_option{"help", "", "prints this"};
    std::vector<Option> options = command.options;
    options.push_back(help_option);
    std::size_t longest = 0;
    for (const Option& option : options) longest = std::max(longest, spelling(option).size());
    for (const Option& option : options)
        text += "  " + padded(spelling(option), longest + 2) + std::string{option.help} + (option.repeatable ? " (may be repeated)" : "") + "\n";
    return text;
}

}  // namespace kontor::cli
