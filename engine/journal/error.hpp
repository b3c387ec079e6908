#pragma once
/// Why a journal row cannot be read. Both are refusals to guess, and trying again cannot help.
#include "core/keys.hpp"

#include <kontor/error.hpp>

#include <string>

namespace kontor::journal {

/// `BUCKET:SEQUENCE`, as JSON and messages write it.
std::string to_string(core::Position);

class ReadError : public Error {
public:
    ReadError(core::Position position, const std::string& what)
        : Error{Code::bad_input, "journal row " + to_string(position) + what}, position_{position} {}
    [[nodiscard]] core::Position position() const noexcept { return position_; }

private:
    core::Position position_;
};

/// The bytes are not what encode() makes: the store is damaged, or it is not a journal.
class Damaged : public ReadError {
    using ReadError::ReadError;
};

/// The row holds something that this version does not know: the node must refuse the instance, and be upgraded.
class NewerVersion : public ReadError {
    using ReadError::ReadError;
};

}  // namespace kontor::journal
