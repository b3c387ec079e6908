#include "runtime/support.hpp"

#include <utility>

namespace kontor::test {

bool until(const std::function<bool()>& condition, std::chrono::seconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return true;
}

Code code_of(const std::function<void()>& work) {
    try {
        work();
        return Code::ok;
    } catch (const Error& error) {
        return error.code();
    }
}

// ---- the store --------------------------------------------------------------------------------------------------------------

namespace {

class Forwarding final : public ports::Store {
public:
    Forwarding(Disk& disk, std::shared_ptr<Wire> wire) : disk_{disk}, wire_{std::move(wire)}, memory_{disk.memory} {}

    [[nodiscard]] ports::StoreInfo info() const override { return memory_.info(); }
    ports::Lease take(std::uint32_t bucket, std::string_view node) override { return disk_.read("take"), to().take(bucket, node); }
    ports::Census renew(const ports::Node& node, Duration lease) override { return disk_.read("renew"), to().renew(node, lease); }
    std::optional<ports::Lease> take_free(std::uint32_t bucket, std::string_view node, std::uint64_t epoch) override {
        return disk_.read("take"), to().take_free(bucket, node, epoch);
    }
    void release(std::uint32_t bucket, std::uint64_t epoch) override { disk_.read("release"), to().release(bucket, epoch); }
    void leave(std::string_view node) override { disk_.read("leave"), to().leave(node); }
    void signal(std::string_view text) override { disk_.read("signal"), to().signal(text); }
    std::shared_ptr<void> listen(std::function<void(std::string_view)> heard) override {
        return memory_.listen([wire = wire_, heard = std::move(heard)](std::string_view text) {
            if (!wire || !wire->is_cut()) heard(text);
        });
    }
    ports::CommitResult commit(const ports::Batch& batch) noexcept override { return to().commit(batch); }
    ports::Outcome outcome(const ports::Batch& batch) override { return to().outcome(batch); }
    std::optional<ports::InstanceRow> instance(InstanceKey key) override { return disk_.read("instance"), to().instance(key); }
    std::optional<ports::SnapshotRow> snapshot(InstanceKey key) override { return to().snapshot(key); }
    std::vector<ports::JournalRow> journal(InstanceKey key, core::Position after, std::size_t limit) override {
        return disk_.read("journal"), to().journal(key, after, limit);
    }
    std::uint64_t next_sequence(std::uint32_t bucket) override { return to().next_sequence(bucket); }
    std::vector<ports::JournalRow> journal_of_bucket(std::uint32_t bucket, std::uint64_t from, std::size_t limit) override {
        return disk_.read("journal_of_bucket"), to().journal_of_bucket(bucket, from, limit);
    }
    std::vector<InstanceKey> active_instances(std::uint32_t bucket, InstanceKey after, std::size_t limit) override {
        return disk_.read("active_instances"), to().active_instances(bucket, after, limit);
    }
    std::vector<ports::TimerRow> timers_due(std::uint32_t bucket, Instant end, ports::TimerCursor after, std::size_t limit) override {
        return disk_.read("timers_due"), to().timers_due(bucket, end, after, limit);
    }
    /// The hook comes between the reading and the answer: what was read may be old by then.
    std::vector<ports::InboxRow> inbox(std::uint32_t bucket, std::uint64_t after, std::size_t limit) override {
        auto rows = to().inbox(bucket, after, limit);
        disk_.read(rows.empty() ? "empty inbox" : "inbox");
        return rows;
    }
    std::vector<ports::SubscriptionRow> subscriptions(std::string_view message, std::string_view key, core::WaitKey after, std::size_t limit) override {
        return disk_.read("subscriptions"), to().subscriptions(message, key, after, limit);
    }
    bool is_in_inbox(std::uint32_t bucket, std::string_view id) override { return to().is_in_inbox(bucket, id); }
    std::vector<ports::ReplyRow> replies(std::string_view node, std::size_t limit) override { return disk_.read("replies"), to().replies(node, limit); }
    void forget_replies(std::string_view node, const std::vector<std::string>& ids) override { to().forget_replies(node, ids); }
    std::vector<ports::SubscriptionRow> all_subscriptions(core::WaitKey after, std::size_t limit) override { return to().all_subscriptions(after, limit); }
    std::vector<ports::MessageRow> messages(std::uint32_t bucket, std::string_view name, std::string_view key, std::size_t limit) override {
        return to().messages(bucket, name, key, limit);
    }
    std::optional<ports::MessageRow> message(const ports::MessageKey& key) override { return to().message(key); }
    std::vector<ports::MessageRow> messages_wanted(std::uint32_t bucket, std::size_t limit) override { return to().messages_wanted(bucket, limit); }
    std::optional<ports::RequestRow> request(std::string_view id) override { return disk_.read("request"), to().request(id); }
    void deploy(const std::vector<ports::DeploymentRow>& rows) override { to().deploy(rows); }
    std::vector<ports::DeploymentRow> deployments() override { return to().deployments(); }
    std::vector<ports::InstanceRow> instances(const ports::InstanceFilter& filter) override { return to().instances(filter); }
    std::vector<ports::TaskRow> tasks(const ports::TaskFilter& filter) override { return to().tasks(filter); }
    std::optional<ports::TaskRow> task(TaskKey key) override { return to().task(key); }
    std::vector<ports::IncidentRow> incidents(const ports::IncidentFilter& filter) override { return to().incidents(filter); }
    std::vector<std::int32_t> periods() override { return disk_.read("periods"), to().periods(); }
    std::optional<std::uint64_t> drop_period(std::int32_t period, Instant ended_before) override { return to().drop_period(period, ended_before); }
    void skip_to(std::uint64_t sequence) override { to().skip_to(sequence); }
    void accept_restored() override { to().accept_restored(); }
    std::uint64_t forget(Instant messages, Instant requests, std::size_t limit) override { return to().forget(messages, requests, limit); }
    std::vector<std::string> integrity() override { return to().integrity(); }

private:
    /// The store, once the wire lets this call through.
    [[nodiscard]] ports::Store& to() {
        if (wire_) wire_->pass();
        return memory_;
    }

    Disk& disk_;
    const std::shared_ptr<Wire> wire_;
    ports::Store& memory_;
};

}  // namespace

void Disk::before_read(std::function<void(std::string_view)> hook) {
    const std::scoped_lock lock{mutex_};
    hook_ = std::move(hook);
}

void Disk::read(std::string_view name) {
    std::function<void(std::string_view)> hook;
    {
        const std::scoped_lock lock{mutex_};
        hook = hook_;
    }
    if (hook) hook(name);
}

Store Disk::store(std::shared_ptr<Wire> wire) {
    return {[this, wire = std::move(wire)] { return std::make_unique<Forwarding>(*this, wire); }};
}

void Wire::cut() {
    const std::scoped_lock lock{mutex_};
    cut_ = true;
}

void Wire::mend() {
    const std::scoped_lock lock{mutex_};
    cut_ = false;
    mended_.notify_all();
}

void Wire::pass() {
    std::unique_lock lock{mutex_};
    ++waiting_;
    mended_.wait(lock, [this] { return !cut_; });
    --waiting_;
}

bool Wire::is_cut() const {
    const std::scoped_lock lock{mutex_};
    return cut_;
}

int Wire::waiting() const {
    const std::scoped_lock lock{mutex_};
    return waiting_;
}

// ---- the clock --------------------------------------------------------------------------------------------------------------

struct TestClock::Ring {
    std::mutex mutex;
    std::function<void()> then;
};

TestClock::TestClock(Instant now) : now_{now}, thread_{[this] { run(); }} {}

TestClock::~TestClock() {
    {
        const std::scoped_lock lock{mutex_};
        over_ = true;
        changed_.notify_all();
    }
    thread_.join();
}

Instant TestClock::now() const {
    const std::scoped_lock lock{mutex_};
    return now_;
}

std::shared_ptr<void> TestClock::alarm(Instant when, std::function<void()> then) {
    auto ring = std::make_shared<Ring>();
    ring->then = std::move(then);
    const std::scoped_lock lock{mutex_};
    alarms_.emplace(when, ring);
    changed_.notify_all();
    return ring;
}

void TestClock::move(Duration by) {
    const std::scoped_lock lock{mutex_};
    now_ += by;
    changed_.notify_all();
}

void TestClock::run() {
    std::unique_lock lock{mutex_};
    for (;;) {
        changed_.wait(lock, [this] { return over_ || (!alarms_.empty() && alarms_.begin()->first <= now_); });
        if (over_) return;
        const auto ring = alarms_.begin()->second.lock();
        alarms_.erase(alarms_.begin());
        if (!ring) continue;
        lock.unlock();
        ring->then();
        lock.lock();
    }
}

// ---- gates ------------------------------------------------------------------------------------------------------------------

void Gate::open() {
    const std::scoped_lock lock{mutex_};
    open_ = true;
    opened_.notify_all();
}

void Gate::pass() {
    std::unique_lock lock{mutex_};
    ++waiting_;
    opened_.wait(lock, [this] { return open_; });
    --waiting_;
}

int Gate::waiting() const {
    const std::scoped_lock lock{mutex_};
    return waiting_;
}

}  // namespace kontor::test
