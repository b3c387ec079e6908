#pragma once
/// Private to host/.
#include "store/host/host_session.hpp"

namespace kontor::store {

/// Of a session on SQLite.
std::unique_ptr<HostSession> sqlite_session(soci::session&);

}  // namespace kontor::store
