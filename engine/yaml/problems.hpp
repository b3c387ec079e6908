#pragma once
/// Findings in one file, collected while it is read.
#include "model/element.hpp"
#include "value/wording.hpp"

#include <kontor/error.hpp>

#include <string>
#include <vector>

namespace kontor::yaml {

using model::Position;

/// Ends the reading of a file; what was found so far stands in the Problems.
struct TooManyProblems {};

/// At most `limit` errors: a broken file must not flood a screen, nor cost time for its last hint.
class Problems {
public:
    static constexpr std::size_t limit = 100;

    explicit Problems(std::string file) : file_{std::move(file)} {}
    void error(Position at, std::string rule, std::string message, std::string hint = {}) {
        add({file_, static_cast<int>(at.line), static_cast<int>(at.column), Severity::error, std::move(rule), std::move(message),
            std::move(hint)});
    }
    void warning(Position at, std::string rule, std::string message, std::string hint = {}) {
        add({file_, static_cast<int>(at.line), static_cast<int>(at.column), Severity::warning, std::move(rule),
            std::move(message), std::move(hint)});
    }
    /// Throws TooManyProblems behind the last error that is kept; further warnings are dropped silently.
    void add(Problem);
    [[nodiscard]] std::size_t errors() const noexcept { return errors_; }
    [[nodiscard]] const std::string& file() const noexcept { return file_; }
    /// All findings by position, without repetitions.
    [[nodiscard]] std::vector<Problem> take();

private:
    std::string file_;
    std::vector<Problem> problems_;
    std::size_t errors_ = 0;
    std::size_t warnings_ = 0;
};

}  // namespace kontor::yaml
