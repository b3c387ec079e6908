#include "simulation/disk.hpp"

#include "processes/checked.hpp"

#include <kontor/error.hpp>

namespace kontor::simulation {

void Disk::take_time() {
    if (node_.is_gone()) return;
    if (const auto length = weather_.node_freezes()) node_.freeze(*length);
    if (const auto steps = weather_.slowness()) time_.linger(steps);
    if (weather_.node_crashes()) node_.crash();
}

void Disk::require_presence() const {
    if (node_.is_gone()) throw Error{Code::unavailable, "this engine is gone"};
}

template <class F>
auto Disk::call(F work) {
    take_time();
    require_presence();
    if (weather_.read_fails()) throw Error{Code::unavailable, "the database is away"};
    auto found = work();
    take_time();
    require_presence();
    return found;
}

ports::StoreInfo Disk::info() const {
    auto info = memory_.info();
    info.id = database_.id;
    return info;
}

// ---- leases -----------------------------------------------------------------------------------------------------------------

ports::Lease Disk::take(std::uint32_t bucket, std::string_view node) {
    return call([&] {
        const auto lease = memory_.take(bucket, node);
        epochs_[bucket] = database_.epochs[bucket] = lease.epoch;
        return lease;
    });
}
ports::Census Disk::renew(const ports::Node& node, Duration lease) {
    return call([&] { return memory_.renew(node, lease); });
}
std::optional<ports::Lease> Disk::take_free(std::uint32_t bucket, std::string_view node, std::uint64_t epoch) {
    return call([&] {
        const auto lease = memory_.take_free(bucket, node, epoch);
        if (lease) epochs_[bucket] = database_.epochs[bucket] = lease->epoch;
        time_.note([&] { return node_.name() + (lease ? " takes bucket " : " does not get bucket ") + std::to_string(bucket); });
        return lease;
    });
}
void Disk::release(std::uint32_t bucket, std::uint64_t epoch) {
    call([&] {
        memory_.release(bucket, epoch);
        time_.note([&] { return node_.name() + " gives up bucket " + std::to_string(bucket); });
        return true;
    });
}
void Disk::leave(std::string_view node) {
    call([&] { return memory_.leave(node), true; });
}
void Disk::signal(std::string_view text) {
    call([&] { return memory_.signal(text), true; });
}
/// What is said to an engine that is gone, or does not get through, it does not hear.
std::shared_ptr<void> Disk::listen(std::function<void(std::string_view text)> heard) {
    return memory_.listen([this, heard = std::move(heard)](std::string_view text) {
        if (!node_.is_gone() && !weather_.signal_is_lost()) heard(text);
    });
}

// ---- commits ----------------------------------------------------------------------------------------------------------------

ports::CommitResult Disk::commit(const ports::Batch& batch) noexcept {
    try {
        take_time();
        require_presence();
        auto result = commit_with_luck(batch);
        take_time();
        require_presence();
        return result;
    } catch (const std::exception& error) {
        return ports::CommitUnavailable{error.what()};   // of an engine that is gone: it gives up
    }
}

namespace {

/// What is written; what the rows of the journal say, their instance tells.
std::string describe(const ports::Batch& batch) {
    std::string text;
    for (const auto& row : batch.journal)
        text += "; row " + std::to_string(row.position.sequence) + " of bucket " + std::to_string(row.position.bucket) + ", of instance " + row.instance.str();
    for (const auto& row : batch.messages) text += "; message " + row.key.id + (row.taken ? " is taken" : " is kept");
    for (const auto& row : batch.inbox) text += "; to the inbox of " + std::to_string(row.bucket) + ": " + row.id;
    for (const auto& [bucket, id] : batch.inbox_consumed) text += "; from the inbox of " + std::to_string(bucket) + ": " + id;
    for (const auto& row : batch.subscriptions) text += "; " + row.key.str() + " waits for " + row.message + " with " + row.correlation_key;
    for (const auto key : batch.subscriptions_gone) text += "; " + key.str() + " waits no longer";
    return text;
}

}  // namespace

/// The batch as this machine's release writes it.
ports::Batch Disk::in_words_of_release(const ports::Batch& batch) try {
    return database_.release.rewritten(batch, memory_, time_.now());
} catch (const test::Violation& broken) {
    time_.accuse(broken.what());
    throw;
}

ports::CommitResult Disk::write(const ports::Batch& batch) {
    auto result = memory_.commit(database_.release.is_todays_alone() ? batch : in_words_of_release(batch));
    if (std::holds_alternative<ports::Committed>(result))
        time_.note([&] { return node_.name() + " writes" + describe(batch); });
    return result;
}

ports::CommitResult Disk::commit_with_luck(const ports::Batch& batch) {
    switch (weather_.commit(batch)) {
        case CommitFault::none: break;
        case CommitFault::refused: return ports::CommitRefused{"the database does not like it"};
        case CommitFault::unavailable: return ports::CommitUnavailable{"the database is away"};
        case CommitFault::unknown_absent: return ports::CommitUnknown{"the connection broke before"};
        case CommitFault::unknown_written:
            if (auto result = write(batch); !std::holds_alternative<ports::Committed>(result)) return result;
            return ports::CommitUnknown{"the connection broke behind"};
    }
    return write(batch);
}

ports::Outcome Disk::outcome(const ports::Batch& batch) {
    return call([&] {
        if (weather_.look_up_fails()) throw Error{Code::unavailable, "the database is away"};
        return memory_.outcome(batch);
    });
}

// ---- the rest is handed on ------------------------------------------------------------------------------------------------------

std::optional<ports::InstanceRow> Disk::instance(InstanceKey key) {
    return call([&] { return memory_.instance(key); });
}
std::optional<ports::SnapshotRow> Disk::snapshot(InstanceKey key) {
    return call([&] { return memory_.snapshot(key); });
}
std::vector<ports::JournalRow> Disk::journal(InstanceKey key, core::Position after, std::size_t limit) {
    return call([&] { return memory_.journal(key, after, limit); });
}
std::uint64_t Disk::next_sequence(std::uint32_t bucket) {
    return call([&] { return memory_.next_sequence(bucket); });
}
std::vector<ports::JournalRow> Disk::journal_of_bucket(std::uint32_t bucket, std::uint64_t from, std::size_t limit) {
    return call([&] { return memory_.journal_of_bucket(bucket, from, limit); });
}
std::vector<InstanceKey> Disk::active_instances(std::uint32_t bucket, InstanceKey after, std::size_t limit) {
    return call([&] { return memory_.active_instances(bucket, after, limit); });
}
std::vector<ports::TimerRow> Disk::timers_due(std::uint32_t bucket, Instant until, ports::TimerCursor after, std::size_t limit) {
    return call([&] { return memory_.timers_due(bucket, until, after, limit); });
}
std::vector<ports::InboxRow> Disk::inbox(std::uint32_t bucket, std::uint64_t after_arrival, std::size_t limit) {
    return call([&] { return memory_.inbox(bucket, after_arrival, limit); });
}
bool Disk::is_in_inbox(std::uint32_t bucket, std::string_view id) {
    return call([&] { return memory_.is_in_inbox(bucket, id); });
}
std::vector<ports::ReplyRow> Disk::replies(std::string_view node, std::size_t limit) {
    return call([&] { return memory_.replies(node, limit); });
}
void Disk::forget_replies(std::string_view node, const std::vector<std::string>& ids) {
    call([&] { return memory_.forget_replies(node, ids), true; });
}
std::vector<ports::SubscriptionRow> Disk::subscriptions(std::string_view message, std::string_view key, core::WaitKey after, std::size_t limit) {
    return call([&] { return memory_.subscriptions(message, key, after, limit); });
}
std::vector<ports::SubscriptionRow> Disk::all_subscriptions(core::WaitKey after, std::size_t limit) {
    return call([&] { return memory_.all_subscriptions(after, limit); });
}
std::vector<ports::MessageRow> Disk::messages(std::uint32_t bucket, std::string_view name, std::string_view key, std::size_t limit) {
    return call([&] { return memory_.messages(bucket, name, key, limit); });
}
std::optional<ports::MessageRow> Disk::message(const ports::MessageKey& key) {
    return call([&] { return memory_.message(key); });
}
std::vector<ports::MessageRow> Disk::messages_wanted(std::uint32_t bucket, std::size_t limit) {
    return call([&] { return memory_.messages_wanted(bucket, limit); });
}
std::optional<ports::RequestRow> Disk::request(std::string_view id) {
    return call([&] { return memory_.request(id); });
}
void Disk::deploy(const std::vector<ports::DeploymentRow>& rows) {
    call([&] { return memory_.deploy(rows), true; });
}
std::vector<ports::DeploymentRow> Disk::deployments() {
    return call([&] { return memory_.deployments(); });
}
std::vector<ports::InstanceRow> Disk::instances(const ports::InstanceFilter& filter) {
    return call([&] { return memory_.instances(filter); });
}
std::vector<ports::TaskRow> Disk::tasks(const ports::TaskFilter& filter) {
    return call([&] { return memory_.tasks(filter); });
}
std::optional<ports::TaskRow> Disk::task(TaskKey key) {
    return call([&] { return memory_.task(key); });
}
std::vector<ports::IncidentRow> Disk::incidents(const ports::IncidentFilter& filter) {
    return call([&] { return memory_.incidents(filter); });
}
std::vector<std::int32_t> Disk::periods() {
    return call([&] { return memory_.periods(); });
}
std::optional<std::uint64_t> Disk::drop_period(std::int32_t period, Instant ended_before) {
    return call([&] { return memory_.drop_period(period, ended_before); });
}
std::uint64_t Disk::forget(Instant messages, Instant requests, std::size_t limit) {
    return call([&] { return memory_.forget(messages, requests, limit); });
}
std::vector<std::string> Disk::integrity() {
    return call([&] { return memory_.integrity(); });
}

}  // namespace kontor::simulation
