#include "core/decide.hpp"

#include "core/agenda.hpp"
#include "core/commands.hpp"
#include "core/elements/behaviour.hpp"
#include "core/termination.hpp"

#include <algorithm>

namespace kontor::core {

void Deciding::emit(Event event) {
    guard(state, event);
    effects_of(process, state, event, effects);
    apply(process, state, event, at);
    events.push_back(std::move(event));
}

void Deciding::raise(ElementKey key, IncidentKind kind, std::string message) {
    if (const IncidentKey older = state.at(key).incident) emit(IncidentResolved{older, {}, {}});   // an element has one at a time
    emit(IncidentRaised{new_key<IncidentKey>(), key, kind, std::move(message)});
}

namespace {

using lifecycle::Activity;

/// Whether a scope around it was interrupted and it only has not been terminated yet: it must not act any more.
bool is_doomed(const State& state, const ElementInstance& instance) {
    const ElementInstance* at = &instance;
    for (const ElementInstance* scope = state.find(at->scope); scope; at = scope, scope = state.find(at->scope)) {
        if (at->compensates) return false;
        if (scope->content->interrupted && scope->content->survivor != at->key) return true;
    }
    return false;
}

void look_at(Deciding& d, ElementKey key) {
    const ElementInstance& instance = d.state.at(key);
    if (is_doomed(d.state, instance) && instance.phase != Activity::active && instance.phase != Activity::terminating) return;
    const Here here{d, d.element(instance), key};
    switch (instance.phase) {
        case Activity::ready: return std::visit([&](const auto& kind) { activate(here, kind); }, here.element.kind);
        case Activity::completing: return std::visit([&](const auto& kind) { finish(here, kind); }, here.element.kind);
        case Activity::active:
        case Activity::terminating:
            if (instance.content) work_on_scope(d, key);
            return;
        case Activity::completed:
        case Activity::terminated:
        case Activity::compensating:
        case Activity::compensated: return;
    }
}

bool needs_work(const State& state, const Todo& todo) {
    if (!todo.element) return true;
    const ElementInstance& instance = state.at(todo.element);
    if (instance.phase == Activity::ready || instance.phase == Activity::completing) return true;
    return instance.content && has_work(state, instance);
}

bool anything_needed(const State& state) {
    return std::any_of(state.agenda.begin(), state.agenda.end(), [&](const Todo& todo) { return needs_work(state, todo); });
}

/// The limit of one decide is reached. Another one goes on, unless this process seems never to wait.
void pause(Deciding& d) {
    const std::uint32_t count = d.state.continuations + 1;
    if (count <= continuations_in_a_row) return d.emit(ContinuationRequested{count});
    d.raise(root_of(d.state.key), IncidentKind::step_budget,
            "the process took " + std::to_string(count * events_per_decide) + " steps without waiting for anything: a loop without an end?");
}

/// Inclusive joins are asked when everything else rests, since any other token may still be on its way to them.
bool fire_some_inclusive_join(Deciding& d) {
    for (const auto& [key, instance] : d.state.elements)
        if (instance.content && !instance.content->arrived.empty() && fire_inclusive_join(d, key)) return true;
    return false;
}

/// Works off the agenda until the instance waits, ends, or has used up what one decide may do.
void work(Deciding& d) {
    auto& agenda = d.state.agenda;
    while (d.state.runs_freely() && !d.state.ended()) {
        if (agenda.empty()) {
            if (fire_some_inclusive_join(d)) continue;
            return;
        }
        if (!d.has_room()) {
            if (anything_needed(d.state)) return pause(d);
            agenda.clear();   // an inclusive join may still have to be asked
            continue;
        }
        const Todo todo = agenda.front();
        if (!todo.element) {
            enter(d, todo.scope, todo.flow);
            continue;
        }
        // It is taken off before it is looked at: what it does may put it there again. In a replay it stands until the row ends
        // (end_row), so add() moves to the end whoever is there already: both agree on the order.
        agenda.pop_front();
        look_at(d, todo.element);
        // When the room has run out it may not have come to an end.
        if (!d.has_room() && d.state.find(todo.element) && needs_work(d.state, todo)) Agenda{d.state}.add(todo.element);
    }
}

void check_target(const State& state, const Command& command) {
    if (std::holds_alternative<StartInstance>(command)) {
        if (state.exists()) refuse(Code::conflict, "already-started", "instance " + state.key.str() + " has started already");
        return;
    }
    if (!state.exists()) refuse(Code::not_found, "no-instance", "there is no such instance");
    if (state.ended())
        refuse(Code::conflict, "ended", "instance " + state.key.str() + " has ended: " + std::string{lifecycle::to_string(state.phase)});
}

}  // namespace

Decision decide(const model::Definition& definition, State state, const Command& command, const Envelope& envelope) {
    const Instant now = std::max(envelope.at, state.last);
    const auto [last, rows, continuing] = std::tuple{state.last, state.rows, state.continuing};
    Deciding d{definition, state, envelope, now};
    try {
        check_target(state, command);
        begin_row(state, now);
        std::visit([&](const auto& c) {
            if constexpr (std::is_same_v<std::decay_t<decltype(c)>, StartInstance>) handle(d, c, envelope.key_prefix);
            else handle(d, c);
        }, command);
        work(d);
        if (d.events.empty()) d.emit(ContinuationRequested{0});   // the agenda held nothing after all: that is a fact, too
        end_row(state);
    } catch (Refused& refused) {
        std::tie(state.last, state.rows, state.continuing) = std::tie(last, rows, continuing);
        return {std::move(state), std::move(refused.rejection)};
    }
    return {std::move(state), Accepted{now, std::move(d.events), std::move(d.effects)}};
}

}  // namespace kontor::core
