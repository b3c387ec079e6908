#include "store/sqlite/sqlite_store.hpp"

namespace kontor::store {

/// From the newest row back to the position, then the oldest of those.
std::vector<ports::JournalRow> SqliteStore::journal(InstanceKey key, core::Position after, std::size_t limit) {
    return many<ports::JournalRow>(
        "where position in (with recursive chain (p) as ("
        "select last from instance where key = :key and last > :after union all "
        "select :first + j.previous * 4096 from chain cross join journal j on j.position = chain.p "
        "where j.previous <> 0 and :first + j.previous * 4096 > :after) select p from chain order by p limit :limit) order by position",
        {key, packed(after), first_key(bucket_of(key.value)), limited(limit)});
}

void SqliteStore::query(const std::string& sql, std::span<const Argument> arguments, std::span<const Kind> results, const Take& take) {
    read([&](Connection& connection) {
        connection.query(without_marks(sql), arguments, results, take);
        return true;
    });
}

}  // namespace kontor::store
