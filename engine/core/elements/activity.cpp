// What several activities share: boundary events, input, calling a service.
#include "core/elements/behaviour.hpp"
#include "core/expressions.hpp"
#include "core/waits.hpp"

namespace kontor::core {

std::optional<std::vector<Event>> prepare_boundary(Here here) {
    return prepare_waits(here, here.element.boundary_events, {});
}

std::optional<Variables> input_of(Here here) {
    const ElementInstance& instance = here.instance();
    if (instance.compensates) return instance.payload.as<Variables>();
    return evaluate_all(here, here.element.input, {});
}

void create_job(Here here) {
    auto input = input_of(here);
    if (!input) return;
    auto waits = prepare_boundary(here);
    if (!waits) return;
    here.deciding.emit(JobCreated{here.key, std::move(*input)});
    for (Event& wait : *waits) here.deciding.emit(std::move(wait));
}

}  // namespace kontor::core
