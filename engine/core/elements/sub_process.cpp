// The scopes: process, subprocess, event subprocess.
#include "core/elements/behaviour.hpp"
#include "core/expressions.hpp"
#include "core/waits.hpp"

#include <algorithm>

namespace kontor::core {
namespace {

std::vector<ElementIndex> event_starts(const model::Process& process, const model::ScopeContent& scope) {
    std::vector<ElementIndex> starts;
    for (const ElementIndex event_subprocess : scope.event_subprocesses)
        for (const ElementIndex start : process.scope(event_subprocess).start_events) starts.push_back(start);
    return starts;
}

Variables defaults_of(const model::ScopeContent& scope) {
    Variables variables;
    for (const auto& variable : scope.variables)
        if (variable.default_value) variables.set(variable.name, *variable.default_value);
    return variables;
}

/// Opens the scope: its variables, the waits of its boundary events and event subprocesses, the token on its start event.
void open(Here here, const model::ScopeContent& scope, Variables variables, ElementIndex start, Value payload) {
    Deciding& d = here.deciding;
    auto boundary = prepare_boundary(here);
    if (!boundary) return;
    auto inside = prepare_waits(here, event_starts(d.process, scope), variables);
    if (!inside) return;
    d.emit(ElementWaiting{here.key, std::move(variables)});
    for (Event& wait : *boundary) d.emit(std::move(wait));
    for (Event& wait : *inside) d.emit(std::move(wait));
    d.emit(ElementActivated{d.new_key<ElementKey>(), start, here.key, {}, false, {}, std::move(payload)});
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
    open(here, process, {}, start, here.instance().payload);
}

void activate(Here here, const model::SubProcess& subprocess) {
    const auto input = input_of(here);
    if (!input) return;
    Variables variables = defaults_of(subprocess);
    for (const auto& [name, value] : *input) variables.set(name, value);
    open(here, subprocess, std::move(variables), none_start(here.deciding.process, subprocess), {});
}

void activate(Here here, const model::EventSubProcess& subprocess) {
    open(here, subprocess, defaults_of(subprocess), subprocess.start_events.front(), here.instance().payload);
}

void complete_scope(Here here) {
    if (std::holds_alternative<model::EventSubProcess>(here.element.kind)) return complete(here, {});
    complete(here);
}

}  // namespace kontor::core
