#include "store/postgresql/original.hpp"
#include "store/postgresql/postgresql_store.hpp"
#include "store/postgresql/rows.hpp"
#include "store/shared/validity.hpp"

namespace kontor::store::postgresql {

namespace {

constexpr std::uint64_t portion = 1000;   // instances a transaction: others commit in between

void deploy_one(Connection& connection, const ports::DeploymentRow& row) {
    static const std::string sql = insertion<ports::DeploymentRow>() + " on conflict do nothing";   // waits for who inserts the same
    const std::vector rows{row};
    connection.perform(sql, columns_of<ports::DeploymentRow>(rows));
    if (!connection.numbers("select cast(1 as bigint) from deployment where {process = :process} and version = :version and id <> :id", 1,
                            {row.process, row.version, row.id}).empty())
        refuse_version(row);
    require_same(connection.select<ports::DeploymentRow>("where {id = :id}", {row.id}).at(0), row);
}

}  // namespace

void PostgresqlStore::deploy(const std::vector<ports::DeploymentRow>& rows) {
    for (const auto& row : rows) require(row);
    transact([&](Connection& connection) {
        for (const auto& row : rows) deploy_one(connection, row);
        return true;
    });
}

std::vector<std::int32_t> PostgresqlStore::periods() {
    // The journal's partitions say it; their names are the store's own.
    std::vector<std::int32_t> found;
    for (const auto& row : numbers("select (cast(substr(c.relname, 9, 4) as bigint) - 1970) * 12 + cast(substr(c.relname, 14) as bigint) - 1 as period "
                                   "from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = cast('journal' as regclass) and "
                                   "c.relname ~ '^journal_[0-9][0-9][0-9][0-9]_[0-9][0-9]$' order by period", {}))
        found.push_back(static_cast<std::int32_t>(row));
    return found;
}

std::optional<std::uint64_t> PostgresqlStore::drop_period(std::int32_t period, Instant ended_before) {
    static const std::string mark =
        "with part as (select key from instance where period = :period and dropped = 0 and key > :after order by key limit :limit), "
        "gone as (delete from snapshot where instance in (select key from part)), "
        "marked as (update instance set dropped = 1 where key in (select key from part)) "
        "select count(*), coalesce(max(key), 0) from part";
    if (reads_only_) throw Error{Code::forbidden, name() + " was opened for reading only"};
    // Whoever has ended stays so: what is true now is true while the portions go.
    const auto running = numbers("select cast(1 as bigint) from instance where period = :period and dropped = 0 and "
                                 "(phase not in ('completed', 'cancelled', 'failed') or changed >= :ended_before) limit 1", {period, ended_before});
    if (!running.empty()) return std::nullopt;
    std::uint64_t count = 0;
    for (std::int64_t after = 0;;) {
        const auto row = writing([&](Connection& connection) { return connection.numbers(mark, 2, {period, after, portion}); }).at(0);
        if (row[0] == 0) break;
        count += static_cast<std::uint64_t>(row[0]);
        after = row[1];
    }
    // After the tombstones: a reader that finds no journal finds out why.
    writing([&](Connection& connection) {
        partitions_.drop(connection, period);
        return true;
    });
    return count;
}

std::uint64_t PostgresqlStore::forget(Instant messages_until, Instant requests_before, std::size_t limit) {
    return transact([&](Connection& connection) {
        const auto messages = connection.execute(
            "delete from message where ctid = any(array(select ctid from message where until <= :until limit :limit))",
            {messages_until, limited(limit)});
        const auto requests = connection.execute(
            "delete from request where ctid = any(array(select ctid from request where answered < :before limit :limit))",
            {requests_before, limited(limit)});
        const auto replies = connection.execute(
            "delete from reply where ctid = any(array(select ctid from reply where sent < :before limit :limit))",
            {requests_before, limited(limit)});
        return static_cast<std::uint64_t>(messages + requests + replies);
    });
}

void PostgresqlStore::forget_replies(std::string_view node, const std::vector<std::string>& ids) {
    static const std::string sql = "delete from reply r using unnest(:nodes, :ids) as g (node, id) where {r.node = g.node} and {r.id = g.id}";
    Lists read{Kind::text, Kind::text};
    for (const auto& id : ids) read.add({node, id});
    if (read.empty()) return;
    const auto parameters = std::move(read).take();
    writing([&](Connection& connection) { return connection.perform(sql, parameters); });
}

namespace {

/// Nodes of before stand in a copy as if they were there, and may well be connected, to the original.
void forget_nodes(Connection& connection) {
    connection.execute("delete from node", {});
    connection.execute("update bucket set node = ''", {});
}

}  // namespace

void PostgresqlStore::skip_to(std::uint64_t sequence) {
    transact([&](Connection& connection) {
        forget_nodes(connection);
        return connection.execute("update bucket set epoch = epoch + 1, next_sequence = greatest(next_sequence, :sequence)", {sequence});
    });
}

void PostgresqlStore::accept_restored() {
    transact([](Connection& connection) {
        forget_nodes(connection);
        return sign(connection), true;
    });
}

std::vector<std::string> PostgresqlStore::integrity() {
    std::vector<std::string> wrong;
    if (numbers("select coalesce(checksum_failures, 0) from pg_stat_database where datname = current_database()", {}).at(0) != 0) {
        wrong.emplace_back("PostgreSQL has found pages with wrong checksums: see pg_stat_database.checksum_failures and the server's log");
    }
    if (!numbers("select cast(1 as bigint) from pg_index i join pg_class c on c.oid = i.indexrelid where not i.indisvalid and "
                 "c.relnamespace = (select oid from pg_namespace where nspname = current_schema()) limit 1", {}).empty()) {
        wrong.emplace_back("an index is invalid: reindex the store's tables");
    }
    for (std::uint32_t bucket = 0; bucket < info_.buckets; ++bucket) {
        if (journal_of_bucket(bucket, next_sequence(bucket), 1).empty()) continue;
        wrong.push_back("bucket " + std::to_string(bucket) + " has rows beyond its end");
    }
    return wrong;
}

}  // namespace kontor::store::postgresql
