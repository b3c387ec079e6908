#include "store/postgresql/connection.hpp"

#include "store/postgresql/durability.hpp"
#include "store/postgresql/sql_text.hpp"
#include "store/postgresql/sqlstate.hpp"

#include <poll.h>

#include <utility>

namespace kontor::store::postgresql {

namespace {

/// A row of an answer in binary format.
class BinaryRow final : public Cells {
public:
    BinaryRow(const PGresult* answer, std::span<const Kind> kinds) : answer_{answer}, kinds_{kinds}, cells_(kinds.size()) {}

    void read(int row) {
        for (std::size_t n = 0; n < kinds_.size(); ++n) {
            const int column = static_cast<int>(n);
            cells_[n].null = PQgetisnull(answer_, row, column) == 1;
            if (cells_[n].null) continue;
            wire::read({PQgetvalue(answer_, row, column), static_cast<std::size_t>(PQgetlength(answer_, row, column))}, kinds_[n], cells_[n]);
        }
    }
    [[nodiscard]] const Cell& operator[](std::size_t column) const override { return cells_[column]; }

private:
    const PGresult* answer_;
    std::span<const Kind> kinds_;
    std::vector<Cell> cells_;
};

bool succeeded(const PGresult* answer) {
    const auto status = PQresultStatus(answer);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

// Every row is found by an index. A plan that was made while a table was small lasts, so the planner is not to think of reading tables through.
// One plan for each statement: for arrays, whose length it guesses, it would make a new plan each time, which takes as long as a small commit.
const char* const settings =
    "set standard_conforming_strings = on; set default_transaction_isolation = 'read committed'; set jit = off; "
    "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set work_mem = '64MB'";

/// Of a process that stands still in the middle of one, so that it keeps nobody waiting for long.
const char* const idle_transactions_end = "set idle_in_transaction_session_timeout = '3s'";

/// The server says so when a commit no longer waits for its standby (somebody cancelled it, or statement_timeout), and then that it succeeded.
/// The function's name is the one word of it that is in no language.
bool is_of_unkept_commit(const PGresult* notice) {
    const char* function = PQresultErrorField(notice, PG_DIAG_SOURCE_FUNCTION);
    return function && std::string_view{function} == "SyncRepWaitForLSN";
}

}  // namespace

Connection::Connection(const Address& address, Role role, std::chrono::milliseconds busy_timeout, Known& known)
    : handle_{connect(address.connection(busy_timeout))}, newest_{known.newest} {
    known.sessions.require_kept(handle(), address, busy_timeout);
    const auto hear = [](void* self, const PGresult* notice) {
        if (is_of_unkept_commit(notice)) static_cast<Connection*>(self)->doubtful_ = true;
    };
    PQsetNoticeReceiver(handle(), hear, this);
    run(settings);
    set_name(address.session());
    run("set lock_timeout = " + std::to_string(busy_timeout.count()));
    run(idle_transactions_end);
    run(role == Role::writer ? "set default_transaction_read_only = off" : "set default_transaction_read_only = on");
    if (role != Role::onlooker) require_primary(*this, address.name());
    if (role == Role::writer) require_durable(*this, address.name());
    timeline_ = timeline_of(*this);
    newest_.require_newest(timeline_, address.name());
    const auto self = numbers("select cast(pid as bigint), cast(extract(epoch from backend_start) * 1000000 as bigint) from pg_stat_activity "
                              "where pid = pg_backend_pid()", 2, {});
    if (!self.empty()) backend_ = {.pid = self[0][0], .started = self[0][1]};
}

/// By which others see that this process is there. The server has it already, unless there is a pooler in between that does not pass it on.
void Connection::set_name(const std::string& name) {
    if (name.empty()) return;
    const std::unique_ptr<char, decltype(&PQfreemem)> literal{PQescapeLiteral(handle(), name.data(), name.size()), &PQfreemem};
    if (!literal) throw failure(nullptr);
    run(std::string{"set application_name = "} + literal.get());
}

bool Connection::alive() noexcept {
    // What has come without being asked for is a notice, or the server's goodbye and then the end.
    for (int n = 0; n < 4 && PQstatus(handle()) == CONNECTION_OK; ++n) {
        pollfd watched{PQsocket(handle()), POLLIN, 0};
        if (::poll(&watched, 1, 0) != 1) break;
        if (PQconsumeInput(handle()) == 0) return false;
        if (auto* note = PQnotifies(handle())) PQfreemem(note);
    }
    return PQstatus(handle()) == CONNECTION_OK && PQtransactionStatus(handle()) == PQTRANS_IDLE && PQpipelineStatus(handle()) == PQ_PIPELINE_OFF &&
           (timeline_ == 0 || newest_.is_newest(timeline_));
}

Failure Connection::failure(const PGresult* answer) const {
    const char* state = answer ? PQresultErrorField(answer, PG_DIAG_SQLSTATE) : nullptr;
    const char* primary = answer ? PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
    // The primary message names no values; the detail may ("Key (id)=(...)"), so it stays with the server's log.
    std::string what = in_one_line(primary ? primary : PQerrorMessage(handle()));
    return {std::move(what), state ? state : "", PQstatus(handle()) != CONNECTION_OK};
}

void Connection::require_kept() {
    if (std::exchange(doubtful_, false)) throw Failure{"it is on this server alone", std::string{sqlstate::warning}, true};
}

void Connection::run(const std::string& sql) {
    const Answer answer{PQexec(handle(), sql.c_str()), &PQclear};
    if (!succeeded(answer.get())) throw failure(answer.get());
    require_kept();
}

std::vector<std::string> Connection::texts(const std::string& sql) {
    const Answer answer{PQexec(handle(), sql.c_str()), &PQclear};
    if (!succeeded(answer.get())) throw failure(answer.get());
    std::vector<std::string> row;
    for (int n = 0; PQntuples(answer.get()) > 0 && n < PQnfields(answer.get()); ++n) row.emplace_back(PQgetvalue(answer.get(), 0, n));
    return row;
}

const std::string& Connection::prepared(const std::string& sql, const std::vector<unsigned>& types) {
    auto& name = statements_[sql];
    if (!name.empty()) return name;
    std::string fresh = "k" + std::to_string(statements_.size());
    const Answer answer{PQprepare(handle(), fresh.c_str(), in_postgresql(sql).c_str(), static_cast<int>(types.size()), types.data()), &PQclear};
    if (!succeeded(answer.get())) {
        statements_.erase(sql);
        throw failure(answer.get());
    }
    return name = std::move(fresh);
}

Answer Connection::perform(const std::string& sql, const Parameters& parameters) {
    const std::string& name = prepared(sql, parameters.types());
    Answer answer{PQexecPrepared(handle(), name.c_str(), parameters.count(), parameters.values().data(), parameters.lengths().data(),
                                 parameters.formats().data(), 1),
                  &PQclear};
    if (!succeeded(answer.get())) throw failure(answer.get());
    require_kept();
    return answer;
}

long long Connection::execute(const std::string& sql, std::initializer_list<Argument> arguments) {
    const auto answer = perform(sql, Parameters{std::span{arguments.begin(), arguments.size()}});
    const std::string count = PQcmdTuples(answer.get());
    return count.empty() ? 0 : std::stoll(count);
}

void Connection::query(const std::string& sql, std::span<const Argument> arguments, std::span<const Kind> results,
                       const std::function<void(const Cells&)>& take) {
    const auto answer = perform(sql, Parameters{arguments});
    BinaryRow row{answer.get(), results};
    for (int n = 0; n < PQntuples(answer.get()); ++n) {
        row.read(n);
        take(row);
    }
}

std::vector<std::vector<std::int64_t>> Connection::numbers(const std::string& sql, std::size_t columns, std::initializer_list<Argument> arguments) {
    const std::vector<Kind> results(columns, Kind::number);
    std::vector<std::vector<std::int64_t>> rows;
    query(sql, std::span{arguments.begin(), arguments.size()}, results, [&](const Cells& cells) {
        auto& row = rows.emplace_back();
        for (std::size_t n = 0; n < columns; ++n) row.push_back(cells[n].number);
    });
    return rows;
}

}  // namespace kontor::store::postgresql
