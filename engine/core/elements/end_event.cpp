#include "core/elements/behaviour.hpp"
#include "core/errors.hpp"
#include "core/expressions.hpp"

namespace kontor::core {
namespace {

void activate(Here here, const model::NoneEvent&) { complete(here, {}); }

// BPMN 2.0, 13.5.6: everything else in the scope ends, without compensation.
void activate(Here here, const model::TerminateEvent&) {
    const ElementKey scope = here.scope();
    complete(here, {});
    if (!here.deciding.state.find(here.key)) here.deciding.emit(ScopeInterrupted{scope, {}, false});
}

void activate(Here here, const model::ErrorEvent& error) {
    const auto data = evaluate_all(here, here.element.input, {});
    if (!data) return;
    throw_error_event(here, {error.codes.front(), "thrown by " + here.element.id, data->empty() ? Value{} : Value{*data}});
}

void activate(Here here, const model::CompensateEvent& compensation) { throw_compensation(here, compensation); }

}  // namespace

void activate(Here here, const model::EndEvent& event) {
    std::visit([&](const auto& definition) { activate(here, definition); }, event.definition);
}

void finish(Here here, const model::EndEvent&) { complete(here, {}); }

}  // namespace kontor::core
