#pragma once
/// Private to host/.
#include "store/host/host_session.hpp"

namespace kontor::store {

/// Of a session on PostgreSQL.
std::unique_ptr<HostSession> postgresql_session(soci::session&);

}  // namespace kontor::store
