#pragma once
/// What SQLite's errors mean for a caller. Private to sqlite/: includes SOCI.
#include "ports/store.hpp"

#include <soci/error.h>

#include <string>

namespace kontor::store {

/// SQLite's result code, 0 if the exception has none. Extended codes are switched on; the primary one is `code & 0xff`.
int result_of(const soci::soci_error&) noexcept;
/// For people: what happened, and what they can do about it.
std::string explain(const std::string& file, const soci::soci_error&);

/// How far a commit had come: until COMMIT is asked for, nothing can become durable.
enum class Stage : std::uint8_t { writing, committing };
ports::CommitResult classify(const std::string& file, const soci::soci_error&, Stage);

}  // namespace kontor::store
