#pragma once
/// What InTransaction and once() ask of a session that belongs to the host. Private to store/: includes SOCI.
#include <kontor/error.hpp>

#include <soci/soci.h>

#include <functional>

namespace kontor::store {

/// Throws Error{bad_input} unless the session is on a kind of database that holds stores.
void require_known_database(soci::session&);
/// Whether the host has begun a transaction.
bool in_transaction(soci::session&);
/// Does it, with errors of the database as Error{unavailable}.
void on_host_session(soci::session&, const std::function<void()>& work);

}  // namespace kontor::store
