#pragma once
/// Whether the tables are those that were made here, and hold all that was written to them. Private to postgresql/.
///
/// A comment on the table `store` says under which number the table was made. A dump carries the comment along, and the table that it
/// makes has another number. A physical copy (pg_basebackup, recovery to a point in time) has the same: nothing shows that it is one.
/// An engine that finds commits missing that it has confirmed says so there as well.
#include "store/postgresql/connection.hpp"

#include <string>

namespace kontor::store::postgresql {

/// Makes it the original. In a transaction that has lock_tables().
void sign(Connection&);
/// Throws Error{conflict} if it is a copy, or commits are missing. Signs a store that nobody has signed yet.
void refuse_restored(Connection&, const std::string& name);

/// From now on no engine opens it before it has been looked after. Throws Failure.
void say_that_commits_are_missing(Connection&);
[[nodiscard]] bool says_that_commits_are_missing(Connection&);
/// For people.
std::string commits_are_missing(const std::string& name);

}  // namespace kontor::store::postgresql
