#include "store/host/postgresql_session.hpp"

#include "runtime/mail/signals.hpp"
#include "store/postgresql/failure.hpp"
#include "store/postgresql/handle.hpp"
#include "store/postgresql/listener.hpp"
#include "store/postgresql/parameters.hpp"
#include "store/postgresql/sqlstate.hpp"

#include <kontor/error.hpp>

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>

namespace kontor::store {
namespace {

using postgresql::Failure;
using postgresql::Parameters;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

/// The server keeps what is told until the commit, and tells it once however often a transaction says it. Texts go as the bytes of their UTF-8,
/// whatever client_encoding the host's session has.
const std::string insertion =
    "with target as (select id, buckets from store), "
    "kept as (insert into inbox (bucket, id, command, sent) select $1 & (buckets - 1), convert_from($2, 'UTF8'), $3, $4 from target "
    "on conflict (bucket, kontor_digest(id)) do nothing returning bucket) "
    "select pg_notify('" + std::string{postgresql::channel_prefix} + "' || target.id, '" + std::string{runtime::host_filled_inbox} + "' || kept.bucket) from target, kept";

/// To the end of the transaction: of those who find no table one makes it, and the others find it then.
constexpr const char* wait_for_maker = "select pg_advisory_xact_lock(hashtext('kontor_once'), hashtext(coalesce(current_schema(), '')))";
constexpr const char* making = R"(create table if not exists kontor_once (key text collate "C" primary key, result bytea, at bigint not null))";

/// SQLSTATE, and what the host can do.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> advice{{
    {"25P02", "its transaction has failed before; roll back and begin again"},
    {"40001", "another transaction was in the way; roll back and try again"},
    {"40P01", "another transaction was in the way; roll back and try again"},
    {"55P03", "another transaction holds a lock for too long; roll back and try again"},
    {"42501", "its user may not do that: grant usage on the store's schema, select on store, select and insert on inbox; for once() create on a "
              "schema, or select, insert and update on kontor_once"},
    {"3F000", "there is no schema to make kontor_once in; create the one that search_path names"},
}};

/// An undefined table, column or function: nothing of that name is there, or it is somebody else's.
bool lacks_store(const Failure& failure) {
    constexpr std::array states{std::string_view{"42P01"}, std::string_view{"42703"}, std::string_view{"42883"}};
    return std::ranges::find(states, failure.sqlstate()) != states.end();
}

std::string explain(const Failure& failure) {
    std::string text = "the host's session: ";
    const auto known = std::ranges::find(advice, failure.sqlstate(), &std::pair<std::string_view, std::string_view>::first);
    if (known != advice.end()) text += known->second;
    else if (failure.lost()) text += "the connection broke, and with it the transaction";
    else if (const auto general = postgresql::advice_for(failure.sqlstate()); !general.empty()) text += general;
    else text += "PostgreSQL refused a statement; roll back";
    text += " (" + std::string{failure.what()};
    if (!failure.sqlstate().empty()) text += ", SQLSTATE " + failure.sqlstate();
    return text + ")";
}

Error error_of(const Failure& failure) {
    const bool is_statements_fault = !failure.lost() && postgresql::blame_of(failure.sqlstate()) == postgresql::Blame::statement;
    return {is_statements_fault ? Code::bad_input : Code::unavailable, explain(failure)};
}

template <class Work>
auto translated(const Work& work) {
    try {
        return work();
    } catch (const Failure& failure) {
        throw error_of(failure);
    }
}

/// SOCI binds no bytes and gives a failure's state and text only together with what may be values. So statements run on its handle.
class PostgresqlSession final : public HostSession {
public:
    explicit PostgresqlSession(PGconn* handle) : handle_{handle} {}

    void record(const HostRecord& row) override {
        require_quiet();
        try {
            (void)run(insertion, {Argument{row.bucket}, Argument{Bytes{row.id}}, Argument{Bytes{row.command}}, Argument{row.sent}});
        } catch (const Failure& failure) {
            if (failure.lost() || !lacks_store(failure)) throw error_of(failure);
            throw Error{Code::not_found, "the schemas in which the host's session looks (search_path) hold no store of Kontor: an engine makes it, "
                                         "kontor::postgresql with the same database and schema (SQLSTATE " + failure.sqlstate() + ")"};
        }
    }

    void require_transaction() override {
        require_quiet();
        switch (PQtransactionStatus(handle_)) {
            case PQTRANS_INTRANS: return;
            case PQTRANS_INERROR: throw Error{Code::unavailable, "the host's session: " + std::string{advice.front().second}};
            case PQTRANS_UNKNOWN: throw Error{Code::unavailable, "the host's session: the connection is broken"};
            default: throw Error{Code::bad_input, "once() belongs in a transaction of the host: soci::transaction"};
        }
    }

    bool claim(const std::string& key, Instant now) override {
        return translated([&] {
            if (!has_table()) make_table();
            constexpr const char* claiming =
                "insert into kontor_once (key, at) values (convert_from($1, 'UTF8'), $2) on conflict (key) do nothing returning 1";
            return PQntuples(run(claiming, {Argument{Bytes{key}}, Argument{now}}).get()) == 1;
        });
    }

    void remember(const std::string& key, const std::string& result) override {
        translated([&] {
            return run("update kontor_once set result = $1 where key = convert_from($2, 'UTF8')", {Argument{Bytes{result}}, Argument{Bytes{key}}});
        });
    }

    std::optional<std::string> remembered(const std::string& key) override {
        return translated([&]() -> std::optional<std::string> {
            const auto answer = run("select result from kontor_once where key = convert_from($1, 'UTF8')", {Argument{Bytes{key}}});
            if (PQntuples(answer.get()) == 0 || PQgetisnull(answer.get(), 0, 0) == 1) return std::nullopt;
            return std::string{PQgetvalue(answer.get(), 0, 0), static_cast<std::size_t>(PQgetlength(answer.get(), 0, 0))};
        });
    }

private:
    /// libpq would throw the rest of the host's rows away.
    void require_quiet() const {
        if (PQtransactionStatus(handle_) != PQTRANS_ACTIVE) return;
        throw Error{Code::bad_input, "a statement of the host's session is still under way: fetch its rows to the end first"};
    }

    [[nodiscard]] Answer run(const std::string& sql, std::initializer_list<Argument> arguments) const {
        const Parameters parameters{std::span{arguments.begin(), arguments.size()}};
        Answer answer{PQexecParams(handle_, sql.c_str(), parameters.count(), parameters.types().data(), parameters.values().data(),
                                   parameters.lengths().data(), parameters.formats().data(), 1),
                      &PQclear};
        const auto status = PQresultStatus(answer.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw failure(answer.get());
        return answer;
    }

    /// The primary message names no values; the detail may.
    [[nodiscard]] Failure failure(const PGresult* answer) const {
        const char* state = answer ? PQresultErrorField(answer, PG_DIAG_SQLSTATE) : nullptr;
        const char* primary = answer ? PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
        return {postgresql::in_one_line(primary ? primary : PQerrorMessage(handle_)), state ? state : "", PQstatus(handle_) != CONNECTION_OK};
    }

    /// Reading a table makes the server hear of what others have made meanwhile; to_regclass alone would remember that there was none.
    [[nodiscard]] bool has_table() const {
        return PQntuples(run("select 1 from pg_class where oid = to_regclass('kontor_once')", {}).get()) == 1;
    }

    /// Two that make a table at the same moment would get in each other's way, `if not exists` or not.
    void make_table() const {
        (void)run(wait_for_maker, {});
        if (!has_table()) (void)run(making, {});
    }

    PGconn* handle_;
};

}  // namespace

std::unique_ptr<HostSession> postgresql_session(soci::session& sql) {
    return std::make_unique<PostgresqlSession>(static_cast<soci::postgresql_session_backend*>(sql.get_backend())->conn_);
}

}  // namespace kontor::store
