// A bucket's timers: those of the next minutes in memory, the others in the store.
#include "runtime/bucket.hpp"

namespace kontor::runtime {
namespace {

constexpr Duration horizon = std::chrono::minutes{5};
constexpr std::size_t due_at_once = 200;          ///< of a flood of due timers, so that others get their turn
constexpr std::size_t firing_at_once = 1'000;     ///< what they lead to is in memory until it is durable
constexpr std::size_t loaded_at_once = 2'000;
constexpr Duration after_an_error = std::chrono::seconds{1};

}  // namespace

void Bucket::set_alarm() {
    if (draining_ || !held_ || loading_timers_ || shell_.records_only) return;
    const Instant next = timers_.next();
    if (alarm_ && next >= alarm_at_) return;
    alarm_at_ = next;
    alarm_ = shell_.workshop.clock().alarm(next, [this] {
        post([this] {
            alarm_.reset();
            alarm_at_ = Instant::max();
            fire_timers();
        });
    });
}

void Bucket::fire_timers() {
    if (draining_ || !held_) return;
    if (timers_.firing() >= firing_at_once) return;   // goes on when enough of them have fired
    const Instant now = shell_.now();
    for (const auto& row : timers_.take_due(now, due_at_once)) {
        Order order{.instance = row.instance};
        if (row.is_job) order.command = core::WakeUpJob{core::ElementKey{row.key}};
        else order.command = core::FireTimer{core::WaitKey{row.key}};
        order.done = [this, row](const OrderResult& result) {
            if (timers_.firing() == firing_at_once) post([this] { fire_timers(); });
            timers_.fired(row);
            const auto* rejection = std::get_if<core::Rejection>(&result);
            if (!rejection || rejection->rule != "not-due") return;
            timers_.put(row);   // the clock has been set back in between
            set_alarm();
        };
        submit(std::move(order));
    }
    if (timers_.next_look() <= now && !timers_.has_due(now)) load_timers();   // not more than can be fired
    else set_alarm();
}

void Bucket::load_timers() {
    if (!held_ || std::exchange(loading_timers_, true)) return;
    const Instant until = shell_.now() + horizon;
    timers_.begin_look(until);
    read([this, until, from = timers_read_] { return shell_.store.timers_due(number_, until, from, loaded_at_once); },
         [this, until, tenure = tenure_](const Result<std::vector<ports::TimerRow>>& rows) {
             if (tenure != tenure_) return;
             loading_timers_ = false;
             if (!rows) {
                 timers_.end_look();
                 shell_.log(LogLevel::error, std::string{"timers cannot be read: "} + rows.error().what(), {});
                 timers_.look_again(shell_.now() + after_an_error);
                 return set_alarm();
             }
             for (const auto& row : *rows) timers_.found(row);
             timers_.end_look();
             // More than fit: the next page comes when these are due. Those that are refused, of suspended instances, stand in nobody's way.
             const bool all = rows->size() < loaded_at_once;
             timers_read_ = all ? ports::TimerCursor{} : ports::TimerCursor{rows->back().due, rows->back().key};
             timers_.look_again(all ? until : std::max(rows->back().due, shell_.now()));
             set_alarm();
         });
}

}  // namespace kontor::runtime
