#pragma once
/// Calls of services from one bucket: made after the commit that says so, and their answers brought back.
#include "runtime/bucket/shell.hpp"
#include "runtime/instance/live.hpp"

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

namespace kontor::runtime {

class Bucket;

/// On its bucket's strand.
class CallDesk {
public:
    explicit CallDesk(Bucket& bucket) : bucket_{bucket} {}

    /// An attempt is recorded when there is room to make it, not before: one that has begun is one whose outcome may be unknown.
    void prepare(InstanceKey, core::ElementKey job);
    /// Makes the attempt that is recorded.
    void call(InstanceKey, core::ElementKey job, std::uint32_t attempt);
    /// Asks what became of one.
    void query(InstanceKey, core::ElementKey job);
    /// Another node gets the bucket: what has not begun is left to it.
    void leave() { slots_.clear(); }

    /// An attempt of the job is being recorded, or is recorded and not made yet.
    [[nodiscard]] bool has_slot(core::ElementKey job) const { return slots_.contains(job); }
    [[nodiscard]] bool is_idle() const { return under_way_.empty() && slots_.empty(); }
    /// Something is under way, or about to be, that nobody may repeat.
    [[nodiscard]] bool has_unsafe() const;

private:
    void require_bound(InstanceKey, const std::string& service) const;
    /// Counts the call as under way until the last copy is gone.
    [[nodiscard]] std::shared_ptr<void> begin(InstanceKey, core::ElementKey job, std::uint32_t attempt);
    /// `is_ours`: a commit has just shown that the bucket is still here.
    void invoke(InstanceKey, core::ElementKey job, std::uint32_t attempt, Slot, std::shared_ptr<void> under_way, bool is_ours = false);
    [[nodiscard]] ServiceCall::Content content_of(const Live&, core::ElementKey job) const;

    Bucket& bucket_;
    std::unordered_map<core::ElementKey, Slot> slots_;              ///< taken for attempts that are being recorded
    std::map<std::pair<core::ElementKey, std::uint32_t>, model::Contract> under_way_;   ///< by job and attempt
};

}  // namespace kontor::runtime
