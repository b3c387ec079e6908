// How a node gets a bucket, and how it loses it or gives it up.
#include "journal/error.hpp"
#include "ports/damaged.hpp"
#include "runtime/bucket/bucket.hpp"
#include "runtime/mail/letters.hpp"
#include "runtime/mail/post_office.hpp"
#include "runtime/mail/signals.hpp"

#include <algorithm>

namespace kontor::runtime {
namespace {

constexpr std::size_t instances_at_once = 1'000;
constexpr Duration longest_stay = std::chrono::minutes{10};

bool is_call(const core::Effect& effect) {
    return std::holds_alternative<core::PrepareCall>(effect) || std::holds_alternative<core::CallService>(effect) ||
           std::holds_alternative<core::QueryService>(effect);
}

}  // namespace

// ---- beginning --------------------------------------------------------------------------------------------------------------

Bucket::Beginning Bucket::find(const ports::Lease& lease) const {
    Beginning found{lease, {}};
    for (InstanceKey after;;) {
        const auto keys = shell_.store.active_instances(number_, after, instances_at_once);
        for (const InstanceKey key : keys) {
            after = key;
            // One that cannot be read, since it is damaged or runs what only a newer version understands, must not keep the others waiting.
            const auto leave = [&](const Error& error) {
                shell_.log(LogLevel::error, std::string{"an instance is left as it is: "} + error.what(), key);
            };
            try {
                if (auto live = read_instance(shell_.store, shell_.definitions, key)) found.under_way.push_back(std::move(*live));
            } catch (const journal::ReadError& error) {
                leave(error);
            } catch (const ports::Damaged& error) {
                leave(error);
            }
        }
        if (keys.size() < instances_at_once) return found;
    }
}

void Bucket::begin(Beginning found) {
    held_epoch_ = found.lease.epoch;
    post([this, found = std::move(found)]() mutable {
        if (held_) stand_down();   // it never is
        held_ = true;
        begun_ = shell_.now();
        ++tenure_;
        ++generation_;
        epoch_ = found.lease.epoch;
        next_sequence_ = durable_sequence_ = found.lease.next_sequence;
        for (Live& live : found.under_way) {
            if (live.newest.sequence >= next_sequence_) continue;   // another one has taken the bucket since: the fence will say so
            const InstanceKey key = live.state.key;
            under_way_.emplace_back(key, core::open_effects(live.state));
            instances_.put(key, std::move(live));
        }
        messages_.open();
        for (const auto& [to, row] : found.deliveries) messages_.expect(to.first, to.second, row);
        ends_.look_for_all();   // they may have come before
    });
}

void Bucket::recover() {
    post([this] {
        for (const auto& [key, open] : std::exchange(under_way_, {})) recover_instance(key, open);
        timers_.look();
    });
    look_after();
    look_after_messages();
}

/// Goes on with what was under way. Whether a call had an effect this engine cannot know.
void Bucket::recover_instance(InstanceKey key, const std::vector<core::Effect>& open) {
    std::vector<core::Effect> effects;
    for (const auto& effect : open) {
        if (const auto* call = std::get_if<core::CallService>(&effect))
            submit(Order{.instance = key, .command = core::LoseCall{call->job, "the engine was restarted", true, call->attempt}});
        else if (std::holds_alternative<core::PrepareCall>(effect) || std::holds_alternative<core::QueryService>(effect) ||
                 std::holds_alternative<core::RequestContinuation>(effect))
            effects.push_back(effect);
    }
    perform(key, effects);
}

// ---- end --------------------------------------------------------------------------------------------------------------------

void Bucket::probe() {
    post([this] {
        if (held_) commit_rows({}, [](const Result<void>&) {});
    });
}

void Bucket::lost(bool may_be_written, std::string why) {
    post([this, may_be_written, why = std::move(why)] { lose(may_be_written, why); });
}

/// What was decided and not written is void. Unless it may have been written all the same, it goes to whoever has the bucket now.
void Bucket::lose(bool may_be_written, const std::string& why) {
    shell_.log(LogLevel::warning, "bucket " + std::to_string(number_) + " is lost to this node: " + why, {});
    auto void_now = std::exchange(outstanding_, {});
    stand_down();
    const Error error{may_be_written ? Code::outcome_unknown : Code::shutting_down, why};
    for (Outstanding& out : void_now) {
        if (out.again) out.again();
        else if (out.rows_done) out.rows_done(error);
        else if (may_be_written) answer(out.order, error);
        else process(std::move(out.order));
    }
    held_epoch_ = 0;   // last: now it may be taken again
}

/// Forgets everything of this tenure. Orders that wait are sent to the next owner.
void Bucket::stand_down() {
    held_ = false;
    leaving_.reset();
    ++tenure_;
    ++generation_;
    under_way_.clear();
    outstanding_.clear();
    instances_.clear();
    postponed_.clear();
    stay_ = {};
    calls_.leave();
    timers_.leave();
    inbox_.leave();
    messages_.leave();
    for (auto& [key, loading] : std::exchange(loading_, {})) pass_on(std::move(loading.waiting));
    for (auto& [id, waiting] : std::exchange(requests_, {})) pass_on(std::move(waiting));
    ends_.look_for_all();
}

void Bucket::pass_on(std::deque<Order> orders) {
    for (Order& order : orders) process(std::move(order));
}

/// Another node has the bucket.
void Bucket::go_elsewhere(Order order) {
    if (!order.inbox_id.empty() || order.look) {   // its row is still there for the next owner; what is looked for is not here
        --queued_;
        inbox_.leave_to_others(order.inbox_id);
        return;
    }
    if (!order.from_outside && !travels(order.command))
        return answer(order, Error{Code::shutting_down, "another node has bucket " + std::to_string(number_)});
    --queued_;
    shell_.post.send(number_, std::move(order));
}

// ---- giving up --------------------------------------------------------------------------------------------------------------

void Bucket::hand_over(Duration patience) {
    post([this, patience] {
        if (!held_ || leaving_ || shell_.now() < stays_until_) return;
        stay_ = std::clamp(2 * stay_, patience, longest_stay);
        leaving_.emplace();
        leaving_->until = shell_.now() + patience;
        leaving_->alarm = shell_.workshop.clock().alarm(leaving_->until, [this] {
            post([this] { try_to_leave(); });
        });
        try_to_leave();
    });
}

/// Calls are not begun while the bucket is given up. One whose attempt is recorded is made: else nobody would know whether it had been.
bool Bucket::holds_back(InstanceKey key, const core::Effect& effect) {
    if (!leaving_ || !is_call(effect)) return false;
    if (const auto* call = std::get_if<core::CallService>(&effect); call && calls_.has_slot(call->job)) return false;
    leaving_->held_back.emplace_back(key, effect);
    return true;
}

void Bucket::calls_have_changed() {
    if (leaving_) try_to_leave();
}

void Bucket::try_to_leave() {
    if (!leaving_) return;
    if (!leaving_->closed) {
        if (!calls_.is_idle() && shell_.now() < leaving_->until) return;
        if (calls_.has_unsafe()) return stay();
        leaving_->closed = true;
    }
    if (outstanding_.empty()) release();
}

/// A call that nobody could repeat or ask about takes too long: another time.
void Bucket::stay() {
    const auto held_back = std::move(leaving_->held_back);
    leaving_.reset();
    stays_until_ = shell_.now() + stay_;
    for (const auto& [key, effect] : held_back) perform(key, {effect});
}

void Bucket::release() {
    stand_down();
    read([this, epoch = epoch_] { return shell_.store.release(number_, epoch), true; },
         [this](const Result<bool>& released) {
             if (!released) shell_.log(LogLevel::warning, std::string{"a bucket cannot be given up: "} + released.error().what(), {});
             held_epoch_ = 0;   // not before: until then this node must not take it for its own and begin anew
             shell_.signals.tell({Signal::About::nodes});
         });
}

}  // namespace kontor::runtime
