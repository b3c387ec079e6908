#include "store/shared/validity.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace kontor::store {

namespace {

constexpr std::size_t portion = 200;   // instances a transaction: others commit in between

}  // namespace

void SqliteStore::deploy(const std::vector<ports::DeploymentRow>& rows) {
    for (const auto& row : rows) require(row);
    transact([&](Connection& writer) {
        for (const auto& row : rows) {
            const auto there = writer.select<ports::DeploymentRow>("where id = :id", {row.id});
            if (!writer.numbers("select 1 from deployment where process = :process and version = :version and id <> :id", 1,
                                {row.process, row.version, row.id}).empty())
                refuse_version(row);
            there.empty() ? writer.insert(std::vector{row}) : require_same(there.front(), row);
        }
        return true;
    });
}

std::vector<std::int32_t> SqliteStore::periods() {
    const auto rows = read([](Connection& connection) {
        return connection.numbers("select distinct period from instance where dropped = 0 order by period", 1, {});
    });
    std::vector<std::int32_t> found;
    for (const auto& row : rows) found.push_back(static_cast<std::int32_t>(row[0]));
    return found;
}

std::optional<std::uint64_t> SqliteStore::drop_period(std::int32_t period, Instant ended_before) {
    // Whoever has ended stays so: what is true now is true while the portions go.
    const auto running = read([&](Connection& connection) {
        return connection.numbers(
            "select 1 from instance where period = :period and dropped = 0 and "
            "(phase not in ('completed', 'cancelled', 'failed') or changed >= :ended_before) limit 1", 1, {period, ended_before});
    });
    if (!running.empty()) return std::nullopt;
    std::uint64_t count = 0;
    for (std::int64_t after = 0;;) {
        const auto keys = read([&](Connection& connection) {
            return connection.numbers("select key from instance where period = :period and dropped = 0 and key > :after order by key limit :limit",
                                      1, {period, after, portion});
        });
        if (keys.empty()) return count;
        transact([&](Connection& writer) {
            for (const auto& row : keys) drop_journal(writer, InstanceKey{static_cast<std::uint64_t>(row[0])});
            return true;
        });
        count += keys.size();
        after = keys.back()[0];
    }
}

void SqliteStore::drop_journal(Connection& writer, InstanceKey key) {
    static const std::string journal =
        "delete from journal where position in (with recursive chain (p) as ("
        "select last from instance where key = :key union all "
        "select :first + j.previous * 4096 from chain cross join journal j on j.position = chain.p where j.previous <> 0) "
        "select p from chain)";
    static const std::string snapshot = "delete from snapshot where instance = :key";
    static const std::string tombstone = "update instance set dropped = 1 where key = :key";
    writer.execute(journal, {key, first_key(bucket_of(key.value))});
    writer.execute(snapshot, {key});
    writer.execute(tombstone, {key});
}

std::uint64_t SqliteStore::forget(Instant messages_until, Instant requests_before, std::size_t limit) {
    return transact([&](Connection& writer) {
        const auto messages = writer.execute(
            "delete from message where rowid in (select rowid from message where until <= :until limit :limit)", {messages_until, limited(limit)});
        const auto requests = writer.execute(
            "delete from request where rowid in (select rowid from request where answered < :before limit :limit)",
            {requests_before, limited(limit)});
        const auto replies = writer.execute(
            "delete from reply where rowid in (select rowid from reply where sent < :before limit :limit)", {requests_before, limited(limit)});
        return static_cast<std::uint64_t>(messages + requests + replies);
    });
}

void SqliteStore::forget_replies(std::string_view node, const std::vector<std::string>& ids) {
    transact([&](Connection& writer) {
        for (const auto& id : ids) writer.execute("delete from reply where node = :node and id = :id", {node, id});
        return true;
    });
}

void SqliteStore::skip_to(std::uint64_t sequence) {
    transact([&](Connection& writer) {
        writer.execute("update bucket set epoch = epoch + 1, node = '', next_sequence = max(next_sequence, :sequence)", {sequence});
        return true;
    });
}

void SqliteStore::accept_restored() {
    transact([](Connection& writer) {
        writer.run("pragma user_version = 0");
        return true;
    });
}

std::vector<std::string> SqliteStore::integrity() {
    return read([&](Connection& connection) {
        std::vector<std::string> wrong;
        const soci::rowset<std::string> lines = (connection.session().prepare << "pragma integrity_check");
        for (const auto& line : lines) {
            if (line != "ok") wrong.push_back(line);
        }
        return wrong;
    });
}

}  // namespace kontor::store
