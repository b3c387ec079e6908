#include "store/host/host_session.hpp"

#include "store/host/postgresql_session.hpp"
#include "store/host/sqlite_session.hpp"

#include <kontor/error.hpp>

#include <soci/soci.h>

namespace kontor::store {

std::unique_ptr<HostSession> host_session(soci::session& sql) {
    if (!sql.get_backend()) throw Error{Code::bad_input, "the host's session is closed"};
    const std::string backend = sql.get_backend_name();
    if (backend == "sqlite3") return sqlite_session(sql);
    if (backend == "postgresql") return postgresql_session(sql);
    throw Error{Code::bad_input, "the host's session is on " + backend + ", which holds no stores of Kontor; SQLite (sqlite3) and PostgreSQL do"};
}

}  // namespace kontor::store
