#pragma once
/// The schema in PostgreSQL's words. Private to postgresql/.
#include "store/shared/schema.hpp"

namespace kontor::store::postgresql {

/// Those of all stores, and what PostgreSQL has besides.
std::vector<Migration> migrations();

}  // namespace kontor::store::postgresql
