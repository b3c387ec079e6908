#include "core/termination.hpp"

#include "core/agenda.hpp"
#include "core/compensation.hpp"
#include "core/expressions.hpp"
#include "core/flow.hpp"
#include "core/elements/behaviour.hpp"

#include <algorithm>

namespace kontor::core {
namespace {

using lifecycle::Activity;
using lifecycle::Job;

/// Whether the service may have done something that nobody has recorded yet.
bool outcome_is_open(const State& state, const ElementInstance& instance) {
    switch (instance.job->state) {
        case Job::calling:
        case Job::deferred:
        case Job::querying: return true;
        case Job::incident:
            return instance.job->in_doubt || (instance.incident && state.incidents.at(instance.incident).kind == IncidentKind::outcome_unknown);
        case Job::created:
        case Job::backing_off: return instance.job->in_doubt;
        case Job::completed:
        case Job::failed:
        case Job::cancelled: return false;
    }
    return false;
}

/// Whether the service has done its work, and only its answer could not be kept.
bool took_effect(const State& state, const ElementInstance& instance) {
    if (instance.job->state != Job::incident || !instance.incident) return false;
    const IncidentKind kind = state.incidents.at(instance.incident).kind;
    return kind == IncidentKind::answer_lost || kind == IncidentKind::too_large;
}

bool covered_by_a_run(const State& state, const ElementInstance& settled) {
    if (state.cancelling && state.cancelling->compensate && settled.scope == root_of(state.key)) return true;
    const auto& runs = state.scope(settled.scope).compensations;
    return std::any_of(runs.begin(), runs.end(),
                       [&](const Compensation& run) { return !run.only && (!run.activity || *run.activity == settled.element); });
}

void terminate_children(Deciding& d, ElementKey scope_key) {
    const auto children = d.state.scope(scope_key).children;
    for (auto it = children.rbegin(); it != children.rend(); ++it) {
        if (!d.has_room()) return;
        const ElementInstance& child = d.state.at(*it);
        if (*it == d.state.scope(scope_key).survivor || child.phase == Activity::terminating || child.compensates) continue;
        terminate(d, *it);
    }
}

void end_cancelled(Deciding& d, ElementKey root) {
    if (d.state.cancelling->compensate && !d.state.scope(root).compensable.empty())
        return d.emit(CompensationTriggered{d.new_key<CompensationKey>(), root, {}, {}, {}});
    d.emit(InstanceCancelled{});
}

void end_terminating(Deciding& d, const ElementInstance& instance) {
    const ElementKey key = instance.key;
    const ElementKey around = instance.scope;
    const bool undoes = d.process.scope(instance.element).on_interrupt == model::OnInterrupt::compensate;
    const bool cancels = d.state.cancelling && d.state.cancelling->compensate &&
                         d.process.scope(instance.element).on_interrupt != model::OnInterrupt::abandon;
    const bool keeps = !instance.content->compensable.empty() && (undoes || cancels);
    const bool covered = covered_by_a_run(d.state, instance);
    d.emit(ElementTerminated{key, keeps});
    if (keeps && !covered) d.emit(CompensationTriggered{d.new_key<CompensationKey>(), around, {}, key, {}});
}

void end_scope(Deciding& d, ElementKey key) {
    const ElementInstance& instance = d.state.at(key);
    if (!instance.content->arrived.empty())
        return d.raise(key, IncidentKind::deadlock,
                       "a token waits at " + d.process[d.process[instance.content->arrived.front()].target].id +
                           " for others that can no longer come");
    if (instance.phase == Activity::terminating) return end_terminating(d, instance);
    if (instance.scope) return complete_scope(Here{d, d.element(instance), key});
    if (d.state.cancelling) return end_cancelled(d, key);
    if (d.state.failing) return d.emit(InstanceFailed{});
    d.emit(InstanceCompleted{d.state.end_event});
}

}  // namespace

void terminate(Deciding& d, ElementKey key) {
    const ElementInstance& instance = d.state.at(key);
    if (instance.compensates || instance.phase == Activity::terminating) return;
    const bool must_settle = instance.job && d.element(instance).compensation_handler;
    // The answer has come, but not the end of the step: it waits for a person or for the instance to be resumed.
    if (must_settle && instance.job->state == lifecycle::Job::completed) return settle(d, key, true, Value{instance.payload});
    if (must_settle && took_effect(d.state, instance)) return settle(d, key, true, {});
    const bool open = must_settle && outcome_is_open(d.state, instance);
    if (instance.content || open) return d.emit(ElementTerminating{key});
    d.emit(ElementTerminated{key, false});
}

void work_on_scope(Deciding& d, ElementKey key) {
    if (d.state.scope(key).interrupted) terminate_children(d, key);
    if (!d.has_room()) return;
    const ElementInstance& instance = d.state.at(key);
    const Scope& scope = *instance.content;
    if (!scope.compensations.empty()) return work_on_compensation(d, key);
    if (!scope.children.empty() || scope.moving > 0) return;
    if (fire_inclusive_join(d, key)) return;
    end_scope(d, key);
}

void settle(Deciding& d, ElementKey key, bool took_effect, const Value& result, const std::string& by) {
    const ElementInstance& instance = d.state.at(key);
    const Here here{d, d.element(instance), key};
    const ElementKey around = instance.scope;
    JobSettled settled{key, took_effect, {}};
    if (took_effect) settled.compensation = settled_input(here, result);
    const bool covered = covered_by_a_run(d.state, instance);
    if (instance.incident) d.emit(IncidentResolved{instance.incident, by, {}});
    d.emit(std::move(settled));
    d.emit(ElementTerminated{key, false});
    if (took_effect && !covered) d.emit(CompensationTriggered{d.new_key<CompensationKey>(), around, {}, key, {}});
}

}  // namespace kontor::core
