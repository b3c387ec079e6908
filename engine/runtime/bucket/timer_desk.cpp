#include "runtime/bucket/timer_desk.hpp"

#include "runtime/bucket/bucket.hpp"

namespace kontor::runtime {
namespace {

constexpr Duration horizon = std::chrono::minutes{5};
constexpr std::size_t due_at_once = 200;          ///< of a flood of due timers, so that others get their turn
constexpr std::size_t firing_at_once = 1'000;     ///< what they lead to is in memory until it is durable
constexpr std::size_t loaded_at_once = 2'000;
constexpr Duration after_an_error = std::chrono::seconds{1};

}  // namespace

void TimerDesk::settle(const std::vector<std::uint64_t>& gone, const std::vector<ports::TimerRow>& put) {
    for (const auto key : gone) timers_.drop(key);
    for (const auto& row : put) timers_.put(row);
    if (!put.empty()) set_alarm();
}

void TimerDesk::leave() {
    alarm_.reset();
    alarm_at_ = Instant::max();
    timers_ = {};
    read_ = {};
    looking_ = false;
}

void TimerDesk::set_alarm() {
    Shell& shell = bucket_.shell();
    if (bucket_.drains() || !bucket_.is_here() || looking_ || shell.records_only) return;
    const Instant next = timers_.next();
    if (alarm_ && next >= alarm_at_) return;
    alarm_at_ = next;
    alarm_ = shell.workshop.clock().alarm(next, [this] {
        bucket_.post([this] {
            alarm_.reset();
            alarm_at_ = Instant::max();
            fire();
        });
    });
}

void TimerDesk::fire() {
    if (bucket_.drains() || !bucket_.is_here()) return;
    if (timers_.firing() >= firing_at_once) return;   // goes on when enough of them have fired
    const Instant now = bucket_.shell().now();
    for (const auto& row : timers_.take_due(now, due_at_once)) {
        Order order{.instance = row.instance};
        if (row.is_job) order.command = core::WakeUpJob{core::ElementKey{row.key}};
        else order.command = core::FireTimer{core::WaitKey{row.key}};
        order.done = [this, row](const OrderResult& result) {
            if (timers_.firing() == firing_at_once) bucket_.post([this] { fire(); });
            timers_.fired(row);
            const auto* rejection = std::get_if<core::Rejection>(&result);
            if (!rejection || rejection->rule != "not-due") return;
            timers_.put(row);   // the clock has been set back in between
            set_alarm();
        };
        bucket_.submit(std::move(order));
    }
    if (timers_.next_look() <= now && !timers_.has_due(now)) look();   // not more than can be fired
    else set_alarm();
}

void TimerDesk::look() {
    if (!bucket_.is_here() || std::exchange(looking_, true)) return;
    Shell& shell = bucket_.shell();
    const Instant until = shell.now() + horizon;
    timers_.begin_look(until);
    bucket_.read_here(
        [&shell, bucket = bucket_.number(), until, from = read_] { return shell.store.timers_due(bucket, until, from, loaded_at_once); },
        [this, &shell, until](const Result<std::vector<ports::TimerRow>>& rows) {
            looking_ = false;
            if (!rows) {
                timers_.end_look();
                shell.log(LogLevel::error, std::string{"timers cannot be read: "} + rows.error().what(), {});
                timers_.look_again(shell.now() + after_an_error);
                return set_alarm();
            }
            for (const auto& row : *rows) timers_.found(row);
            timers_.end_look();
            // More than fit: the next page comes when these are due. Those that are refused, of suspended instances, stand in nobody's way.
            const bool all = rows->size() < loaded_at_once;
            read_ = all ? ports::TimerCursor{} : ports::TimerCursor{rows->back().due, rows->back().key};
            timers_.look_again(all ? until : std::max(rows->back().due, shell.now()));
            set_alarm();
        });
}

}  // namespace kontor::runtime
