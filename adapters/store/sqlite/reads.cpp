#include "store/shared/validity.hpp"
#include "store/sqlite/sqlite_store.hpp"

#include <algorithm>

namespace kontor::store {

std::optional<ports::InstanceRow> SqliteStore::instance(InstanceKey key) {
    return one<ports::InstanceRow>("where key = :key", {key});
}

std::optional<ports::SnapshotRow> SqliteStore::snapshot(InstanceKey key) {
    return one<ports::SnapshotRow>("where instance = :key", {key});
}

/// From the newest row back to the position, then the oldest of those.
std::vector<ports::JournalRow> SqliteStore::journal(InstanceKey key, core::Position after, std::size_t limit) {
    return many<ports::JournalRow>(
        "where position in (with recursive chain (p) as ("
        "select last from instance where key = :key and last > :after union all "
        "select :first + j.previous * 4096 from chain cross join journal j on j.position = chain.p "
        "where j.previous <> 0 and :first + j.previous * 4096 > :after) select p from chain order by p limit :limit) order by position",
        {key, packed(after), first_key(bucket_of(key.value)), limited(limit)});
}

std::uint64_t SqliteStore::next_sequence(std::uint32_t bucket) {
    const auto rows = read([&](Connection& connection) { return connection.numbers("select next_sequence from bucket where id = :id", 1, {bucket}); });
    return static_cast<std::uint64_t>(rows.at(0).at(0));
}

std::vector<ports::JournalRow> SqliteStore::journal_of_bucket(std::uint32_t bucket, std::uint64_t from, std::size_t limit) {
    return many<ports::JournalRow>("where position >= :from and position <= :end order by position limit :limit",
                                   {packed({bucket, from}), first_key(bucket) | (first_key(1) - 1), limited(limit)});
}

std::vector<InstanceKey> SqliteStore::active_instances(std::uint32_t bucket, InstanceKey after, std::size_t limit) {
    const auto rows = read([&](Connection& connection) {
        return connection.numbers("select key from instance where active = 1 and key > :after and key <= :end order by key limit :limit", 1,
                                  {std::max(after.value, first_key(bucket)), first_key(bucket) | (first_key(1) - 1), limited(limit)});
    });
    std::vector<InstanceKey> keys;
    for (const auto& row : rows) keys.push_back({static_cast<std::uint64_t>(row[0])});
    return keys;
}

std::vector<ports::TimerRow> SqliteStore::timers_due(std::uint32_t bucket, Instant until, ports::TimerCursor after, std::size_t limit) {
    return many<ports::TimerRow>(
        "where bucket = :bucket and due < :until and (due, key) > (:due, :key) order by due, key limit :limit",
        {bucket, until, after.due, after.key, limited(limit)});
}

std::vector<ports::InboxRow> SqliteStore::inbox(std::uint32_t bucket, std::uint64_t after_arrival, std::size_t limit) {
    return many<ports::InboxRow>("where bucket = :bucket and arrival > :after order by arrival limit :limit",
                                 {bucket, after_arrival, limited(limit)});
}

std::vector<ports::SubscriptionRow> SqliteStore::subscriptions(std::string_view message, std::string_view correlation_key,
                                                               core::WaitKey after, std::size_t limit) {
    require_text("the name of the message", message);
    require_text("the correlation key", correlation_key);
    return many<ports::SubscriptionRow>(
        "where message = :message and correlation_key = :correlation_key and key > :after order by key limit :limit",
        {message, correlation_key, after, limited(limit)});
}

std::vector<ports::SubscriptionRow> SqliteStore::all_subscriptions(core::WaitKey after, std::size_t limit) {
    return many<ports::SubscriptionRow>("where key > :after order by key limit :limit", {after, limited(limit)});
}

std::vector<ports::MessageRow> SqliteStore::messages(std::uint32_t bucket, std::string_view name, std::string_view correlation_key,
                                                     std::size_t limit) {
    require_text("the name of the message", name);
    require_text("the correlation key", correlation_key);
    return many<ports::MessageRow>(
        "where bucket = :bucket and name = :name and correlation_key = :correlation_key and taken = 0 order by published, id limit :limit",
        {bucket, name, correlation_key, limited(limit)});
}

std::optional<ports::MessageRow> SqliteStore::message(const ports::MessageKey& key) {
    require(key);
    return one<ports::MessageRow>("where bucket = :bucket and name = :name and correlation_key = :correlation_key and id = :id",
                                  {key.bucket, key.name, key.correlation_key, key.id});
}

std::vector<ports::MessageRow> SqliteStore::messages_wanted(std::uint32_t bucket, std::size_t limit) {
    return many<ports::MessageRow>(
        "where bucket = :bucket and taken = 0 and exists (select 1 from subscription s where s.message = message.name and "
        "s.correlation_key = message.correlation_key) order by published, id limit :limit",
        {bucket, limited(limit)});
}

std::optional<ports::RequestRow> SqliteStore::request(std::string_view id) {
    require_text("the request's id", id);
    return one<ports::RequestRow>("where id = :id", {id});
}

std::optional<ports::TaskRow> SqliteStore::task(TaskKey key) { return one<ports::TaskRow>("where key = :key", {key}); }

std::vector<ports::DeploymentRow> SqliteStore::deployments() {
    return many<ports::DeploymentRow>("order by process, version, id", {});
}

}  // namespace kontor::store
