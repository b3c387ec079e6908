#include "runtime/commit/merge.hpp"

#include <algorithm>
#include <map>

namespace kontor::runtime {
namespace {

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
    to.insert(to.end(), from.begin(), from.end());
}

/// Keeps the last row of each key, at the place of the first.
template <class Row, class KeyOf>
void keep_last(std::vector<Row>& rows, KeyOf key_of) {
    if (rows.size() < 2) return;
    std::map<decltype(key_of(rows.front())), std::size_t> place;
    std::vector<Row> kept;
    kept.reserve(rows.size());
    for (Row& row : rows) {
        const auto [it, is_new] = place.try_emplace(key_of(row), kept.size());
        if (is_new) kept.push_back(std::move(row));
        else kept[it->second] = std::move(row);
    }
    rows = std::move(kept);
}

template <class T>
void keep_one(std::vector<T>& keys) {
    if (keys.size() < 2) return;
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

/// A batch first deletes and then writes; of what comes and goes within one batch only the end counts.
template <class Row, class Key, class KeyOf>
void come_and_go(std::vector<Row>& rows, std::vector<Key>& gone, const std::vector<Row>& more, const std::vector<Key>& more_gone, KeyOf key_of) {
    if (!rows.empty())
        for (const Key& key : more_gone) std::erase_if(rows, [&](const Row& row) { return key_of(row) == key; });
    append(gone, more_gone);
    if (!gone.empty())
        for (const Row& row : more) std::erase(gone, key_of(row));
    append(rows, more);
}

}  // namespace

void Merge::add(const ports::Batch& b) {
    for (const auto& advance : b.advances) {
        const auto it = std::find_if(batch_.advances.begin(), batch_.advances.end(), [&](const auto& a) { return a.bucket == advance.bucket; });
        if (it == batch_.advances.end()) batch_.advances.push_back(advance);
        else it->end = advance.end;
    }
    append(batch_.journal, b.journal);
    append(batch_.instances, b.instances);
    append(batch_.snapshots, b.snapshots);
    append(batch_.inbox, b.inbox);
    append(batch_.inbox_consumed, b.inbox_consumed);
    append(batch_.replies, b.replies);
    append(batch_.requests, b.requests);
    come_and_go(batch_.timers, batch_.timers_gone, b.timers, b.timers_gone, [](const auto& r) { return r.key; });
    come_and_go(batch_.subscriptions, batch_.subscriptions_gone, b.subscriptions, b.subscriptions_gone, [](const auto& r) { return r.key; });
    come_and_go(batch_.tasks, batch_.tasks_gone, b.tasks, b.tasks_gone, [](const auto& r) { return r.key; });
    come_and_go(batch_.incidents, batch_.incidents_gone, b.incidents, b.incidents_gone, [](const auto& r) { return r.key; });
    come_and_go(batch_.messages, batch_.messages_gone, b.messages, b.messages_gone, [](const auto& r) { return r.key; });
}

ports::Batch Merge::take() && {
    keep_last(batch_.instances, [](const auto& r) { return r.key; });
    keep_last(batch_.snapshots, [](const auto& r) { return r.instance; });
    keep_last(batch_.timers, [](const auto& r) { return r.key; });
    keep_last(batch_.subscriptions, [](const auto& r) { return r.key; });
    keep_last(batch_.tasks, [](const auto& r) { return r.key; });
    keep_last(batch_.incidents, [](const auto& r) { return r.key; });
    keep_last(batch_.messages, [](const auto& r) { return r.key; });
    keep_one(batch_.timers_gone);
    keep_one(batch_.subscriptions_gone);
    keep_one(batch_.tasks_gone);
    keep_one(batch_.incidents_gone);
    keep_one(batch_.messages_gone);
    keep_one(batch_.inbox_consumed);
    return std::move(batch_);
}

}  // namespace kontor::runtime
