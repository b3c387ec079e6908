#include "cli/problems.hpp"

#include <algorithm>

namespace kontor::cli {

void print(const Output& output, const std::vector<Problem>& problems) {
    for (const Problem& problem : problems) {
        const bool error = problem.severity == Severity::error;
        std::string where = problem.file;
        if (problem.line > 0) where += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
        output.stream << output.styled(Style::bold, printable(where)) << ": "
                      << output.styled(error ? Style::bad : Style::warning, error ? "error:" : "warning:") << ' ' << printable(problem.message);
        if (!problem.rule.empty()) output.stream << output.styled(Style::faint, " [" + printable(problem.rule) + "]");
        output.stream << '\n';
        if (!problem.hint.empty()) output.stream << output.styled(Style::faint, "  " + printable(problem.hint)) << '\n';
    }
}

Value to_value(const Problem& problem) {
    return Variables{{"file", problem.file},
                     {"line", problem.line},
                     {"column", problem.column},
                     {"severity", problem.severity == Severity::error ? "error" : "warning"},
                     {"rule", problem.rule},
                     {"message", problem.message},
                     {"hint", problem.hint}};
}

bool has_error(const std::vector<Problem>& problems) {
    return std::any_of(problems.begin(), problems.end(), [](const Problem& p) { return p.severity == Severity::error; });
}

}  // namespace kontor::cli
