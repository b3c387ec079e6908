#include "store/shared/sql_reads.hpp"
#include "store/shared/validity.hpp"

#include <algorithm>

namespace kontor::store {

std::optional<ports::InstanceRow> SqlReads::instance(InstanceKey key) {
    return one<ports::InstanceRow>("where key = :key", {key});
}

std::optional<ports::SnapshotRow> SqlReads::snapshot(InstanceKey key) {
    return one<ports::SnapshotRow>("where instance = :key", {key});
}

std::uint64_t SqlReads::next_sequence(std::uint32_t bucket) {
    return static_cast<std::uint64_t>(numbers("select next_sequence from bucket where id = :id", {bucket}).at(0));
}

std::vector<ports::JournalRow> SqlReads::journal_of_bucket(std::uint32_t bucket, std::uint64_t from, std::size_t limit) {
    return many<ports::JournalRow>("where position >= :from and position <= :end order by position limit :limit",
                                   {packed({bucket, from}), first_key(bucket) | (first_key(1) - 1), limited(limit)});
}

std::vector<InstanceKey> SqlReads::active_instances(std::uint32_t bucket, InstanceKey after, std::size_t limit) {
    std::vector<InstanceKey> keys;
    for (const auto key : numbers("select key from instance where active = 1 and key > :after and key <= :end order by key limit :limit",
                                  {std::max(after.value, first_key(bucket)), first_key(bucket) | (first_key(1) - 1), limited(limit)})) {
        keys.push_back({static_cast<std::uint64_t>(key)});
    }
    return keys;
}

std::vector<ports::TimerRow> SqlReads::timers_due(std::uint32_t bucket, Instant until, ports::TimerCursor after, std::size_t limit) {
    return many<ports::TimerRow>(
        "where bucket = :bucket and due < :until and (due, key) > (:due, :key) order by due, key limit :limit",
        {bucket, until, after.due, after.key, limited(limit)});
}

std::vector<ports::InboxRow> SqlReads::inbox(std::uint32_t bucket, std::uint64_t after_arrival, std::size_t limit) {
    return many<ports::InboxRow>("where bucket = :bucket and arrival > :after order by arrival limit :limit",
                                 {bucket, after_arrival, limited(limit)});
}

bool SqlReads::is_in_inbox(std::uint32_t bucket, std::string_view id) {
    require_text("the id of the inbox row", id);
    return !numbers("select arrival from inbox where bucket = :bucket and {id = :id}", {bucket, id}).empty();
}

std::vector<ports::ReplyRow> SqlReads::replies(std::string_view node, std::size_t limit) {
    require_text("the name of the node", node);
    return many<ports::ReplyRow>("where {node = :node} limit :limit", {node, limited(limit)});
}

std::vector<ports::SubscriptionRow> SqlReads::subscriptions(std::string_view message, std::string_view correlation_key,
                                                               core::WaitKey after, std::size_t limit) {
    require_text("the name of the message", message);
    require_text("the correlation key", correlation_key);
    return many<ports::SubscriptionRow>(
        "where {message = :message} and {correlation_key = :correlation_key} and key > :after order by key limit :limit",
        {message, correlation_key, after, limited(limit)});
}

std::vector<ports::SubscriptionRow> SqlReads::all_subscriptions(core::WaitKey after, std::size_t limit) {
    return many<ports::SubscriptionRow>("where key > :after order by key limit :limit", {after, limited(limit)});
}

std::vector<ports::MessageRow> SqlReads::messages(std::uint32_t bucket, std::string_view name, std::string_view correlation_key,
                                                     std::size_t limit) {
    require_text("the name of the message", name);
    require_text("the correlation key", correlation_key);
    return many<ports::MessageRow>(
        "where bucket = :bucket and {name = :name} and {correlation_key = :correlation_key} and taken = 0 order by published, id limit :limit",
        {bucket, name, correlation_key, limited(limit)});
}

std::optional<ports::MessageRow> SqlReads::message(const ports::MessageKey& key) {
    require(key);
    return one<ports::MessageRow>("where bucket = :bucket and {name = :name} and {correlation_key = :correlation_key} and {id = :id}",
                                  {key.bucket, key.name, key.correlation_key, key.id});
}

std::vector<ports::MessageRow> SqlReads::messages_wanted(std::uint32_t bucket, std::size_t limit) {
    return many<ports::MessageRow>(
        "where bucket = :bucket and taken = 0 and exists (select 1 from subscription s where {s.message = message.name} and "
        "{s.correlation_key = message.correlation_key}) order by published, id limit :limit",
        {bucket, limited(limit)});
}

std::optional<ports::RequestRow> SqlReads::request(std::string_view id) {
    require_text("the request's id", id);
    return one<ports::RequestRow>("where {id = :id}", {id});
}

std::optional<ports::TaskRow> SqlReads::task(TaskKey key) { return one<ports::TaskRow>("where key = :key", {key}); }

std::vector<ports::DeploymentRow> SqlReads::deployments() {
    return many<ports::DeploymentRow>("order by process, version, id", {});
}

std::string without_marks(std::string_view sql) {
    std::string plain;
    for (const char c : sql)
        if (c != '{' && c != '}') plain += c;
    return plain;
}

}  // namespace kontor::store
