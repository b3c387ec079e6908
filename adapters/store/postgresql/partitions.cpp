#include "store/postgresql/partitions.hpp"

#include "store/postgresql/migrate.hpp"

#include <cstdio>
#include <utility>

namespace kontor::store::postgresql {

namespace {

/// Attaching lets others read and write the journal meanwhile; `create table ... partition of` would not.
void make(Connection& connection, std::int32_t period) {
    const std::string partition = partition_of(period);
    Transaction transaction{connection};
    lock_tables(connection);
    const auto there = connection.texts("select count(*) from pg_class where oid = to_regclass('" + partition + "')");
    if (there.at(0) == "0") {
        connection.run("create table " + partition + " (like journal including defaults)");
        connection.run("alter table journal attach partition " + partition + " for values in (" + std::to_string(period) + ")");
    }
    transaction.commit();
}

}  // namespace

std::string partition_of(std::int32_t period) {
    const std::int64_t year = 1970 + (period >= 0 ? period / 12 : (period - 11) / 12);
    const std::int64_t month = period - (year - 1970) * 12 + 1;
    char text[64];
    std::snprintf(text, sizeof text, "\"journal_%lld_%02lld\"", static_cast<long long>(year), static_cast<long long>(month));
    return text;
}

bool Partitions::knows(std::int32_t period) const {
    const std::lock_guard lock{mutex_};
    return known_.contains(period);
}

void Partitions::ensure(Connection& connection, const std::vector<ports::JournalRow>& rows) {
    std::optional<std::int32_t> last;   // most rows are of one month
    for (const auto& row : rows) {
        if (row.period == last) continue;
        last = row.period;
        if (knows(row.period)) continue;
        make(connection, row.period);
        const std::lock_guard lock{mutex_};
        known_.insert(row.period);
    }
}

/// Takes the whole journal for a moment. Whoever reads it for long makes this give up, and not everybody else wait.
void Partitions::drop(Connection& connection, std::int32_t period) {
    Transaction transaction{connection};
    lock_tables(connection);
    connection.run("set local lock_timeout = '2s'");
    connection.run("drop table if exists " + partition_of(period));
    transaction.commit();
    const std::lock_guard lock{mutex_};
    known_.erase(period);
}

bool Partitions::forget() {
    const std::lock_guard lock{mutex_};
    return !std::exchange(known_, {}).empty();
}

}  // namespace kontor::store::postgresql
