#include "store/postgresql/presence.hpp"

namespace kontor::store::postgresql {
namespace {

// Of the store, not of the database: several stores may stand in schemas of one.
const std::string key = "cast(cast(to_regclass('bucket') as oid) as bigint)";

}  // namespace

void announce(Connection& connection) { (void)connection.texts("select pg_try_advisory_lock_shared(" + key + ")"); }

bool claim(Connection& connection) { return connection.texts("select pg_try_advisory_lock(" + key + ")").at(0) == "t"; }

}  // namespace kontor::store::postgresql
