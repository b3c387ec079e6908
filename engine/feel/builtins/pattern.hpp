#pragma once
/// Regular expressions of XPath (XQuery 1.0 and XPath 2.0 Functions and Operators, 7.6), as matches(), replace() and split() use them.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::feel {

class Pattern {
public:
    /// `flags`: any of s (dot matches a line end), m (^ and $ match at lines), i (no case), x (spaces are ignored), q (no pattern at all).
    static std::optional<Pattern> compile(const std::string& pattern, std::string_view flags, std::string& why);

    /// Nothing where the search would take too long.
    [[nodiscard]] std::optional<bool> found_in(std::string_view text) const;
    /// `$1` to `$9` in the replacement are groups, `$0` is the match; `\$` and `\\` are themselves.
    [[nodiscard]] std::optional<std::string> replace(std::string_view text, std::string_view replacement, std::string& why) const;
    [[nodiscard]] std::optional<std::vector<std::string>> split(std::string_view text) const;

    struct Compiled;

private:
    std::shared_ptr<const Compiled> compiled_;
};

}  // namespace kontor::feel
