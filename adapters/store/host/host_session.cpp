#include "store/host/host_session.hpp"

#include <soci/sqlite3/soci-sqlite3.h>

namespace kontor::store {

void require_known_database(soci::session& sql) {
    const std::string backend = sql.get_backend_name();
    if (backend != "sqlite3") throw Error{Code::bad_input, "a transaction on " + backend + ": this program was built with stores on SQLite only"};
}

bool in_transaction(soci::session& sql) {
    return sqlite_api::sqlite3_get_autocommit(static_cast<soci::sqlite3_session_backend*>(sql.get_backend())->conn_) == 0;
}

void on_host_session(soci::session& sql, const std::function<void()>& work) {
    require_known_database(sql);
    try {
        work();
    } catch (const soci::soci_error& error) {
        const std::string why = error.what();
        if (why.find("no such table: store") != why.npos || why.find("no such table: inbox") != why.npos) {
            throw Error{Code::not_found, "this database holds no store of Kontor: an engine makes it, kontor::sqlite with the same file"};
        }
        throw Error{Code::unavailable, "the host's session: " + why};
    }
}

}  // namespace kontor::store
