#pragma once
/// For hosts that use SOCI: the host's own rows and what Kontor shall do about them in one transaction, on the database that is the
/// engine's store. Needs SOCI 4.0 and a session on the same SQLite file, or on the same PostgreSQL database with the store's schema in its
/// search_path.
#include <kontor/instance.hpp>
#include <kontor/service.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace soci {
class session;
}

namespace kontor {

/// Records what the engine shall do. It becomes visible to the engine with the host's commit, and is gone with its rollback, or with that of a
/// savepoint; without a transaction each record is one of its own. On PostgreSQL the engines hear of the commit by themselves; on SQLite the
/// engine takes it up after Engine::wake(). In any case within half a minute, or when the next engine starts. What it then refuses (an unknown
/// process, variables that do not fit, a task that is done), nobody waits for any more: it is logged as an error.
///
/// Borrows the session: one thread at a time, as with SOCI; blocks for one statement. Throws Error{not_found} if the database (the schemas of the
/// session's search_path) holds no store, Error{bad_input} for another kind of database, a closed session, or a value that the database cannot
/// hold, Error{unavailable} if the database refuses the row or is away; the transaction is then the host's to roll back. No error shows a value.
/// SQLite has one writer: a transaction that has read before its first write fails if the engine has committed in between, so write first,
/// or begin with `begin immediate`, and keep it short: the engine's commits wait for its end.
/// PostgreSQL gives a transaction up with its first failed statement, so after any error nothing is left to do but to roll back, to a savepoint at
/// least. Under repeatable read and serializable an Error{unavailable} may mean that another transaction was faster: roll back and try again. A
/// transaction that has recorded something cannot be prepared (PREPARE TRANSACTION).
///
/// The engines must be at least as new as this library. A store that was restored or copied takes records too: they wait with the rest of it until
/// `kontor store restored` has been run there.
class InTransaction {
public:
    explicit InTransaction(soci::session& sql) noexcept : sql_{sql} {}

    /// Returns the request id: the request's own, or a new one if that is empty. The instance has no key yet, since the engine makes it when it
    /// starts it; Engine::started(request_id) then tells it. Twice with one id starts one instance.
    std::string start(StartRequest);
    void publish(Message);
    void complete(TaskKey, CompleteTask);
    void complete(JobKey, Variables result);

private:
    soci::session& sql_;
};

/// Gives a handler's own database work an effect that happens once, however often the call is repeated: the first time it does the work
/// and remembers the result under the key, in the table kontor_once, which it makes if absent; afterwards it returns what is
/// remembered. Both belong to the transaction that the host has begun. A second call at the same time waits for the first one's end. The host may
/// delete rows of steps that have long ended.
///
/// The database may be any of SQLite or PostgreSQL, not only the store. Throws what `work` throws, Error{bad_input} outside a transaction, when the
/// work ends it, or for another kind of database, Error{unavailable} if the database refuses or is away; then roll back: on PostgreSQL
/// the transaction is given up with its first failed statement, also with one of the work's that the work says nothing of. Under repeatable read
/// and serializable the second of two calls gets Error{unavailable}: roll back and try again. On PostgreSQL the user needs the right to create
/// tables in the first schema of search_path, or a table kontor_once that is there.
Variables once(soci::session& sql, std::string_view key, const std::function<Variables()>& work);

}  // namespace kontor
