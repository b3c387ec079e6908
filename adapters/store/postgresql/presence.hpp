#pragma once
/// Which owners are connected to a store: advisory locks that end with their sessions. They keep nobody from writing (the fence does); they
/// let a tool see that it would take an engine's buckets away.
#include "store/postgresql/connection.hpp"

namespace kontor::store::postgresql {

/// An owner is connected. Nothing happens in a database that holds no store yet.
void announce(Connection&);
/// Whether no other session has announced an owner; then none is announced until this one ends.
bool claim(Connection&);

}  // namespace kontor::store::postgresql
