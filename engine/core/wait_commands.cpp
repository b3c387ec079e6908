#include "core/commands.hpp"
#include "core/expressions.hpp"
#include "core/waits.hpp"

namespace kontor::core {
namespace {

/// An event-based gateway that has its first event and could not go on yet: its other events come too late.
bool has_its_event(const Deciding& d, const Wait& wait) {
    const auto& kind = d.process[wait.element].kind;
    if (std::holds_alternative<model::BoundaryEvent>(kind) || std::holds_alternative<model::StartEvent>(kind)) return false;
    return d.state.at(wait.owner).phase != lifecycle::Activity::active;
}

const Wait& open_wait(const Deciding& d, WaitKey key) {
    if (d.state.phase == lifecycle::Instance::suspended)
        refuse(Code::conflict, "suspended", "instance " + d.state.key.str() + " is suspended: its events happen when it is resumed");
    const auto it = d.state.waits.find(key);
    if (it == d.state.waits.end() || has_its_event(d, it->second))
        refuse(Code::conflict, "stale-wait", "nothing waits under " + key.str() + " any more");
    return it->second;
}

/// Whether the wait stays open for more: an event that does not interrupt may happen again.
bool repeats(const model::Process& process, const Wait& wait) {
    const auto& kind = process[wait.element].kind;
    if (const auto* boundary = std::get_if<model::BoundaryEvent>(&kind)) return !boundary->interrupting;
    if (const auto* start = std::get_if<model::StartEvent>(&kind)) return !start->interrupting;
    return false;
}

const model::TimerEvent& timer_of(const model::Kind& kind) {
    if (const auto* e = std::get_if<model::BoundaryEvent>(&kind)) return std::get<model::TimerEvent>(e->definition);
    if (const auto* e = std::get_if<model::StartEvent>(&kind)) return std::get<model::TimerEvent>(e->definition);
    return std::get<model::TimerEvent>(std::get<model::IntermediateCatchEvent>(kind).definition);
}

/// Of a repeating timer: when it fires next, counted from when it should have fired now. Late by several periods, it fires once.
std::optional<Instant> next_due(Deciding& d, const Wait& wait, const Wait::Timer& timer) {
    if (timer.repetitions == 0 || !repeats(d.process, wait)) return std::nullopt;
    const VariableScope scope{d.state, wait.owner, {}};
    const Value when = timer_of(d.process[wait.element].kind).when.expression.evaluate(scope, d.situation).value;
    const auto cycle = when.if_string() ? parse_cycle(*when.if_string()) : std::nullopt;
    if (!cycle) return std::nullopt;
    const auto next = instant_of(cycle->interval, timer.due, d.process.time_zone);
    if (!next || *next <= timer.due) return std::nullopt;
    if (*next > d.at) return next;
    if (const DaysDuration* days = cycle->interval.if_days_duration()) {
        const Duration period = std::chrono::seconds{days->seconds} + std::chrono::milliseconds{days->nanoseconds / 1'000'000};
        return timer.due + period * ((d.at - timer.due) / period + 1);
    }
    return instant_of(cycle->interval, d.at, d.process.time_zone);
}

}  // namespace

void handle(Deciding& d, const FireTimer& c) {
    const Wait wait = open_wait(d, c.wait);
    const auto* timer = std::get_if<Wait::Timer>(&wait.what);
    if (!timer) refuse(Code::bad_input, "not-a-timer", "wait " + c.wait.str() + " is not a timer");
    if (timer->due > d.at) refuse(Code::conflict, "not-due", "timer " + c.wait.str() + " is not due");
    d.emit(TimerFired{c.wait, next_due(d, wait, *timer)});
    trigger(d, wait.owner, wait.element, {});
}

void handle(Deciding& d, const CorrelateMessage& c) {
    const Wait wait = open_wait(d, c.wait);
    if (!std::holds_alternative<Wait::Subscription>(wait.what))
        refuse(Code::bad_input, "not-a-subscription", "wait " + c.wait.str() + " is not a message subscription");
    if (size_of(c.payload) > largest_value)
        refuse(Code::bad_input, "too-large", "the message takes more than " + std::to_string(largest_value) + " bytes");
    d.emit(MessageCorrelated{c.wait, c.message_id, repeats(d.process, wait)});
    trigger(d, wait.owner, wait.element, c.payload);
}

}  // namespace kontor::core
