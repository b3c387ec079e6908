#include "core/elements/behaviour.hpp"
#include "core/expressions.hpp"

namespace kontor::core {

// BPMN 2.0, 13.3.3: the script runs on activation. Its value is `result` in the outputs.
void activate(Here here, const model::ScriptTask& task) {
    if (!task.script) return complete(here);
    const auto input = input_of(here);
    if (!input) return;
    auto value = evaluate(here, *task.script, *input);
    if (!value) return;
    here.deciding.emit(ElementTriggered{here.key, {}, std::move(*value)});
}

}  // namespace kontor::core
