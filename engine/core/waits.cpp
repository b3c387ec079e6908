#include "core/waits.hpp"

#include "core/expressions.hpp"
#include "core/termination.hpp"
#include "model/catching.hpp"
#include "value/calendar.hpp"
#include "value/temporal_text.hpp"

#include <charconv>

namespace kontor::core {
namespace {

void no_time(Here here, const model::Element& waited_for, const model::Formula& when, const Value& found) {
    here.deciding.raise(here.key, IncidentKind::expression,
                        where(here.deciding.process, when.position) + ": the timer of " + waited_for.id +
                            " needs a duration, a date and time or a repetition such as R3/P1D; it got " + a_kind(found));
}

std::optional<TimerPlan> plan(Here here, const model::Element& waited_for, const model::TimerEvent& timer, const Variables& locals) {
    const auto when = evaluate(here, timer.when, locals);
    if (!when) return std::nullopt;
    const auto& zone = here.deciding.process.time_zone;
    if (const std::string* text = when->if_string(); text && !text->empty() && text->front() == 'R') {
        const auto cycle = parse_cycle(*text);
        const auto due = cycle ? instant_of(cycle->interval, here.deciding.at, zone) : std::nullopt;
        if (due) return TimerPlan{*due, cycle->repetitions < 0 ? -1 : cycle->repetitions - 1};
    } else if (const auto due = instant_of(*when, here.deciding.at, zone)) {
        return TimerPlan{*due, 0};
    }
    no_time(here, waited_for, timer.when, *when);
    return std::nullopt;
}

std::optional<std::string> correlation_key(Here here, const model::Message& message, const Variables& locals) {
    if (!message.correlation_key) return std::string{};
    const auto value = evaluate(here, *message.correlation_key, locals);
    if (!value) return std::nullopt;
    if (const std::string* text = value->if_string()) return *text;
    if (const Decimal* number = value->if_number()) return number->str();
    here.deciding.raise(here.key, IncidentKind::expression,
                        where(here.deciding.process, message.correlation_key->position) + ": the correlation key of message " +
                            message.name + " must be a string or a number; it is " + a_kind(*value));
    return std::nullopt;
}

}  // namespace

std::optional<Cycle> parse_cycle(std::string_view text) {
    const auto slash = text.find('/');
    if (text.empty() || text.front() != 'R' || slash == std::string_view::npos) return std::nullopt;
    Cycle cycle{-1, {}};
    if (const auto count = text.substr(1, slash - 1); !count.empty()) {
        const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), cycle.repetitions);
        if (error != std::errc{} || end != count.data() + count.size() || cycle.repetitions < 1) return std::nullopt;
    }
    const auto interval = text.substr(slash + 1);
    if (const auto days = parse_days_duration(interval)) cycle.interval = *days;
    else if (const auto months = parse_months_duration(interval)) cycle.interval = *months;
    else return std::nullopt;
    return cycle;
}

std::optional<Instant> instant_of(const Value& when, Instant from, std::string_view zone) {
    if (const std::string* text = when.if_string()) {
        if (const auto days = parse_days_duration(*text)) return instant_of(*days, from, zone);
        if (const auto months = parse_months_duration(*text)) return instant_of(*months, from, zone);
        if (const auto at = parse_date_time(*text)) return calendar::to_instant(*at, zone);
        return std::nullopt;
    }
    if (const DaysDuration* days = when.if_days_duration()) {
        constexpr std::int64_t longest = 1'000LL * 366 * 86'400;   // a thousand years: beyond it milliseconds would not overflow, but sense would
        if (days->seconds > longest || days->seconds < -longest) return std::nullopt;
        return from + std::chrono::seconds{days->seconds} + std::chrono::milliseconds{days->nanoseconds / 1'000'000};
    }
    if (const MonthsDuration* months = when.if_months_duration()) {
        auto local = calendar::in_zone(from, zone);
        const auto date = local ? calendar::add_months(local->date, months->months) : std::nullopt;
        if (!date) return std::nullopt;
        local->date = *date;
        return calendar::to_instant(*local, zone);
    }
    if (const DateTime* at = when.if_date_time()) return calendar::to_instant(*at, zone);
    if (const Date* date = when.if_date()) return calendar::to_instant({*date, {}}, zone);
    return std::nullopt;
}

std::optional<std::vector<Event>> prepare_waits(Here here, ElementKey owner, const std::vector<ElementIndex>& elements,
                                                const Variables& locals) {
    Deciding& d = here.deciding;
    std::vector<Event> opened;
    for (const ElementIndex index : elements) {
        const model::Element& element = d.process[index];
        std::optional<std::uint32_t> message;
        if (const auto* task = std::get_if<model::ReceiveTask>(&element.kind)) message = task->message;
        const model::CatchDefinition* definition = model::catch_definition(element.kind);
        if (const auto* event = definition ? std::get_if<model::MessageEvent>(definition) : nullptr) message = event->message;
        if (message) {
            const auto key = correlation_key(here, d.process.messages[*message], locals);
            if (!key) return std::nullopt;
            opened.push_back(SubscriptionOpened{d.new_key<WaitKey>(), owner, index, d.process.messages[*message].name, *key});
        } else if (const auto* timer = definition ? std::get_if<model::TimerEvent>(definition) : nullptr) {
            const auto planned = plan(here, element, *timer, locals);
            if (!planned) return std::nullopt;
            opened.push_back(TimerScheduled{d.new_key<WaitKey>(), owner, index, planned->due, planned->repetitions});
        }
    }
    return opened;
}

namespace {

void trigger_event_subprocess(Deciding& d, ElementKey scope, const model::Element& start, Value payload) {
    const auto key = d.new_key<ElementKey>();
    d.emit(ElementActivated{key, start.scope, scope, {}, false, {}, std::move(payload)});
    if (std::get<model::StartEvent>(start.kind).interrupting) d.emit(ScopeInterrupted{scope, key, false});
}

void trigger_boundary(Deciding& d, ElementKey owner, const model::Element& boundary, Value payload) {
    const ElementKey around = d.state.at(owner).scope;
    d.emit(ElementActivated{d.new_key<ElementKey>(), boundary.index, around, {}, false, {}, std::move(payload)});
    if (std::get<model::BoundaryEvent>(boundary.kind).interrupting) terminate(d, owner);
}

}  // namespace

void trigger(Deciding& d, ElementKey owner, ElementIndex index, Value payload) {
    const model::Element& element = d.process[index];
    if (std::holds_alternative<model::BoundaryEvent>(element.kind)) return trigger_boundary(d, owner, element, std::move(payload));
    if (std::holds_alternative<model::StartEvent>(element.kind)) return trigger_event_subprocess(d, owner, element, std::move(payload));
    if (d.state.at(owner).element == index) return d.emit(ElementTriggered{owner, {}, std::move(payload)});
    // An event-based gateway: the token leaves towards the event that came first.
    for (const FlowIndex flow : d.element(d.state.at(owner)).outgoing)
        if (d.process[flow].target == index) return d.emit(ElementTriggered{owner, flow, std::move(payload)});
    throw std::logic_error{"a wait triggers " + element.id + ", which does not belong to its owner"};
}

}  // namespace kontor::core
