#include "yaml/problems.hpp"

#include <algorithm>
#include <tuple>

namespace kontor::yaml {

void Problems::add(Problem problem) {
    if (problem.severity == Severity::warning) {
        if (++warnings_ <= limit) problems_.push_back(std::move(problem));
        return;
    }
    problems_.push_back(std::move(problem));
    if (++errors_ < limit) return;
    problems_.push_back({file_, problems_.back().line, problems_.back().column, Severity::error, "too-many-problems",
                         "reading stopped after " + std::to_string(limit) + " errors", "mend these first"});
    throw TooManyProblems{};
}

std::vector<Problem> Problems::take() {
    const auto place = [](const Problem& p) { return std::tie(p.file, p.line, p.column); };
    std::ranges::stable_sort(problems_, {}, place);
    std::vector<Problem> unique;
    for (Problem& problem : problems_)
        if (unique.empty() || unique.back() != problem) unique.push_back(std::move(problem));
    problems_.clear();
    return unique;
}

}  // namespace kontor::yaml
