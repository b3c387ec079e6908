// The scopes: process, subprocess, event subprocess.
#include "core/elements/behaviour.hpp"
#include "core/expressions.hpp"
#include "core/waits.hpp"

#include <algorithm>

namespace kontor::core {
namespace {

Variables defaults_of(const model::ScopeContent& scope) {
    Variables variables;
    for (const auto& variable : scope.variables)
        if (variable.default_value) variables.set(variable.name, *variable.default_value);
    return variables;
}

/// Opens the scope: its variables, the waits of its boundary events, the token on its start event. Its event subprocesses begin to wait
/// when that event has written what they may read (start_event.cpp).
void open(Here here, Variables variables, ElementIndex start, Value payload) {
    Deciding& d = here.deciding;
    auto boundary = prepare_boundary(here);
    if (!boundary) return;
    d.emit(ElementWaiting{here.key, std::move(variables)});
    for (Event& wait : *boundary) d.emit(std::move(wait));
    d.emit(ElementActivated{d.new_key<ElementKey>(), start, here.key, {}, false, {}, std::move(payload)});
}

/// What the subprocess starts with: defaults, its input over them, and over both what a person has corrected after an incident, which
/// stands in the scope already. Nothing if an incident was raised.
std::optional<Variables> initial_variables(Here here, const model::SubProcess& subprocess) {
    Deciding& d = here.deciding;
    const auto input = input_of(here);
    if (!input) return std::nullopt;
    Variables variables = defaults_of(subprocess);
    for (const Variables* more : {&*input, &d.state.scope(here.key).variables})
        for (const auto& [name, value] : *more) variables.set(name, value);
    const auto stop = [&](IncidentKind kind, const std::string& why) { d.raise(here.key, kind, "input of " + here.element.id + ": " + why); };
    for (const auto& [name, value] : variables)
        if (const auto refusal = refusal_of(d.process, d.state, here.key, name, value))
            return stop(size_of(value) > largest_value ? IncidentKind::too_large : IncidentKind::expression, *refusal), std::nullopt;
    for (const auto& declared : subprocess.variables) {
        const Value* value = variables.find(declared.name);
        if (declared.required && (!value || value->is_null()))
            return stop(IncidentKind::expression, declared.name + ": a value is required"), std::nullopt;
    }
    return variables;
}

bool is_none_start(const model::Element& element) {
    const auto* start = std::get_if<model::StartEvent>(&element.kind);
    return start && std::holds_alternative<model::NoneEvent>(start->definition);
}

ElementIndex none_start(const model::Process& process, const model::ScopeContent& scope) {
    const auto it = std::find_if(scope.start_events.begin(), scope.start_events.end(),
                                 [&](ElementIndex start) { return is_none_start(process[start]); });
    return it == scope.start_events.end() ? scope.start_events.front() : *it;
}

}  // namespace

void activate(Here here, const model::ProcessElement& process) {
    const Deciding& d = here.deciding;
    const ElementIndex start = d.state.start_event.value_or(none_start(d.process, process));
    open(here, {}, start, here.instance().payload);
}

void activate(Here here, const model::SubProcess& subprocess) {
    auto variables = initial_variables(here, subprocess);
    if (variables) open(here, std::move(*variables), none_start(here.deciding.process, subprocess), {});
}

void activate(Here here, const model::EventSubProcess& subprocess) {
    open(here, defaults_of(subprocess), subprocess.start_events.front(), here.instance().payload);
}

void complete_scope(Here here) {
    if (std::holds_alternative<model::EventSubProcess>(here.element.kind)) return complete(here, {});
    complete(here);
}

}  // namespace kontor::core
