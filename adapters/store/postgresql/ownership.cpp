// Who may write, and what became of what he wrote.
#include "store/postgresql/original.hpp"
#include "store/postgresql/postgresql_store.hpp"
#include "store/shared/validity.hpp"

#include <algorithm>
#include <array>

namespace kontor::store::postgresql {

ports::Lease PostgresqlStore::take(std::uint32_t bucket, std::string_view node) {
    require_text("the name of the node", node);
    if (bucket >= info_.buckets) throw Error{Code::bad_input, "there is no bucket " + std::to_string(bucket)};
    const auto row = writing([&](Connection& connection) {
        return connection.numbers("update bucket set epoch = epoch + 1, batch = 0, node = :node where id = :id returning epoch, next_sequence, settled", 3,
                                  {node, bucket});
    }).at(0);
    settlement_.set(bucket, row[2]);
    confirmed_.note_taken(bucket, static_cast<std::uint64_t>(row[0]));
    return {.bucket = bucket, .epoch = static_cast<std::uint64_t>(row[0]), .next_sequence = static_cast<std::uint64_t>(row[1])};
}

// ---- several nodes --------------------------------------------------------------------------------------------------------------

namespace {

// Milliseconds, as all of our times.
const std::string now = "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)";
const std::string server_start = "cast(extract(epoch from pg_postmaster_start_time()) * 1000 as bigint)";

const std::string has_session = "exists (select 1 from pg_stat_activity a where a.application_name = n.session and a.datname = current_database())";

/// Of a row n of node. Whoever has no connection left for a second is dead, which is known long before his lease is over. After a restart of the
/// server, or when another one has taken over, nobody has a connection: until somebody has been at that server for a lease, everybody is given time
/// to come back. A lease that ends later than it could was given by a clock that has been set back since.
const std::string is_here =
    "(case when n.server = " + server_start + " then n.until between " + now + " and " + now + " + n.lease "
    "and (n.missed = 0 or n.missed > " + now + " - 1000 or " + has_session + ") "
    "else n.until between " + now + " and " + now + " + n.lease "
    "or not exists (select 1 from node m where m.server = " + server_start + " and m.since <= " + now + " - n.lease) end)";

}  // namespace

ports::Census PostgresqlStore::renew(const ports::Node& node, Duration lease) {
    static const std::string stay =
        "insert into node (id, guest, until, lease, session, server, since, missed) "
        "select :id, :guest, " + now + " + :lease, :lease, current_setting('application_name'), " + server_start + ", " + now + ", 0 "
        "on conflict (kontor_digest(id)) do update set until = excluded.until, lease = excluded.lease, session = excluded.session, missed = 0, "
        "since = case when node.server = excluded.server then node.since else excluded.since end, server = excluded.server";
    // Only rows that change are written; whoever stands still holding one is not waited for.
    static const std::string miss = "update node set missed = " + now + " where missed = 0 and ctid = any(array(select n.ctid from node n "
        "where n.missed = 0 and not " + has_session + " for update skip locked))";
    static const std::string here = "select n.id, n.guest from node n where " + is_here + " order by n.id";
    static const std::string buckets = "with here as materialized (select n.id from node n where " + is_here + ") "
        "select b.node, b.epoch, cast(case when exists (select 1 from here where here.id = b.node) then 0 else 1 end as bigint), b.batch "
        "from bucket b order by b.id";
    static const std::string forget = "delete from node where ctid = any(array(select n.ctid from node n where not " + is_here +
        " and not exists (select 1 from bucket b where b.node = n.id) for update skip locked))";
    require_text("the name of the node", node.id);
    // One by one: a node that stands still in the middle must hold no lock that keeps the others waiting.
    return writing([&](Connection& connection) {
        const auto marks = confirmed_.marks();
        require_nothing_missing(connection);
        ports::Census census;
        connection.execute(stay, {node.id, std::int64_t{node.is_guest}, lease.count()});
        connection.execute(miss, {});
        connection.execute(forget, {});
        census.deployments = static_cast<std::size_t>(connection.numbers("select count(*) from deployment", 1, {}).at(0).at(0));
        connection.query(here, {}, std::array{Kind::text, Kind::number},
                         [&](const Cells& cells) { census.nodes.push_back({cells[0].text, cells[1].number != 0}); });
        bool missing = false;
        connection.query(buckets, {}, std::array{Kind::text, Kind::number, Kind::number, Kind::number}, [&](const Cells& cells) {
            const Confirmed::Mark now{.epoch = static_cast<std::uint64_t>(cells[1].number), .batch = static_cast<std::uint64_t>(cells[3].number)};
            const std::size_t bucket = census.buckets.size();
            missing = missing || (bucket < marks.size() && marks[bucket].is_ahead_of(now));
            census.buckets.push_back({cells[0].text, now.epoch, cells[2].number != 0});
        });
        if (missing) refuse_from_now_on(connection);
        return census;
    });
}

std::optional<ports::Lease> PostgresqlStore::take_free(std::uint32_t bucket, std::string_view node, std::uint64_t epoch) {
    // A node that stands still in the middle of a commit holds the bucket's row: its connections are ended first.
    static const std::string end_connections =
        "select count(pg_terminate_backend(c.pid, 1000)) from bucket b join node n on n.id = b.node "
        "join pg_stat_activity c on c.application_name = n.session "
        "where b.id = :id and b.epoch = :epoch and b.node <> :node and not " + is_here +
        " and n.session <> current_setting('application_name') and c.datname = current_database() and pg_has_role(c.usesysid, 'usage')";
    static const std::string take =
        "update bucket b set epoch = epoch + 1, batch = 0, node = :node where b.id = :id and b.epoch = :epoch "
        "and (b.node = :node or not exists (select 1 from node n where n.id = b.node and " + is_here + ")) "
        "returning epoch, next_sequence, settled";
    require_text("the name of the node", node);
    if (bucket >= info_.buckets) throw Error{Code::bad_input, "there is no bucket " + std::to_string(bucket)};
    const auto rows = writing([&](Connection& connection) {
        connection.numbers(end_connections, 1, {bucket, epoch, node});
        return connection.numbers(take, 3, {node, bucket, epoch});
    });
    if (rows.empty()) return std::nullopt;
    settlement_.set(bucket, rows[0][2]);
    confirmed_.note_taken(bucket, static_cast<std::uint64_t>(rows[0][0]));
    return ports::Lease{
        .bucket = bucket, .epoch = static_cast<std::uint64_t>(rows[0][0]), .next_sequence = static_cast<std::uint64_t>(rows[0][1])};
}

void PostgresqlStore::release(std::uint32_t bucket, std::uint64_t epoch) {
    writing([&](Connection& connection) { return connection.execute("update bucket set node = '' where id = :id and epoch = :epoch", {bucket, epoch}); });
}

void PostgresqlStore::leave(std::string_view node) {
    require_text("the name of the node", node);
    transact([&](Connection& connection) {
        connection.execute("update bucket set node = '' where node = :node", {node});
        return connection.execute("delete from node where {id = :id}", {node});
    });
}

void PostgresqlStore::signal(std::string_view text) {
    writing([&](Connection& connection) {
        return connection.query("select cast(1 as bigint) from pg_notify(:channel, :text)", std::array{Argument{channel()}, Argument{text}},
                                std::array{Kind::number}, [](const Cells&) {});
    });
}

std::shared_ptr<void> PostgresqlStore::listen(std::function<void(std::string_view)> heard) {
    std::call_once(listening_, [this] { listener_ = std::make_unique<Listener>(connector_, channel()); });
    return listener_->ears().add(std::move(heard));
}

// ---- after a standby took over that did not have everything ---------------------------------------------------------------------

/// Another process may have found out, and said so in the store.
void PostgresqlStore::require_nothing_missing(Connection& connection) {
    if (restores_ || !says_that_commits_are_missing(connection)) return;
    const std::lock_guard lock{missing_mutex_};
    missing_ = commits_are_missing(name());
    throw Error{Code::unavailable, missing_};
}

void PostgresqlStore::refuse_from_now_on(Connection& connection) {
    {
        const std::lock_guard lock{missing_mutex_};
        missing_ = commits_are_missing(name());
    }
    say_that_commits_are_missing(connection);
    throw Error{Code::unavailable, commits_are_missing(name())};
}

void PostgresqlStore::require_sound() const {
    const std::lock_guard lock{missing_mutex_};
    if (!missing_.empty()) throw Error{Code::unavailable, missing_};
}

/// Of a commit that the fence held: another process has the bucket, unless the database knows less of it than it has confirmed.
bool PostgresqlStore::has_forgotten(Connection& connection, const ports::Batch& batch) {
    const auto marks = confirmed_.marks();
    return std::ranges::any_of(batch.advances, [&](const ports::Advance& advance) {
        if (advance.bucket >= marks.size()) return false;
        const auto rows = connection.numbers("select epoch, batch from bucket where id = :id", 2, {advance.bucket});
        return !rows.empty() && marks[advance.bucket].is_ahead_of({.epoch = static_cast<std::uint64_t>(rows[0][0]),
                                                                  .batch = static_cast<std::uint64_t>(rows[0][1])});
    });
}

// ---- after a broken connection --------------------------------------------------------------------------------------------------

ports::Outcome PostgresqlStore::outcome(const ports::Batch& batch) {
    return writing([&](Connection& connection) {
        settlement_.end_lost(connection);
        std::optional<ports::Outcome> answer;
        for (const auto& advance : batch.advances) {
            if (advance.bucket >= info_.buckets) throw Error{Code::bad_input, "there is no bucket " + std::to_string(advance.bucket)};
            // Waits behind a backend that holds the row, and makes void what one has not begun with yet.
            const auto rows = connection.numbers("update bucket set settled = settled + 1 where id = :id and epoch = :epoch "
                                                 "returning next_sequence, batch, settled", 3, {advance.bucket, advance.epoch});
            if (rows.empty()) {
                answer = together(answer, ports::Outcome::fenced);
                continue;
            }
            settlement_.set(advance.bucket, rows[0][2]);
            answer = together(answer, judge(advance, batch.number, {.epoch = advance.epoch,
                                                                    .next_sequence = static_cast<std::uint64_t>(rows[0][0]),
                                                                    .batch = static_cast<std::uint64_t>(rows[0][1])}));
        }
        if (answer == ports::Outcome::committed) confirmed_.note(batch);
        return answer.value_or(ports::Outcome::committed);
    });
}

}  // namespace kontor::store::postgresql
