#include "store/memory/memory_store.hpp"

#include "store/shared/cell.hpp"

#include <kontor/error.hpp>

#include <exception>

namespace kontor::store {

MemoryStore::MemoryStore(const Options& options)
    : info_{.id = new_store_id(), .buckets = options.buckets}, buckets_(options.buckets), owners_(options.buckets) {}

void MemoryStore::set_faults(FaultPlan plan) {
    const std::lock_guard lock{mutex_};
    faults_ = std::move(plan);
    commits_ = calls_ = 0;
}

std::uint64_t MemoryStore::commits() const {
    const std::lock_guard lock{mutex_};
    return commits_;
}

std::unique_lock<std::mutex> MemoryStore::enter() {
    std::unique_lock lock{mutex_};
    if (faults_.on_call && faults_.on_call(++calls_)) throw Error{Code::unavailable, "fault on demand"};
    return lock;
}

ports::Lease MemoryStore::take(std::uint32_t bucket, std::string_view node) {
    require_text("the name of the node", node);
    const auto lock = enter();
    return give(bucket, node);
}

ports::Lease MemoryStore::give(std::uint32_t bucket, std::string_view node) {
    if (bucket >= buckets_.size()) throw Error{Code::bad_input, "there is no bucket " + std::to_string(bucket)};
    BucketState& state = buckets_[bucket];
    ++state.epoch;
    owners_[bucket] = node;
    state.batch = 0;   // batches are numbered anew
    return {.bucket = bucket, .epoch = state.epoch, .next_sequence = state.next_sequence};
}

ports::CommitResult MemoryStore::commit(const ports::Batch& batch) noexcept {
    try {
        const std::lock_guard lock{mutex_};
        const std::uint64_t nth = ++commits_;
        const auto fault = faults_.on_commit ? faults_.on_commit(nth, batch) : std::nullopt;
        if (fault && fault->when == Fault::When::before_durable) return fault->answer;
        auto answer = write(batch);
        const bool hides = fault && std::holds_alternative<ports::Committed>(answer);
        return hides ? fault->answer : answer;
    } catch (const std::exception& error) {
        return ports::CommitUnknown{error.what()};   // out of memory in the middle: the maps may be half changed
    }
}

ports::CommitResult MemoryStore::write(const ports::Batch& batch) {
    if (auto why = defect(batch, info_.buckets)) return ports::CommitRefused{std::move(*why)};
    for (const auto& advance : batch.advances) {
        const BucketState& now = buckets_[advance.bucket];
        if (now.epoch != advance.epoch || now.next_sequence != advance.start) return ports::Fenced{};
    }
    for (const auto& row : batch.requests) {
        if (requests_.contains(row.id)) return ports::CommitRefused{"request " + row.id + " has been answered already"};
    }
    apply(batch);
    return ports::Committed{};
}

void MemoryStore::apply(const ports::Batch& batch) {
    for (const auto& advance : batch.advances) {
        buckets_[advance.bucket].next_sequence = advance.end;
        buckets_[advance.bucket].batch = batch.number;
    }
    for (const auto& row : batch.journal) journal_.emplace(row.position, row);
    for (const auto& row : batch.instances) {
        instances_[row.key] = row;
        row.active ? void(active_.insert(row.key)) : void(active_.erase(row.key));
    }
    for (const auto& row : batch.snapshots) snapshots_[row.instance] = row;
    for (const auto& row : batch.tasks) tasks_[row.key] = row;
    for (const auto& key : batch.tasks_gone) tasks_.erase(key);
    for (const auto& row : batch.incidents) incidents_[row.key] = row;
    for (const auto& key : batch.incidents_gone) incidents_.erase(key);
    for (const auto& row : batch.messages) messages_[row.key] = row;
    for (const auto& key : batch.messages_gone) messages_.erase(key);
    for (const auto& row : batch.requests) requests_.emplace(row.id, row);
    for (const auto& row : batch.replies) replies_.try_emplace({row.node, row.id}, row);
    apply_timers(batch);
    apply_inbox(batch);
}

void MemoryStore::apply_timers(const ports::Batch& batch) {
    const auto drop_timer = [&](std::uint64_t key) {
        const auto found = timers_.find(key);
        if (found == timers_.end()) return;
        timers_by_due_.erase({bucket_of(key), found->second.due, key});
        timers_.erase(found);
    };
    const auto drop_subscription = [&](core::WaitKey key) {
        const auto found = subscriptions_.find(key);
        if (found == subscriptions_.end()) return;
        subscriptions_by_message_.erase({found->second.message, found->second.correlation_key, key});
        subscriptions_.erase(found);
    };
    for (const auto& row : batch.timers) {
        drop_timer(row.key);
        timers_.emplace(row.key, row);
        timers_by_due_.emplace(bucket_of(row.key), row.due, row.key);
    }
    for (const std::uint64_t key : batch.timers_gone) drop_timer(key);
    for (const auto& row : batch.subscriptions) {
        drop_subscription(row.key);
        subscriptions_.emplace(row.key, row);
        subscriptions_by_message_.emplace(Correlation{row.message, row.correlation_key, row.key}, row.instance);
    }
    for (const core::WaitKey key : batch.subscriptions_gone) drop_subscription(key);
}

void MemoryStore::apply_inbox(const ports::Batch& batch) {
    for (const auto& row : batch.inbox) {
        if (!inbox_arrivals_.try_emplace({row.bucket, row.id}, arrivals_ + 1).second) continue;
        auto& kept = inbox_[{row.bucket, ++arrivals_}] = row;
        kept.arrival = arrivals_;
    }
    for (const auto& [bucket, id] : batch.inbox_consumed) {
        const auto found = inbox_arrivals_.find({bucket, id});
        if (found == inbox_arrivals_.end()) continue;
        inbox_.erase({bucket, found->second});
        inbox_arrivals_.erase(found);
    }
}

ports::Outcome MemoryStore::outcome(const ports::Batch& batch) {
    const auto lock = enter();
    std::optional<ports::Outcome> answer;
    for (const auto& advance : batch.advances) answer = together(answer, judge(advance, batch.number, buckets_.at(advance.bucket)));
    return answer.value_or(ports::Outcome::committed);
}

}  // namespace kontor::store
