#pragma once
/// Runs the cases of a test file: each in a sandbox of its own, with mocks for the world.
#include "sandbox/coverage.hpp"
#include "yaml/test_file.hpp"

#include <memory>
#include <string>
#include <vector>

namespace kontor::sandbox {

/// An expectation that was not met, or a step that could not be done.
struct Failure {
    model::Position position;
    std::string step;        ///< as the file writes it: `complete: risk-review`
    std::string expected;
    std::string found;
};

struct CaseResult {
    std::string name;
    model::Position position;
    std::vector<Failure> failures;   ///< empty: passed. The first step that fails ends the case
    std::vector<std::string> path;   ///< so far
    std::vector<std::string> notes;  ///< expressions of mocks that gave null for a reason: `LINE:COLUMN: no variable named x`
    [[nodiscard]] bool passed() const noexcept { return failures.empty(); }
};

/// `definitions` are those of the deployment; the file's own process must be among them. Pure but for `coverage`, which may be null.
std::vector<CaseResult> run_tests(const yaml::TestFile&, const std::vector<std::shared_ptr<const model::Definition>>& definitions,
                                  Coverage* coverage = nullptr);

/// A case stops after this many commands that nobody gave: a timer that repeats for ever would not end otherwise.
inline constexpr std::size_t commands_per_case = 20'000;

}  // namespace kontor::sandbox
