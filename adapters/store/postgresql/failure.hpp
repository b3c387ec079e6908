#pragma once
/// What PostgreSQL said when it did not do what was asked. Private to postgresql/.
#include "ports/store.hpp"

#include <kontor/error.hpp>

#include <stdexcept>
#include <string>

namespace kontor::store::postgresql {

class Failure : public std::runtime_error {
public:
    Failure(std::string what, std::string sqlstate, bool lost) : runtime_error{std::move(what)}, sqlstate_{std::move(sqlstate)}, lost_{lost} {}
    /// Five characters, empty if the server did not say.
    [[nodiscard]] const std::string& sqlstate() const noexcept { return sqlstate_; }
    /// The connection is broken: whether anything was done is not known.
    [[nodiscard]] bool lost() const noexcept { return lost_; }

private:
    std::string sqlstate_;
    bool lost_;
};

/// For people: which database, what happened, and what they can do about it.
std::string explain(const std::string& name, const Failure&);
/// Of whatever is no commit.
Error error_of(const std::string& name, const Failure&);
/// Of a commit that was sent.
ports::CommitResult classify(const std::string& name, const Failure&);

}  // namespace kontor::store::postgresql
