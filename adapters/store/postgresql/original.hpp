#pragma once
/// Whether the tables are those that were made here, or were made by loading a dump. Private to postgresql/.
///
/// A comment on the table `store` says under which number the table was made. A dump carries the comment along, and the table that it
/// makes has another number. A physical copy (pg_basebackup, recovery to a point in time) has the same: nothing shows that it is one.
#include "store/postgresql/connection.hpp"

#include <string>

namespace kontor::store::postgresql {

/// Makes it the original. In a transaction that has lock_tables().
void sign(Connection&);
/// Throws Error{conflict} if it is a copy. Signs a store that nobody has signed yet.
void refuse_restored(Connection&, const std::string& name);

}  // namespace kontor::store::postgresql
