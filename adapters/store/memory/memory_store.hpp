#pragma once
/// The reference store: what a store does, in maps, without a disk. Gone with the object; keep the object to play a restart.
#include "ports/store.hpp"
#include "store/memory/fault_plan.hpp"
#include "store/options.hpp"
#include "store/shared/ears.hpp"
#include "store/shared/presences.hpp"
#include "store/shared/validity.hpp"

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <tuple>

namespace kontor::store {

/// Thread-safe; every call holds one lock. Errors as the port says, and those of its FaultPlan.
class MemoryStore : public ports::Store {
public:
    explicit MemoryStore(const Options& options = {});

    /// What leases are measured by; the system's unless set.
    void set_clock(std::function<Instant()> now);
    /// From here on; counts begin anew.
    void set_faults(FaultPlan plan);
    [[nodiscard]] std::uint64_t commits() const;   ///< that were asked for since then

    [[nodiscard]] ports::StoreInfo info() const override { return info_; }
    ports::Lease take(std::uint32_t bucket, std::string_view node) override;
    ports::Census renew(const ports::Node&, Duration lease) override;
    std::optional<ports::Lease> take_free(std::uint32_t bucket, std::string_view node, std::uint64_t epoch) override;
    void release(std::uint32_t bucket, std::uint64_t epoch) override;
    void leave(std::string_view node) override;
    void signal(std::string_view text) override;
    std::shared_ptr<void> listen(std::function<void(std::string_view text)> heard) override;
    ports::CommitResult commit(const ports::Batch&) noexcept override;
    ports::Outcome outcome(const ports::Batch&) override;

    std::optional<ports::InstanceRow> instance(InstanceKey) override;
    std::optional<ports::SnapshotRow> snapshot(InstanceKey) override;
    std::vector<ports::JournalRow> journal(InstanceKey, core::Position after, std::size_t limit) override;
    std::uint64_t next_sequence(std::uint32_t bucket) override;
    std::vector<ports::JournalRow> journal_of_bucket(std::uint32_t bucket, std::uint64_t from, std::size_t limit) override;
    std::vector<InstanceKey> active_instances(std::uint32_t bucket, InstanceKey after, std::size_t limit) override;
    std::vector<ports::TimerRow> timers_due(std::uint32_t bucket, Instant until, ports::TimerCursor after, std::size_t limit) override;
    std::vector<ports::InboxRow> inbox(std::uint32_t bucket, std::uint64_t after_arrival, std::size_t limit) override;
    bool is_in_inbox(std::uint32_t bucket, std::string_view id) override;
    std::vector<ports::ReplyRow> replies(std::string_view node, std::size_t limit) override;
    std::vector<ports::SubscriptionRow> all_subscriptions(core::WaitKey after, std::size_t limit) override;
    std::vector<ports::SubscriptionRow> subscriptions(std::string_view message, std::string_view correlation_key, core::WaitKey after,
                                                      std::size_t limit) override;
    std::vector<ports::MessageRow> messages(std::uint32_t bucket, std::string_view name, std::string_view correlation_key,
                                            std::size_t limit) override;
    std::optional<ports::MessageRow> message(const ports::MessageKey&) override;
    std::vector<ports::MessageRow> messages_wanted(std::uint32_t bucket, std::size_t limit) override;
    std::optional<ports::RequestRow> request(std::string_view id) override;
    void deploy(const std::vector<ports::DeploymentRow>&) override;
    std::vector<ports::DeploymentRow> deployments() override;
    std::vector<ports::InstanceRow> instances(const ports::InstanceFilter&) override;
    std::vector<ports::TaskRow> tasks(const ports::TaskFilter&) override;
    std::optional<ports::TaskRow> task(TaskKey) override;
    std::vector<ports::IncidentRow> incidents(const ports::IncidentFilter&) override;
    std::vector<std::int32_t> periods() override;
    using ports::Store::drop_period;
    std::optional<std::uint64_t> drop_period(std::int32_t period, Instant ended_before) override;
    void forget_replies(std::string_view node, const std::vector<std::string>& ids) override;
    std::uint64_t forget(Instant messages_until, Instant requests_before, std::size_t limit) override;
    void skip_to(std::uint64_t sequence) override;
    void accept_restored() override {}   // what lives as long as a process is never restored
    std::vector<std::string> integrity() override;

private:
    /// The lock, after the fault plan has had its say.
    std::unique_lock<std::mutex> enter();
    ports::Lease give(std::uint32_t bucket, std::string_view node);
    ports::CommitResult write(const ports::Batch&);
    void apply(const ports::Batch&);
    void apply_timers(const ports::Batch&);
    void apply_inbox(const ports::Batch&);

    using Correlation = std::tuple<std::string, std::string, core::WaitKey>;   ///< message, correlation key

    mutable std::mutex mutex_;
    FaultPlan faults_;
    std::uint64_t commits_ = 0;
    std::uint64_t calls_ = 0;
    const ports::StoreInfo info_;

    Presences presences_;
    Ears ears_;

    std::vector<BucketState> buckets_;
    std::vector<std::string> owners_;                                                   ///< of buckets
    std::map<core::Position, ports::JournalRow> journal_;
    std::map<InstanceKey, ports::InstanceRow> instances_;
    std::set<InstanceKey> active_;
    std::map<InstanceKey, ports::SnapshotRow> snapshots_;
    std::map<std::uint64_t, ports::TimerRow> timers_;
    std::set<std::tuple<std::uint32_t, Instant, std::uint64_t>> timers_by_due_;
    std::map<core::WaitKey, ports::SubscriptionRow> subscriptions_;
    std::map<Correlation, InstanceKey> subscriptions_by_message_;
    std::map<TaskKey, ports::TaskRow> tasks_;
    std::map<IncidentKey, ports::IncidentRow> incidents_;
    std::uint64_t arrivals_ = 0;
    std::map<std::pair<std::uint32_t, std::uint64_t>, ports::InboxRow> inbox_;          ///< by arrival
    std::map<std::pair<std::uint32_t, std::string>, std::uint64_t> inbox_arrivals_;     ///< by id
    std::map<ports::MessageKey, ports::MessageRow> messages_;
    std::map<std::string, ports::RequestRow, std::less<>> requests_;
    std::map<std::pair<std::string, std::string>, ports::ReplyRow> replies_;            ///< by node and id
    std::map<std::string, ports::DeploymentRow> deployments_;
};

}  // namespace kontor::store
