#pragma once
/// How a command can end other than well, and the exit status of each.
#include <stdexcept>
#include <string>

namespace kontor::cli {

enum class Exit : int {
    fine = 0,
    no = 1,             ///< the answer is no: invalid, a failed test, refused
    usage = 2,          ///< wrong usage: an unknown option, input that is no JSON
    world_failed = 3,   ///< the world failed: a file that cannot be read, later a database or a network
};

/// What was asked makes no sense. Ends with Exit::usage.
class UsageError : public std::runtime_error {
public:
    explicit UsageError(const std::string& message, std::string hint = {}) : std::runtime_error{message}, hint_{std::move(hint)} {}
    [[nodiscard]] const std::string& hint() const noexcept { return hint_; }

private:
    std::string hint_;
};

/// What was asked makes sense, but the world did not give what it takes. Ends with Exit::world_failed.
class WorldFailed : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The answer is no, and this is why. Ends with Exit::no.
class Refused : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace kontor::cli
