#include "simulation/store.hpp"

namespace kontor::simulation {

Commit Store::commit(const Batch& batch, Fault fault) {
    if (fault == Fault::before) return Commit::unknown;
    Bucket& bucket = buckets_[batch.bucket];
    // The fence: update bucket set next_seq = :end where id = :b and epoch = :e and next_seq = :start
    if (bucket.lease.epoch != batch.epoch || bucket.lease.next != batch.start) return ++fenced, Commit::fenced;
    Bucket changed = fault == Fault::torn ? bucket : Bucket{};
    Bucket& target = fault == Fault::torn ? changed : bucket;
    target.lease.next = batch.end();
    for (const Row& row : batch.rows) target.journal[row.instance].push_back(row);
    if (fault == Fault::torn) return Commit::unknown;   // a transaction that dies in the middle has not happened
    for (const auto& [id, result] : batch.requests) bucket.requests.emplace(id, result);
    for (const std::string& id : batch.consumed) bucket.messages.erase(id);
    return fault == Fault::after ? Commit::unknown : Commit::done;
}

Lease Store::take(std::uint32_t bucket, Instant until) {
    Lease& lease = buckets_[bucket].lease;
    ++lease.epoch;
    lease.until = until;
    return lease;
}

bool Store::renew(std::uint32_t bucket, std::uint64_t epoch, Instant until) {
    Lease& lease = buckets_[bucket].lease;
    if (lease.epoch != epoch) return false;
    lease.until = until;
    return true;
}

void Store::publish(std::uint32_t bucket, Message message) {
    if (!buckets_[bucket].seen.emplace(message.id, true).second) return;   // published twice
    buckets_[bucket].messages.emplace(message.id, std::move(message));
}

}  // namespace kontor::simulation
