#include "core/compensation.hpp"

#include "core/compensables.hpp"

#include <algorithm>

namespace kontor::core {
namespace {

/// A step that is being settled comes first: it is newer than all that have completed.
bool waits_for_a_settling_step(const State& state, const Scope& scope, const Compensation& run) {
    if (run.only) return false;
    return std::any_of(scope.children.begin(), scope.children.end(), [&](ElementKey key) {
        const ElementInstance& child = state.at(key);
        return child.phase == lifecycle::Activity::terminating && (!run.activity || *run.activity == child.element || child.content);
    });
}

}  // namespace

void work_on_compensation(Deciding& d, ElementKey scope_key) {
    const Scope& scope = d.state.scope(scope_key);
    const Compensation& run = scope.compensations.front();
    if (is_compensating(scope.compensable) || waits_for_a_settling_step(d.state, scope, run)) return;
    const Compensable* step = newest_covered(scope.compensable, run);
    if (!step) return d.emit(CompensationCompleted{run.key, scope_key});
    const ElementIndex handler = *d.process[step->activity].compensation_handler;
    d.emit(ElementActivated{d.new_key<ElementKey>(), handler, scope_key, {}, false, step->instance, step->input});
}

}  // namespace kontor::core
