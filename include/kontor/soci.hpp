#pragma once
/// For hosts that use SOCI: the host's own rows and what Kontor shall do about them in one transaction, on the database that is the
/// engine's store. Needs SOCI 4.0 and a session on the same SQLite file.
#include <kontor/instance.hpp>
#include <kontor/service.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace soci {
class session;
}

namespace kontor {

/// Records what the engine shall do. It becomes visible to the engine with the host's commit, and is gone with its rollback. The engine takes
/// it up after Engine::wake(), or within half a minute. What it then refuses (an unknown process, variables that do not fit, a task that is done),
/// nobody waits for any more: it is logged as an error.
///
/// Borrows the session: one thread at a time, as with SOCI. Throws Error{not_found} if the database holds no store, Error{bad_input} for
/// another kind of database, Error{unavailable} if the database refuses the row; the transaction is then the host's to roll back.
/// SQLite has one writer: a transaction that has read before its first write fails if the engine has committed in between, so write first,
/// or begin with `begin immediate`, and keep it short: the engine's commits wait for its end.
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
/// remembered. Both belong to the transaction that the host has begun. The host may delete rows of steps that have long ended.
///
/// The database may be any SQLite one, not only the store. Throws what `work` throws, Error{bad_input} outside a transaction or for another
/// kind of database, Error{unavailable} if the database refuses; then roll back.
Variables once(soci::session& sql, std::string_view key, const std::function<Variables()>& work);

}  // namespace kontor
