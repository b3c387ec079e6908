#include "store/memory/memory_store.hpp"
#include "store/shared/cell.hpp"

#include <kontor/error.hpp>

#include <algorithm>
#include <set>

namespace kontor::store {

namespace {

bool ended(const ports::InstanceRow& row) {
    using lifecycle::Instance;
    return row.phase == Instance::completed || row.phase == Instance::cancelled || row.phase == Instance::failed;
}

}  // namespace

void MemoryStore::deploy(const std::vector<ports::DeploymentRow>& rows) {
    for (const auto& row : rows) require(row);
    const auto lock = enter();
    auto all = deployments_;
    for (const auto& row : rows) {
        const auto [found, is_new] = all.emplace(row.id, row);
        if (!is_new) require_same(found->second, row);
        for (const auto& [id, there] : all)
            if (id != row.id && there.process == row.process && there.version == row.version) refuse_version(row);
    }
    deployments_ = std::move(all);
}

std::vector<std::int32_t> MemoryStore::periods() {
    const auto lock = enter();
    std::set<std::int32_t> found;
    for (const auto& [key, row] : instances_)
        if (!row.dropped) found.insert(row.period);
    return {found.begin(), found.end()};
}

std::optional<std::uint64_t> MemoryStore::drop_period(std::int32_t period, Instant ended_before) {
    const auto lock = enter();
    for (const auto& [key, row] : instances_) {
        if (row.period == period && !row.dropped && (!ended(row) || row.changed >= ended_before)) return std::nullopt;
    }
    std::uint64_t count = 0;
    for (auto& [key, row] : instances_) {
        if (row.period != period || row.dropped) continue;
        row.dropped = true;
        snapshots_.erase(key);
        ++count;
    }
    std::erase_if(journal_, [&](const auto& entry) { return entry.second.period == period; });
    return count;
}

std::uint64_t MemoryStore::forget(Instant messages_until, Instant requests_before, std::size_t limit) {
    const auto lock = enter();
    std::uint64_t messages = 0;
    std::uint64_t requests = 0;
    std::erase_if(messages_, [&](const auto& entry) { return entry.second.until <= messages_until && messages < limit && ++messages; });
    std::erase_if(requests_, [&](const auto& entry) { return entry.second.answered < requests_before && requests < limit && ++requests; });
    std::uint64_t replies = 0;
    std::erase_if(replies_, [&](const auto& entry) { return entry.second.sent < requests_before && replies < limit && ++replies; });
    return messages + requests + replies;
}

void MemoryStore::forget_replies(std::string_view node, const std::vector<std::string>& ids) {
    const auto lock = enter();
    for (const auto& id : ids) replies_.erase({std::string{node}, id});
}

void MemoryStore::skip_to(std::uint64_t sequence) {
    const auto lock = enter();
    owners_.assign(owners_.size(), {});
    for (auto& bucket : buckets_) {
        ++bucket.epoch;
        bucket.next_sequence = std::max(bucket.next_sequence, sequence);
    }
}

std::vector<std::string> MemoryStore::integrity() {
    const auto lock = enter();
    std::vector<std::string> wrong;
    for (std::uint32_t bucket = 0; bucket < buckets_.size(); ++bucket) {
        const auto last = journal_.lower_bound({bucket, buckets_[bucket].next_sequence});
        if (last != journal_.end() && last->first.bucket == bucket) wrong.push_back("bucket " + std::to_string(bucket) + " has rows beyond its end");
    }
    return wrong;
}

}  // namespace kontor::store
