#pragma once
/// Makes the tables, or brings them up to date. Private to postgresql/.
#include "ports/store.hpp"
#include "store/options.hpp"
#include "store/postgresql/connection.hpp"

namespace kontor::store::postgresql {

/// In one transaction, behind any other process that is at it.
/// Throws Error{conflict} if a newer version of this program has written the store, its tables' names are taken, or it was restored
/// and Options does not say that this is known.
ports::StoreInfo migrate(Connection&, const std::string& name, const Options&);
/// For readers, which change nothing: throws Error{not_found} if there is no store, Error{conflict} if the schema is not exactly this program's.
ports::StoreInfo read_info(Connection&, const std::string& name);

/// Waits until no other process changes the store's tables; to the end of the transaction.
void lock_tables(Connection&);

}  // namespace kontor::store::postgresql
