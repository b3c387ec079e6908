#pragma once
/// What all parts of decide() share: one decision in the making.
#include "core/decide.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace kontor::core {

/// Thrown inside decide() by command handlers, before the first event; decide() returns it. It never leaves this folder.
struct Refused {
    Rejection rejection;
};
[[noreturn]] inline void refuse(Code code, std::string rule, std::string message) {
    throw Refused{{code, std::move(rule), std::move(message)}};
}

class Deciding {
public:
    Deciding(const model::Definition& d, State& s, const Envelope& e, Instant now)
        : definition{d}, process{d.process}, state{s}, at{now}, situation{now, d.process.time_zone}, keys_{e.position} {}

    const model::Definition& definition;
    const model::Process& process;
    State& state;
    const Instant at;
    const feel::Situation situation;
    std::vector<Event> events;
    std::vector<Effect> effects;

    /// Records a fact: the lifecycles are asked, its effects are noted, the state follows.
    void emit(Event event);

    template <class AnyKey>
    AnyKey new_key() {
        return keys_.next<AnyKey>();
    }
    /// Whether the step at hand may begin; beyond it the instance goes on in the next decide.
    [[nodiscard]] bool has_room() const noexcept { return events.size() < events_per_decide && keys_.left() > KeyMaker::most / 4; }

    [[nodiscard]] const model::Element& element(const ElementInstance& instance) const { return process[instance.element]; }

    /// Stops the element instance until a person has helped. What was tried is tried again then.
    void raise(ElementKey key, IncidentKind kind, std::string message);

private:
    KeyMaker keys_;
};

/// An element instance and its element, while it is being worked on.
struct Here {
    Deciding& deciding;
    const model::Element& element;
    ElementKey key;

    [[nodiscard]] const ElementInstance& instance() const { return deciding.state.at(key); }
    [[nodiscard]] ElementKey scope() const { return instance().scope; }
};

/// The lifecycle machines' word on an event; throws std::logic_error if one of them refuses it.
void guard(const State&, const Event&);

}  // namespace kontor::core
