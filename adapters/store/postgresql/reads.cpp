#include "store/postgresql/postgresql_store.hpp"

namespace kontor::store::postgresql {

/// From the newest row back to the position, then the oldest of those; all of them in one partition.
std::vector<ports::JournalRow> PostgresqlStore::journal(InstanceKey key, core::Position after, std::size_t limit) {
    return many<ports::JournalRow>(
        "where period = (select period from instance where key = :key) and position in (with recursive chain (p) as ("
        "select last from instance where key = :key and last > :after union all "
        "select :first + j.previous * 4096 from chain join journal j on j.position = chain.p "
        "and j.period = (select period from instance where key = :key) "
        "where j.previous <> 0 and :first + j.previous * 4096 > :after) select p from chain order by p limit :limit) order by position",
        {key, packed(after), first_key(bucket_of(key.value)), limited(limit)});
}

/// A connection may have gone since it was used last; reading twice does no harm.
void PostgresqlStore::query(const std::string& sql, std::span<const Argument> arguments, std::span<const Kind> results, const Take& take) {
    const auto read = [&](Connection& connection) {
        connection.query(sql, arguments, results, take);
        return true;
    };
    try {
        try {
            readers_.with(read);
        } catch (const Failure& failure) {
            if (!failure.lost()) throw;
            readers_.with(read);
        }
    } catch (const Failure& failure) {
        throw error_of(name(), failure);
    }
}

}  // namespace kontor::store::postgresql
