#include "store/postgresql/sessions.hpp"

#include "store/postgresql/handle.hpp"

#include <memory>
#include <string>

namespace kontor::store::postgresql {

namespace {

/// The first value of the answer.
std::string ask(PGconn* handle, const std::string& sql) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> answer{PQexec(handle, sql.c_str()), &PQclear};
    if (PQresultStatus(answer.get()) == PGRES_TUPLES_OK && PQntuples(answer.get()) > 0) return PQgetvalue(answer.get(), 0, 0);
    const char* state = PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE);
    throw Failure{PQerrorMessage(handle), state ? state : "", PQstatus(handle) != CONNECTION_OK};
}

bool works(PGconn* handle) {
    try {
        return ask(handle, "select 1") == "1";
    } catch (const Failure&) {
        return false;
    }
}

/// Ends the session in which another connection of ours was just now: that connection ends with it, unless it has no session of its own.
/// Asking on both what they had set before would prove nothing: an idle pooler gives a client the session that it had last.
bool is_kept(PGconn* handle, const Address& address, std::chrono::milliseconds patience) {
    const Handle other = connect(address.connection(patience));
    const std::string pid = ask(other.get(), "select pg_backend_pid()");
    const std::string ended = ask(handle, "select count(pg_terminate_backend(pid, 1000)) from pg_stat_activity where pid = " + pid +
                                              " and state = 'idle' and pid <> pg_backend_pid()");
    if (ended != "1") return false;   // somebody else is in it
    ask(handle, "select 1");          // by now the pooler knows of it as well
    return !works(other.get());
}

}  // namespace

void Sessions::require_kept(PGconn* handle, const Address& address, std::chrono::milliseconds patience) {
    // A pooler invents the number that it tells its clients for cancelling.
    if (kept_ || std::to_string(PQbackendPID(handle)) == ask(handle, "select pg_backend_pid()")) return;
    if (!is_kept(handle, address, patience)) {
        throw Error{Code::unavailable, address.name() + ": the connection pooler there does not keep sessions, which Kontor needs; let it keep them "
                                                        "for this database and user (PgBouncer: pool_mode = session), or name the server itself"};
    }
    kept_ = true;
}

}  // namespace kontor::store::postgresql
