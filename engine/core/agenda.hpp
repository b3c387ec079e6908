#pragma once
/// The agenda: what an instance will do next without being asked. Changed by apply() only, worked off by decide().
#include "core/state.hpp"

namespace kontor::core {

class Agenda {
public:
    explicit Agenda(State& state) : state_{state} {}

    /// Puts an element instance at the end of the agenda, also if it is there already; not if it cannot go on.
    void add(ElementKey key);
    void remove(ElementKey key);
    void add_token(ElementKey scope, FlowIndex flow);
    void take_token(ElementKey scope, FlowIndex flow);
    void drop_tokens(ElementKey scope);
    /// Keeps what surely has to be done, in its order, and adds the scopes: live and replayed state then agree on the rest.
    void rebuild();

private:
    State& state_;
};

/// Whether the scope has something to do: children to terminate, a compensation to go on with, or its own end.
bool has_work(const State&, const ElementInstance& scope);

/// Every row begins and ends with these two, whether it is decided or replayed.
void begin_row(State&, Instant at);
void end_row(State&);

}  // namespace kontor::core
