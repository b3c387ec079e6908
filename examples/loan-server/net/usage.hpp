#pragma once
/// What the command lines of the two programs have in common.
#include <charconv>
#include <stdexcept>
#include <string>

namespace loan {

/// What is wrong with a command line, and what would be right.
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The value of an option. Throws UsageError unless it is a whole number from `least` on.
inline int whole_number(const std::string& option, const std::string& text, int least) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end == text.data() + text.size() && value >= least) return value;
    throw UsageError{option + ": " + text + " is no whole number from " + std::to_string(least) + " on"};
}

}  // namespace loan
