#pragma once
/// Makes the tables, or brings them up to date. Private to sqlite/: includes SOCI.
#include "ports/store.hpp"
#include "store/sqlite/connection.hpp"

namespace kontor::store {

/// In one transaction, behind any other process that is at it. `buckets` counts for a store that is made now.
/// Throws Error{conflict} if a newer version of this program has written the store, or the file is no store at all.
ports::StoreInfo migrate(Connection&, const std::string& file, std::uint32_t buckets);
/// For readers, which change nothing: throws Error{conflict} if the schema is not exactly this program's.
ports::StoreInfo read_info(Connection&, const std::string& file);

}  // namespace kontor::store
