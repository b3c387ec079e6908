#pragma once
/// The one type that public calls throw.
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kontor {

/// What kind of failure it is; decides what a caller can do about it.
enum class Code {
    ok,
    invalid_definition,   ///< a YAML or BPMN file has errors: see Error::problems()
    not_found,            ///< no such instance, task, job, process
    conflict,             ///< it has happened already, or the state forbids it
    busy,                 ///< a queue is full: try again after retry_after()
    unavailable,          ///< the store or a service is away: try again
    outcome_unknown,      ///< it may or may not have happened: look it up
    shutting_down,        ///< the engine stops: try another node or later
    bad_input,            ///< the call's own data are wrong: trying again cannot help
    forbidden,            ///< this actor may not do this
};
/// The code's stable name: `bad-input`, `not-found`, ...
std::string_view to_string(Code) noexcept;

enum class Severity { error, warning };

/// One finding in a definition, a decision or an expression. Lines and columns are 1-based; 0 means the whole file.
struct Problem {
    std::string file{};
    int line = 0;
    int column = 0;
    Severity severity = Severity::error;
    std::string rule{};      ///< stable name of the check, for example `unknown-target`
    std::string message{};   ///< what is wrong
    std::string hint{};      ///< the likely mend; may be empty

    friend bool operator==(const Problem&, const Problem&) = default;
};
/// `FILE:LINE:COL: error: TEXT [rule]`, the form that editors read, without the hint.
std::string to_string(const Problem&);

/// Thrown by public calls. Unless code() is outcome_unknown, a throw means that nothing happened. A value type.
class Error : public std::exception {
public:
    Error(Code code, std::string message) : code_{code}, message_{std::move(message)} {}
    Error(Code code, std::string message, std::vector<Problem> problems)
        : code_{code}, message_{std::move(message)}, problems_{std::move(problems)} {}
    Error(Code code, std::string message, std::chrono::milliseconds retry_after)
        : code_{code}, message_{std::move(message)}, retry_after_{retry_after} {}

    [[nodiscard]] Code code() const noexcept { return code_; }
    [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }
    /// Whether the same call may succeed later: busy, unavailable, shutting_down.
    [[nodiscard]] bool retryable() const noexcept {
        return code_ == Code::busy || code_ == Code::unavailable || code_ == Code::shutting_down;
    }
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry_after() const noexcept { return retry_after_; }
    [[nodiscard]] const std::vector<Problem>& problems() const noexcept { return problems_; }

private:
    Code code_;
    std::string message_;
    std::vector<Problem> problems_;
    std::optional<std::chrono::milliseconds> retry_after_;
};

}  // namespace kontor
