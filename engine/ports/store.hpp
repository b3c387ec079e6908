#pragma once
/// The store: the one door to a database. Every implementation passes tests/store_suite unchanged.
#include "ports/census.hpp"
#include "ports/rows.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kontor::ports {

/// The right to write to a bucket. Whoever takes the bucket gets a higher epoch; the older one can no longer commit.
struct Lease {
    std::uint32_t bucket = 0;
    std::uint64_t epoch = 0;
    std::uint64_t next_sequence = 1;
};

/// What a commit does to one bucket: `update bucket set next_seq = end where id = bucket and epoch = epoch and next_seq = start`.
/// It is the fence, the order and the proof of the commit in one.
struct Advance {
    std::uint32_t bucket = 0;
    std::uint64_t epoch = 0;
    std::uint64_t start = 0;
    std::uint64_t end = 0;            ///< equal to start if only derived or inbox rows change
};

/// Everything that becomes durable together. Within a list a key stands once, and in one of a list and its list of what is gone.
/// Deletions of absent rows do nothing. The journal rows of a bucket fill its advance from start to end without a gap; rows of an
/// instance stand in the order of their positions.
struct Batch {
    std::uint64_t number = 0;                    ///< higher with each commit under the same leases: outcome() knows the batch by it
    std::vector<Advance> advances{};
    std::vector<JournalRow> journal{};
    std::vector<InstanceRow> instances{};        ///< inserted or replaced
    std::vector<SnapshotRow> snapshots{};        ///< replace the older one
    std::vector<TimerRow> timers{};              ///< inserted or replaced
    std::vector<std::uint64_t> timers_gone{};
    std::vector<SubscriptionRow> subscriptions{};  ///< inserted or replaced
    std::vector<core::WaitKey> subscriptions_gone{};
    std::vector<TaskRow> tasks{};                ///< inserted or replaced
    std::vector<TaskKey> tasks_gone{};
    std::vector<IncidentRow> incidents{};        ///< inserted or replaced
    std::vector<IncidentKey> incidents_gone{};
    std::vector<InboxRow> inbox{};               ///< a row that is there already stays as it is
    std::vector<std::pair<std::uint32_t, std::string>> inbox_consumed{};
    std::vector<ReplyRow> replies{};             ///< a row that is there already stays as it is
    std::vector<MessageRow> messages{};          ///< inserted or replaced
    std::vector<MessageKey> messages_gone{};
    std::vector<RequestRow> requests{};          ///< one that is there already refuses the batch
};

struct Committed {};
/// Another epoch owns one of the buckets, or has moved it on: nothing was written, and nothing ever will be by this lease.
struct Fenced {};
/// Nobody can say: the connection broke, or the disk failed while it was asked to make the batch durable. Ask outcome().
struct CommitUnknown { std::string why; };
/// Nothing was written and the batch is not to blame: the disk is full, another process holds the lock. The same batch may succeed later.
struct CommitUnavailable { std::string why; };
/// Nothing was written and the store is well: something in the batch is wrong.
struct CommitRefused { std::string why; };
using CommitResult = std::variant<Committed, Fenced, CommitUnknown, CommitUnavailable, CommitRefused>;

/// What became of a batch whose commit is unknown. `absent`: it is not there and will never be. `fenced`: others have all of its buckets
/// by now, and what they did hides the answer.
enum class Outcome : std::uint8_t { committed, absent, fenced };

struct StoreInfo {
    std::string id{};                 ///< made when the store was created: the prefix of idempotency keys
    std::uint32_t buckets = 16;       ///< fixed when the store was created
    std::uint32_t feature_level = 1;
    std::vector<std::string> warnings{};   ///< for an operator: what is allowed, and may cost him what was confirmed
};

struct InstanceFilter {
    std::string process{};            ///< empty: all
    std::optional<lifecycle::Instance> phase{};
    std::optional<bool> has_incident{};
    std::string business_key{};
    std::optional<Instant> started_from{};
    std::optional<Instant> started_before{};
    InstanceKey after{};              ///< paging: keys greater than this one
    std::size_t limit = 100;
};
struct TaskFilter {
    std::string candidate_group{};
    std::string candidate_user{};
    std::string assignee{};
    InstanceKey instance{};
    TaskKey after{};
    std::size_t limit = 100;
};
struct IncidentFilter {
    std::string process{};
    InstanceKey instance{};
    std::string element{};
    std::string kind{};
    std::optional<Instant> raised_before{};
    IncidentKey after{};
    std::size_t limit = 100;
};

/// Where the next page of timers begins: after this one.
struct TimerCursor {
    Instant due = Instant::min();
    std::uint64_t key = 0;
};

/// Everything blocks; any thread, reads run beside a commit and see what was committed before they began. Throws Error{unavailable} when
/// the database cannot be reached or is damaged, Error{bad_input} for a text that no store can hold; a throw leaves everything as it was.
/// Only commit() never throws.
class Store {
public:
    virtual ~Store() = default;

    [[nodiscard]] virtual StoreInfo info() const = 0;

    /// Takes the bucket for a node: its epoch rises, so that an earlier owner is fenced, and its batches are numbered anew.
    virtual Lease take(std::uint32_t bucket, std::string_view node) = 0;

    // ---- several nodes -------------------------------------------------------------------------------------------------------------
    /// The node is here and will be for `lease`, or until it renews that. Tells who else is, and who has what.
    virtual Census renew(const Node&, Duration lease) = 0;
    /// Takes a bucket that is free, or the node's own already, if its epoch is still this one: of several that try, one gets it. Ends what
    /// the node before has open, and waits behind a commit that it has begun.
    virtual std::optional<Lease> take_free(std::uint32_t bucket, std::string_view node, std::uint64_t epoch) = 0;
    /// Gives the bucket up; does nothing if its epoch is another one by now.
    virtual void release(std::uint32_t bucket, std::uint64_t epoch) = 0;
    /// The node is gone, and what it had is free.
    virtual void leave(std::string_view node) = 0;
    /// Tells all nodes that listen, this one among them. Some may not hear it.
    virtual void signal(std::string_view text) = 0;
    /// Calls back with what is signalled, and with nothing when something may have been missed, until what is returned is dropped; from any
    /// thread, one call at a time. The callback must not block.
    [[nodiscard]] virtual std::shared_ptr<void> listen(std::function<void(std::string_view text)> heard) = 0;
    virtual CommitResult commit(const Batch&) noexcept = 0;
    /// Whether the batch was committed. Waits behind a backend that may still be at it, and makes the answer final: after `absent` the
    /// batch cannot appear any more, after `committed` it cannot go.
    virtual Outcome outcome(const Batch&) = 0;

    // ---- what the runtime reads ----------------------------------------------------------------------------------------------------
    virtual std::optional<InstanceRow> instance(InstanceKey) = 0;
    virtual std::optional<SnapshotRow> snapshot(InstanceKey) = 0;
    /// The rows of an instance after a position, oldest first. Costs a step for every row behind that position, read or not.
    virtual std::vector<JournalRow> journal(InstanceKey, core::Position after, std::size_t limit) = 0;
    /// What the next row of a bucket will have.
    virtual std::uint64_t next_sequence(std::uint32_t bucket) = 0;
    /// The rows of a bucket from a sequence number on, oldest first: what subscriptions follow.
    virtual std::vector<JournalRow> journal_of_bucket(std::uint32_t bucket, std::uint64_t from, std::size_t limit) = 0;
    virtual std::vector<InstanceKey> active_instances(std::uint32_t bucket, InstanceKey after, std::size_t limit) = 0;
    /// Due before `until`, the earliest first.
    virtual std::vector<TimerRow> timers_due(std::uint32_t bucket, Instant until, TimerCursor after, std::size_t limit) = 0;
    /// In the order of arrival. With several senders a row may become visible after one with a higher number: now and then begin at 0.
    virtual std::vector<InboxRow> inbox(std::uint32_t bucket, std::uint64_t after_arrival, std::size_t limit) = 0;
    /// Whether a row is there that nobody has consumed.
    virtual bool is_in_inbox(std::uint32_t bucket, std::string_view id) = 0;
    virtual std::vector<ReplyRow> replies(std::string_view node, std::size_t limit) = 0;
    virtual std::vector<SubscriptionRow> subscriptions(std::string_view message, std::string_view correlation_key, core::WaitKey after,
                                                       std::size_t limit) = 0;
    /// All, by key, those of a bucket together: for checks.
    virtual std::vector<SubscriptionRow> all_subscriptions(core::WaitKey after, std::size_t limit) = 0;
    /// Those that nobody has taken, in the order of publication. Their time may be over: compare `until`.
    virtual std::vector<MessageRow> messages(std::uint32_t bucket, std::string_view name, std::string_view correlation_key, std::size_t limit) = 0;
    virtual std::optional<MessageRow> message(const MessageKey&) = 0;
    /// Those that nobody has taken although a subscription fits: what a node that stopped in between leaves behind.
    virtual std::vector<MessageRow> messages_wanted(std::uint32_t bucket, std::size_t limit) = 0;
    virtual std::optional<RequestRow> request(std::string_view id) = 0;

    // ---- deployments ---------------------------------------------------------------------------------------------------------------
    /// All or nothing. Throws Error{conflict} if one of the ids, or that version of its process, exists with another content; the same once
    /// more changes nothing.
    virtual void deploy(const std::vector<DeploymentRow>&) = 0;
    /// By process and version.
    virtual std::vector<DeploymentRow> deployments() = 0;

    // ---- what people ask -------------------------------------------------------------------------------------------------------------
    virtual std::vector<InstanceRow> instances(const InstanceFilter&) = 0;
    /// A filter's conditions hold all together; an empty one is none.
    virtual std::vector<TaskRow> tasks(const TaskFilter&) = 0;
    virtual std::optional<TaskRow> task(TaskKey) = 0;
    virtual std::vector<IncidentRow> incidents(const IncidentFilter&) = 0;

    // ---- care ------------------------------------------------------------------------------------------------------------------------
    /// Periods of which a journal is there, in their order. May read all instances once: not for every second.
    virtual std::vector<std::int32_t> periods() = 0;
    /// Drops the journal of instances of a period if all of them have ended, and changed last before `ended_before`; their chain's head and
    /// length stay. Returns how many instances went, or nothing if some still run or have not ended for long enough. May read all
    /// instances. Works in portions, between which others commit: after a crash, call it again.
    virtual std::optional<std::uint64_t> drop_period(std::int32_t period, Instant ended_before) = 0;
    std::optional<std::uint64_t> drop_period(std::int32_t period) { return drop_period(period, Instant::max()); }
    /// Replies that have been read.
    virtual void forget_replies(std::string_view node, const std::vector<std::string>& ids) = 0;
    /// Forgets messages whose time is over, and requests and replies answered before an instant; returns how many, at most `limit` of each.
    virtual std::uint64_t forget(Instant messages_until, Instant requests_before, std::size_t limit) = 0;
    /// After a restore: every bucket goes on at this sequence number if it is not beyond it, so that no key is made a second time. Fences
    /// all owners.
    virtual void skip_to(std::uint64_t sequence) = 0;
    /// What was restored has been looked after: the store can be opened as any other again.
    virtual void accept_restored() = 0;
    /// The database's own integrity check: what is wrong, empty if nothing.
    virtual std::vector<std::string> integrity() = 0;
};

}  // namespace kontor::ports
