#include "store/memory/memory_store.hpp"
#include "store/shared/cell.hpp"

#include <algorithm>
#include <tuple>

namespace kontor::store {

namespace {

template <class Map, class K>
auto look_up(const Map& map, const K& key) -> std::optional<typename Map::mapped_type> {
    const auto found = map.find(key);
    return found == map.end() ? std::nullopt : std::optional{found->second};
}

/// Up to `limit` values of a map behind a key that fulfil a condition.
template <class Map, class Fits>
auto page(const Map& map, const typename Map::key_type& after, std::size_t limit, const Fits& fits) {
    std::vector<typename Map::mapped_type> rows;
    for (auto it = map.upper_bound(after); it != map.end() && rows.size() < limit; ++it) {
        if (fits(it->second)) rows.push_back(it->second);
    }
    return rows;
}

bool holds(const std::vector<std::string>& list, const std::string& text) { return std::ranges::find(list, text) != list.end(); }

}  // namespace

std::optional<ports::InstanceRow> MemoryStore::instance(InstanceKey key) {
    const auto lock = enter();
    return look_up(instances_, key);
}

std::optional<ports::SnapshotRow> MemoryStore::snapshot(InstanceKey key) {
    const auto lock = enter();
    return look_up(snapshots_, key);
}

std::vector<ports::JournalRow> MemoryStore::journal(InstanceKey key, core::Position after, std::size_t limit) {
    const auto lock = enter();
    const auto head = instances_.find(key);
    if (head == instances_.end()) return {};
    std::vector<ports::JournalRow> rows;
    auto at = journal_.find(head->second.last);
    while (at != journal_.end() && at->first > after) {
        rows.push_back(at->second);
        at = at->second.previous == 0 ? journal_.end() : journal_.find({at->first.bucket, at->second.previous});
    }
    std::ranges::reverse(rows);
    rows.resize(std::min(rows.size(), limit));
    return rows;
}

std::uint64_t MemoryStore::next_sequence(std::uint32_t bucket) {
    const auto lock = enter();
    return buckets_.at(bucket).next_sequence;
}

std::vector<ports::JournalRow> MemoryStore::journal_of_bucket(std::uint32_t bucket, std::uint64_t from, std::size_t limit) {
    const auto lock = enter();
    std::vector<ports::JournalRow> rows;
    for (auto it = journal_.lower_bound({bucket, from}); it != journal_.end() && it->first.bucket == bucket && rows.size() < limit; ++it) {
        rows.push_back(it->second);
    }
    return rows;
}

std::vector<InstanceKey> MemoryStore::active_instances(std::uint32_t bucket, InstanceKey after, std::size_t limit) {
    const auto lock = enter();
    std::vector<InstanceKey> keys;
    for (auto it = active_.upper_bound(std::max(after, InstanceKey{first_key(bucket)}));
         it != active_.end() && bucket_of(it->value) == bucket && keys.size() < limit; ++it) {
        keys.push_back(*it);
    }
    return keys;
}

std::vector<ports::TimerRow> MemoryStore::timers_due(std::uint32_t bucket, Instant until, ports::TimerCursor after, std::size_t limit) {
    const auto lock = enter();
    std::vector<ports::TimerRow> rows;
    for (auto it = timers_by_due_.upper_bound({bucket, after.due, after.key}); it != timers_by_due_.end() && rows.size() < limit; ++it) {
        const auto& [its_bucket, due, key] = *it;
        if (its_bucket != bucket || due >= until) break;
        rows.push_back(timers_.at(key));
    }
    return rows;
}

bool MemoryStore::is_in_inbox(std::uint32_t bucket, std::string_view id) {
    require_text("the id of the inbox row", id);
    const auto lock = enter();
    return inbox_arrivals_.contains({bucket, std::string{id}});
}

std::vector<ports::ReplyRow> MemoryStore::replies(std::string_view node, std::size_t limit) {
    require_text("the name of the node", node);
    const auto lock = enter();
    std::vector<ports::ReplyRow> rows;
    for (auto it = replies_.lower_bound({std::string{node}, ""}); it != replies_.end() && it->first.first == node && rows.size() < limit; ++it) {
        rows.push_back(it->second);
    }
    return rows;
}

std::vector<ports::InboxRow> MemoryStore::inbox(std::uint32_t bucket, std::uint64_t after_arrival, std::size_t limit) {
    const auto lock = enter();
    std::vector<ports::InboxRow> rows;
    for (auto it = inbox_.upper_bound({bucket, after_arrival}); it != inbox_.end() && it->first.first == bucket && rows.size() < limit; ++it) {
        rows.push_back(it->second);
    }
    return rows;
}

std::vector<ports::SubscriptionRow> MemoryStore::subscriptions(std::string_view message, std::string_view correlation_key,
                                                               core::WaitKey after, std::size_t limit) {
    require_text("the name of the message", message);
    require_text("the correlation key", correlation_key);
    const auto lock = enter();
    std::vector<ports::SubscriptionRow> rows;
    for (auto it = subscriptions_by_message_.upper_bound({std::string{message}, std::string{correlation_key}, after});
         it != subscriptions_by_message_.end() && rows.size() < limit; ++it) {
        const auto& [its_message, its_key, wait] = it->first;
        if (its_message != message || its_key != correlation_key) break;
        rows.push_back(subscriptions_.at(wait));
    }
    return rows;
}

std::vector<ports::SubscriptionRow> MemoryStore::all_subscriptions(core::WaitKey after, std::size_t limit) {
    const auto lock = enter();
    std::vector<ports::SubscriptionRow> rows;
    for (auto it = subscriptions_.upper_bound(after); it != subscriptions_.end() && rows.size() < limit; ++it) rows.push_back(it->second);
    return rows;
}

std::vector<ports::MessageRow> MemoryStore::messages(std::uint32_t bucket, std::string_view name, std::string_view correlation_key,
                                                     std::size_t limit) {
    require_text("the name of the message", name);
    require_text("the correlation key", correlation_key);
    const auto lock = enter();
    std::vector<ports::MessageRow> rows;
    for (auto it = messages_.lower_bound({bucket, std::string{name}, std::string{correlation_key}, {}}); it != messages_.end(); ++it) {
        const auto& [key, row] = *it;
        if (key.bucket != bucket || key.name != name || key.correlation_key != correlation_key) break;
        if (!row.taken) rows.push_back(row);
    }
    std::ranges::sort(rows, {}, [](const auto& row) { return std::tie(row.published, row.key.id); });
    if (rows.size() > limit) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end());
    return rows;
}

std::optional<ports::MessageRow> MemoryStore::message(const ports::MessageKey& key) {
    require(key);
    const auto lock = enter();
    return look_up(messages_, key);
}

std::vector<ports::MessageRow> MemoryStore::messages_wanted(std::uint32_t bucket, std::size_t limit) {
    const auto lock = enter();
    const auto is_wanted = [this](const ports::MessageKey& key) {
        const auto it = subscriptions_by_message_.lower_bound({key.name, key.correlation_key, core::WaitKey{}});
        return it != subscriptions_by_message_.end() && std::get<0>(it->first) == key.name && std::get<1>(it->first) == key.correlation_key;
    };
    std::vector<ports::MessageRow> rows;
    for (auto it = messages_.lower_bound({bucket, {}, {}, {}}); it != messages_.end() && it->first.bucket == bucket; ++it)
        if (!it->second.taken && is_wanted(it->first)) rows.push_back(it->second);
    std::ranges::sort(rows, {}, [](const auto& row) { return std::tie(row.published, row.key.id); });
    if (rows.size() > limit) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end());
    return rows;
}

std::optional<ports::RequestRow> MemoryStore::request(std::string_view id) {
    require_text("the request's id", id);
    const auto lock = enter();
    return look_up(requests_, id);
}

std::vector<ports::InstanceRow> MemoryStore::instances(const ports::InstanceFilter& filter) {
    require_text("the name of the process", filter.process);
    require_text("the business key", filter.business_key);
    const auto lock = enter();
    return page(instances_, filter.after, filter.limit, [&](const ports::InstanceRow& row) {
        return (filter.process.empty() || row.process == filter.process) && (!filter.phase || row.phase == *filter.phase) &&
               (!filter.has_incident || row.has_incident == *filter.has_incident) &&
               (filter.business_key.empty() || row.business_key == filter.business_key) &&
               (!filter.started_from || row.started >= *filter.started_from) &&
               (!filter.started_before || row.started < *filter.started_before);
    });
}

std::vector<ports::TaskRow> MemoryStore::tasks(const ports::TaskFilter& filter) {
    for (const auto& text : {filter.candidate_group, filter.candidate_user, filter.assignee}) require_text("a condition", text);
    const auto lock = enter();
    return page(tasks_, filter.after, filter.limit, [&](const ports::TaskRow& row) {
        return (filter.candidate_group.empty() || holds(row.candidate_groups, filter.candidate_group)) &&
               (filter.candidate_user.empty() || holds(row.candidate_users, filter.candidate_user)) &&
               (filter.assignee.empty() || row.assignee == filter.assignee) && (!filter.instance || row.instance == filter.instance);
    });
}

std::optional<ports::TaskRow> MemoryStore::task(TaskKey key) {
    const auto lock = enter();
    return look_up(tasks_, key);
}

std::vector<ports::IncidentRow> MemoryStore::incidents(const ports::IncidentFilter& filter) {
    require_text("the name of the process", filter.process);
    require_text("the element", filter.element);
    require_text("the kind", filter.kind);
    const auto lock = enter();
    return page(incidents_, filter.after, filter.limit, [&](const ports::IncidentRow& row) {
        return (filter.process.empty() || row.process == filter.process) && (!filter.instance || row.instance == filter.instance) &&
               (filter.element.empty() || row.element == filter.element) && (filter.kind.empty() || row.kind == filter.kind) &&
               (!filter.raised_before || row.raised < *filter.raised_before);
    });
}

std::vector<ports::DeploymentRow> MemoryStore::deployments() {
    const auto lock = enter();
    std::vector<ports::DeploymentRow> rows;
    for (const auto& [id, row] : deployments_) rows.push_back(row);
    std::ranges::sort(rows, {}, [](const auto& row) { return std::tie(row.process, row.version, row.id); });
    return rows;
}

}  // namespace kontor::store
