#pragma once
/// The two functions that carry everything. Both are pure: no clock, no input or output, no randomness, no threads.
#include "core/command.hpp"
#include "core/effect.hpp"

#include <kontor/error.hpp>

#include <string>
#include <variant>
#include <vector>

namespace kontor::core {

/// What comes with every command.
struct Envelope {
    Position position;          ///< of the row that the events will stand in
    Instant at;                 ///< max(clock, state.last) is the time of the decision
    std::string_view key_prefix{};   ///< of the store; only StartInstance reads it
};

/// A refusal: nothing happened.
struct Rejection {
    Code code = Code::conflict;
    std::string rule;           ///< stable name: `four-eyes`, `stale-job`, `form`, ...
    std::string message;
};

struct Accepted {
    Instant at;
    std::vector<Event> events;  ///< never empty
    std::vector<Effect> effects;
};

struct Decision {
    State state;                ///< after the events; unchanged if rejected
    std::variant<Accepted, Rejection> outcome;

    [[nodiscard]] const Accepted* accepted() const noexcept { return std::get_if<Accepted>(&outcome); }
    [[nodiscard]] const Rejection* rejection() const noexcept { return std::get_if<Rejection>(&outcome); }
};

/// Decides a command. The state is taken by value so that a caller who moves it in pays for no copy.
/// The state that comes back equals the given one with all events applied, in order.
Decision decide(const model::Definition&, State, const Command&, const Envelope&);

/// Applies one event. Evaluates nothing and refuses nothing: an event is a fact. Throws std::logic_error only for an event that cannot
/// follow this state, which means a damaged journal.
void apply(const model::Process&, State&, const Event&, Instant at);
/// Applies a whole row.
void apply(const model::Process&, State&, const Record&);

/// An instance that passes this many events in one decide goes on in another one, so that others get their turn.
inline constexpr std::size_t events_per_decide = 1'000;
/// A process that does not wait for this many decides in a row has a loop without an end: incident `step-budget`.
inline constexpr std::uint32_t continuations_in_a_row = 100;

}  // namespace kontor::core
