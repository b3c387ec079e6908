// What becomes of a bucket's decisions: they are committed, or refused and made again.
#include "runtime/bucket/bucket.hpp"

namespace kontor::runtime {
namespace {

constexpr Duration after_a_refusal = std::chrono::seconds{10};

/// What is left of a command whose outcome cannot be recorded as it is.
struct Instead {
    const std::string& why;
    using Result = std::optional<core::Command>;
    Result operator()(const core::CompleteJob& c) const { return core::LoseAnswer{c.job, why}; }
    Result operator()(const core::ReturnError& c) const { return core::FailJob{c.job, "its answer is lost: " + why, std::nullopt, true}; }
    Result operator()(const core::DeferJob& c) const { return core::LoseCall{c.job, "its answer is lost: " + why}; }
    Result operator()(const core::AnswerQuery& c) const {
        return c.took_effect ? Result{core::AnswerQuery{c.job, std::nullopt, {}, c.attempt}} : std::nullopt;
    }
    Result operator()(const core::StartAttempt&) const { return halt(); }
    Result operator()(const core::WakeUpJob&) const { return halt(); }
    Result operator()(const core::FireTimer&) const { return halt(); }
    Result operator()(const core::CorrelateMessage&) const { return halt(); }
    Result operator()(const core::Continue&) const { return halt(); }
    Result operator()(const auto&) const { return std::nullopt; }
    [[nodiscard]] Result halt() const { return core::Halt{"a step could not be recorded: " + why}; }
};

}  // namespace

void Bucket::commit_rows(ports::Batch rows, std::function<void(const Result<void>&)> done, std::function<void()> again) {
    if (!held_) return done(Error{Code::shutting_down, "another node has bucket " + std::to_string(number_)});
    Unit unit{rows, generation_};
    unit.rows.advances = {{number_, epoch_, next_sequence_, next_sequence_}};
    Outstanding out;
    out.rows = std::move(rows);
    out.rows_done = std::move(done);
    out.again = std::move(again);
    outstanding_.push_back(std::move(out));
    shell_.committer.submit(*this, std::move(unit));
}

void Bucket::committed(std::size_t units) {
    post([this, units] {
        for (std::size_t i = 0; i < units && !outstanding_.empty(); ++i) {
            Outstanding done = std::move(outstanding_.front());
            outstanding_.pop_front();
            settle(done);
        }
        shell_.on_commit(number_);
        if (leaving_) try_to_leave();
    });
}

void Bucket::settle(Outstanding& done) {
    for (auto& row : done.rows.inbox) shell_.bucket(row.bucket).receive(std::move(row));
    for (const auto& row : done.rows.replies) tell_reply(row.node);
    if (done.rows_done) return done.rows_done({});
    ++durable_sequence_;
    if (!done.order.reply_to.node.empty()) tell_reply(done.order.reply_to.node);
    timers_.settle(done.timers_gone, done.timers);
    if (Live* live = instances_.find(done.instance)) --live->uncommitted;
    answer(done.order, std::move(done.result));
    perform(done.instance, done.effects);
    rest(done.instance);
}

void Bucket::refused(std::string why) {
    post([this, why = std::move(why)] { begin_again(why); });
}

/// The oldest of what is outstanding was refused, and nothing written: what is durable is read again, and the others are decided again in
/// their order.
void Bucket::begin_again(const std::string& why) {
    ++generation_;
    next_sequence_ = durable_sequence_;
    auto again = std::move(outstanding_);
    outstanding_.clear();
    const auto spoiled = instances_.drop_uncommitted();
    if (!again.empty()) {
        shell_.log(LogLevel::error, "the store refused a commit: " + why, again.front().instance);
        refuse(again.front(), why);
        again.pop_front();
    }
    for (Outstanding& out : again) {
        if (out.again) out.again();
        else if (out.rows_done) commit_rows(std::move(out.rows), std::move(out.rows_done));
        else process(std::move(out.order));
    }
    for (const InstanceKey key : spoiled)
        if (loading_.contains(key)) load(key);
}

/// It will not be written.
void Bucket::refuse(Outstanding& out, const std::string& why) {
    const Error error{Code::bad_input, "the commit failed: " + why};
    if (out.rows_done) return out.rows_done(error);
    if (out.order.request && !std::exchange(out.order.request_was_refused, true)) {
        out.order.request_is_new = false;   // perhaps another order with this id has been answered just now
        requests_.erase(out.order.request->id);
        return process(std::move(out.order));
    }
    put_in_its_place(out.order, why);
    fail(std::move(out.order), error);
}

/// A command could not be decided or recorded. Whoever gave it from outside is told; of what nobody else would repeat an incident is left
/// instead, and if not even that can be recorded, it is tried again later.
void Bucket::put_in_its_place(const Order& order, const std::string& why) {
    if (order.from_outside || !order.instance) return;
    if (!order.inbox_id.empty() && !order.message && !order.is_letter) return;   // its row is still there and is looked at again
    const InstanceKey key = order.instance;
    if (auto instead = std::visit(Instead{why}, order.command)) return submit(Order{.instance = key, .command = std::move(*instead)});
    Postponed& later = postponed_[key];
    later.commands.push_back(order.command);
    later.alarm = shell_.workshop.clock().alarm(shell_.now() + after_a_refusal, [this, key] {
        post([this, key] {
            const auto postponed = postponed_.extract(key);
            if (postponed.empty()) return;   // the bucket was lost in between
            for (auto& command : postponed.mapped().commands) submit(Order{.instance = key, .command = std::move(command)});
        });
    });
}

}  // namespace kontor::runtime
