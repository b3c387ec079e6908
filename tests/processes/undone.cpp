#include "processes/undone.hpp"

#include <algorithm>

namespace kontor::test {

using namespace core;

namespace {

void require(bool holds, const std::string& what) {
    if (!holds) throw Violation{"compensation: " + what};
}

}  // namespace

void Undone::see(const State& before, const Event& event) {
    if (const auto* e = std::get_if<JobCompleted>(&event)) took_effect_.insert(e->key);
    if (const auto* e = std::get_if<ElementActivated>(&event); e && e->compensates) begins(before, *e);
    if (const auto* e = std::get_if<ElementCompleted>(&event)) completed(before, *e);
    if (const auto* e = std::get_if<ElementTerminated>(&event)) terminated(before, *e);
    if (const auto* e = std::get_if<CompensationCompleted>(&event)) run_over(before, *e);
    if (const auto* e = std::get_if<JobSettled>(&event); e && e->took_effect) {
        const ElementInstance& instance = before.at(e->key);
        took_effect_.insert(e->key);
        steps_.push_back({e->key, instance.scope, instance.element, {++count_}, true});
    }
    if (std::holds_alternative<InstanceCancelled>(event)) ended(before.cancelling->compensate);
    if (std::holds_alternative<InstanceCompleted>(event) || std::holds_alternative<InstanceFailed>(event)) ended(false);
}

void Undone::completed(const State& before, const ElementCompleted& e) {
    const ElementInstance& instance = before.at(e.key);
    const model::Element& element = process_[instance.element];
    if (instance.compensates) {
        const auto it = std::find_if(steps_.begin(), steps_.end(), [&](const Step& step) { return step.key == instance.compensates; });
        require(it != steps_.end(), element.id + " undid something that was not to be undone, or had been already");
        steps_.erase(it);
    }
    if (instance.content) scope_left(instance, !element.compensation_handler);
    if (element.compensation_handler) steps_.push_back({e.key, instance.scope, instance.element, {++count_}, false});
}

void Undone::scope_left(const ElementInstance& instance, bool keeps) {
    const std::uint64_t now = ++count_;
    for (Step& step : steps_) {
        if (step.scope != instance.key || !keeps) continue;
        step.scope = instance.scope;
        step.counts_as = instance.element;
        step.order.insert(step.order.begin(), now);
    }
    std::erase_if(steps_, [&](const Step& step) { return step.scope == instance.key; });
}

void Undone::terminated(const State& before, const ElementTerminated& e) {
    const ElementInstance& instance = before.at(e.key);
    if (!instance.content) return;
    const auto rule = process_.scope(instance.element).on_interrupt;
    const bool cancels = before.cancelling && before.cancelling->compensate && rule != model::OnInterrupt::abandon;
    const bool keeps = cancels || rule == model::OnInterrupt::compensate;
    for (Step& step : steps_) {
        if (step.scope != instance.key) continue;
        require(!step.owed || keeps, "a settled step is forgotten with " + process_[instance.element].id);
        if (keeps) step.owed = true;
    }
    scope_left(instance, keeps);
}

void Undone::begins(const State& before, const ElementActivated& e) {
    const auto at = std::find_if(steps_.begin(), steps_.end(), [&](const Step& step) { return step.key == e.compensates; });
    const std::string& handler = process_[e.element].id;
    require(at != steps_.end(), handler + " undoes a step that is not to be undone");
    require(at->scope == e.scope, handler + " runs in another scope than the step that it undoes");
    const auto& runs = before.scope(e.scope).compensations;
    require(!runs.empty(), handler + " runs though nobody asked for it");
    for (const ElementKey child : before.scope(e.scope).children)
        require(!before.at(child).compensates, handler + " begins before the one before it has ended");
    for (const Step& other : steps_) {
        const bool covered = other.scope == e.scope && (!runs.front().activity || other.counts_as == *runs.front().activity) &&
                             (!runs.front().only || other.counts_as == at->counts_as);
        if (covered && !runs.front().only) require(other.order <= at->order, handler + " comes before the undoing of a newer step");
    }
}

void Undone::run_over(const State& before, const CompensationCompleted& e) const {
    const Compensation& run = before.scope(e.scope).compensations.front();
    for (const Step& step : steps_) {
        if (step.scope != e.scope) continue;
        const bool covered = run.only ? step.key == run.only : !run.activity || step.counts_as == *run.activity;
        require(!covered, process_[step.counts_as].id + " is not undone though its compensation is over");
    }
}

void Undone::ended(bool must_be_empty) const {
    for (const Step& step : steps_)
        require(!step.owed && !must_be_empty, process_[step.counts_as].id + " should have been undone before the end");
}

}  // namespace kontor::test
