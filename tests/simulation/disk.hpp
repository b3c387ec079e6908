#pragma once
/// The database as one engine sees it: shared by all nodes, slow, away for a while, in doubt about commits; and silent once its engine is gone.
#include "simulation/earlier_release.hpp"
#include "simulation/time.hpp"
#include "simulation/weather.hpp"

#include <functional>
#include <string>

namespace kontor::simulation {

/// What all nodes share.
struct Database {
    explicit Database(std::string its_id, std::uint32_t buckets) : id{std::move(its_id)}, memory{{.buckets = buckets}}, epochs(buckets) {}
    const std::string id;                  ///< the same for the same seed
    store::MemoryStore memory;
    std::vector<std::uint64_t> epochs;     ///< of the last who took each bucket
    Release release;                       ///< of whoever writes
};

/// What a call of the store may do to its node.
class Incidents {
public:
    virtual ~Incidents() = default;
    virtual void crash() = 0;
    virtual void freeze(Duration) = 0;
    [[nodiscard]] virtual bool is_gone() const = 0;
    [[nodiscard]] virtual const std::string& name() const = 0;
};

class Disk final : public ports::Store {
public:
    Disk(Database& database, Time& time, Weather& weather, Incidents& node)
        : database_{database}, memory_{database.memory}, time_{time}, weather_{weather}, node_{node}, epochs_(database.epochs.size()) {}

    /// Whether nobody has taken the bucket since this engine did, nor has it been given up.
    [[nodiscard]] bool owns(std::uint32_t bucket) const { return epochs_[bucket] != 0 && epochs_[bucket] == database_.epochs[bucket]; }

    [[nodiscard]] ports::StoreInfo info() const override;
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
    void forget_replies(std::string_view node, const std::vector<std::string>& ids) override;
    std::vector<ports::SubscriptionRow> subscriptions(std::string_view message, std::string_view key, core::WaitKey after, std::size_t limit) override;
    std::vector<ports::SubscriptionRow> all_subscriptions(core::WaitKey after, std::size_t limit) override;
    std::vector<ports::MessageRow> messages(std::uint32_t bucket, std::string_view name, std::string_view key, std::size_t limit) override;
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
    std::optional<std::uint64_t> drop_period(std::int32_t period, Instant ended_before) override;
    std::uint64_t forget(Instant messages, Instant requests, std::size_t limit) override;
    void skip_to(std::uint64_t sequence) override { memory_.skip_to(sequence); }
    void accept_restored() override { memory_.accept_restored(); }
    std::vector<std::string> integrity() override;

private:
    /// Before and after the store does something: the others go on, the node stands still or dies.
    void take_time();
    void require_presence() const;
    ports::CommitResult commit_with_luck(const ports::Batch&);
    ports::Batch in_words_of_release(const ports::Batch&);
    ports::CommitResult write(const ports::Batch&);
    /// A call that is slow, finds the database away, or finds what is old by the time that it returns.
    template <class F>
    auto call(F work);

    Database& database_;
    store::MemoryStore& memory_;
    Time& time_;
    Weather& weather_;
    Incidents& node_;
    std::vector<std::uint64_t> epochs_;
};

}  // namespace kontor::simulation
