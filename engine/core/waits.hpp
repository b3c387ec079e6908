#pragma once
/// Timers and message subscriptions: opening them, and what happens when one comes true.
#include "core/deciding.hpp"

namespace kontor::core {

/// The events that open the waits of `elements` (catch events, boundary events, start events of event subprocesses) for their owner.
/// All expressions are evaluated first, so that an incident, raised at `here`, leaves nothing half open: then nothing is returned.
std::optional<std::vector<Event>> prepare_waits(Here, ElementKey owner, const std::vector<ElementIndex>& elements, const Variables& locals);
inline std::optional<std::vector<Event>> prepare_waits(Here here, const std::vector<ElementIndex>& elements, const Variables& locals) {
    return prepare_waits(here, here.key, elements, locals);
}

/// When a timer fires first and how often after that.
struct TimerPlan {
    Instant due;
    std::int32_t repetitions = 0;      ///< negative: for ever
};
/// `R3/P1D` and the like.
struct Cycle {
    std::int32_t repetitions = 0;      ///< negative: for ever
    Value interval;                    ///< a duration
};
std::optional<Cycle> parse_cycle(std::string_view text);

/// An instant after a duration, or that of a date and time; nothing if the value is neither or out of range.
std::optional<Instant> instant_of(const Value& when, Instant from, std::string_view zone);

/// The boundary event, event subprocess or catching element takes its turn.
void trigger(Deciding&, ElementKey owner, ElementIndex element, Value payload);

}  // namespace kontor::core
