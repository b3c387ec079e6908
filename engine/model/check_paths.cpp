/// Rules about what can happen: unreachable elements, and compensation that would be forgotten.
#include "model/check_rules.hpp"

#include <algorithm>
#include <utility>

namespace kontor::model {

namespace {

template <class K>
bool is(const Element& element) {
    return std::holds_alternative<K>(element.kind);
}

/// All elements that a token can come to, by flows, boundary events, subprocesses, event subprocesses and compensation.
std::vector<bool> reachable_elements(const Process& process) {
    std::vector<bool> seen(process.elements.size());
    std::vector<ElementIndex> open;
    const auto visit = [&](ElementIndex element) {
        if (seen[raw(element)]) return;
        seen[raw(element)] = true;
        open.push_back(element);
    };
    visit(root);
    while (!open.empty()) {
        const Element& element = process[open.back()];
        open.pop_back();
        for (const FlowIndex flow : element.outgoing) visit(process[flow].target);
        for (const ElementIndex boundary : element.boundary_events) visit(boundary);
        if (element.compensation_handler) visit(*element.compensation_handler);
        if (const auto* content = scope_content(element.kind)) {
            for (const ElementIndex start : content->start_events) visit(start);
            for (const ElementIndex event : content->event_subprocesses) visit(event);
        }
    }
    return seen;
}

}  // namespace

namespace {

/// Marks `first` and all that follows it: one finding explains them all.
void mark_following(const Process& process, ElementIndex first, std::vector<bool>& marked) {
    std::vector<ElementIndex> open{first};
    while (!open.empty()) {
        const Element& element = process[open.back()];
        open.pop_back();
        if (marked[raw(element.index)]) continue;
        marked[raw(element.index)] = true;
        for (const FlowIndex flow : element.outgoing) open.push_back(process[flow].target);
        for (const ElementIndex boundary : element.boundary_events) open.push_back(boundary);
    }
}

}  // namespace

void check_reachable(const Process& process, Findings& findings) {
    const auto seen = reachable_elements(process);
    std::vector<bool> told(process.elements.size());
    const auto is_lost = [&](const Element& e) {
        // all of it would be; the missing start has been reported
        if (process.scope(e.scope).start_events.empty()) return false;
        return !seen[raw(e.index)] && seen[raw(e.scope)] && !told[raw(e.index)] && !is<BoundaryEvent>(e) && !e.implied;
    };
    const auto begins_lost_part = [&](const Element& e) {
        return std::ranges::none_of(e.incoming, [&](FlowIndex flow) { return process[flow].source != e.index; });
    };
    // First where lost parts begin, then what is left: circles that nothing enters.
    for (const bool circles : {false, true}) {
        for (const Element& element : process.elements) {
            if (!is_lost(element) || (!circles && !begins_lost_part(element))) continue;
            findings.error(element.position, "unreachable", quoted(element.id) + " is never reached: no flow leads to it",
                           "name it in a `next`, or take it out");
            mark_following(process, element.index, told);
        }
    }
}

bool is_compensable(const Process& process, const Element& element) {
    if (element.compensation_handler) return true;
    const auto* content = is<SubProcess>(element) ? scope_content(element.kind) : nullptr;
    return content && std::ranges::any_of(content->children,
        [&](ElementIndex child) { return is_compensable(process, process[child]); });
}

namespace {

const CompensateEvent* compensate_event(const Element& element) {
    if (const auto* end = std::get_if<EndEvent>(&element.kind)) return std::get_if<CompensateEvent>(&end->definition);
    if (const auto* thrown = std::get_if<IntermediateThrowEvent>(&element.kind))
        return std::get_if<CompensateEvent>(&thrown->definition);
    return nullptr;
}

/// The scope whose steps a compensation thrown in `scope` undoes: an event subprocess speaks for the scope that it stands in.
ElementIndex compensated_scope(const Process& process, ElementIndex scope) {
    while (is<EventSubProcess>(process[scope])) scope = process[scope].scope;
    return scope;
}

void check_compensate_event(const Process& process, const Element& element, const CompensateEvent& event, Findings& findings) {
    if (!event.activity) {
        const auto& children = process.scope(compensated_scope(process, element.scope)).children;
        if (std::ranges::none_of(children, [&](ElementIndex child) { return is_compensable(process, process[child]); }))
            findings.warning(element.position, "nothing-to-compensate",
                quoted(element.id) + " compensates its scope, in which no step has a compensation",
                             "give the steps that must be undone a `compensation`");
        return;
    }
    const Element& activity = process[*event.activity];
    if (!is_activity(activity.kind) || !is_compensable(process, activity))
        findings.error(element.position, "nothing-to-compensate",
            quoted(activity.id) + " has no compensation that " + quoted(element.id) + " could run",
                       "give it a `compensation`");
    else if (activity.scope != element.scope && activity.scope != compensated_scope(process, element.scope))
        findings.error(element.position, "compensation-scope",
            quoted(element.id) + " cannot compensate " + quoted(activity.id) + ", which stands in another scope",
                       "compensate the subprocess that it stands in (BPMN 2.0, 10.5.5)");
}

void check_handler(const Process& process, const Element& activity, Findings& findings) {
    const Element& handler = process[*activity.compensation_handler];
    if (!is_activity(handler.kind) || handler.scope != activity.scope || handler.compensates != activity.index)
        findings.error(handler.position, "compensation-handler",
            quoted(handler.id) + " must be one activity beside " + quoted(activity.id));
    if (handler.compensation_handler)
        findings.error(handler.position, "compensation-handler",
            "the compensation " + quoted(handler.id) + " has a compensation of its own", "what undoes is not undone");
}

bool compensates_something(const Process& process, ElementIndex scope) {
    return std::ranges::any_of(process.scope(scope).children, [&](ElementIndex child) {
        return compensate_event(process[child]) || (is<SubProcess>(process[child]) && compensates_something(process, child));
    });
}

bool interrupts(const Process& process, ElementIndex event_subprocess) {
    const auto& starts = process.scope(event_subprocess).start_events;
    return !starts.empty() && std::get<StartEvent>(process[starts.front()].kind).interrupting;
}

/// What can end the scope from outside while it runs, for a message; null if nothing can.
const Element* interrupter(const Process& process, const Element& scope) {
    for (const ElementIndex index : scope.boundary_events) {
        const auto& boundary = std::get<BoundaryEvent>(process[index].kind);
        if (boundary.interrupting && !std::holds_alternative<ErrorEvent>(boundary.definition)) return &process[index];
    }
    for (const Element* inner = &scope; inner->index != root; inner = &process[inner->scope]) {
        const Element& outer = process[inner->scope];
        for (const ElementIndex event : process.scope(outer.index).event_subprocesses)
            if (event != inner->index && interrupts(process, event)) return &process[event];
        for (const ElementIndex index : outer.boundary_events)
            if (std::get<BoundaryEvent>(process[index].kind).interrupting) return &process[index];
    }
    return nullptr;
}

/// An event subprocess of this very scope that interrupts it and compensates nothing.
const Element* forgetful_event(const Process& process, const ScopeContent& content) {
    for (const ElementIndex event : content.event_subprocesses)
        if (interrupts(process, event) && !compensates_something(process, event)) return &process[event];
    return nullptr;
}

void check_lost(const Process& process, const Element& scope, const ScopeContent& content, Findings& findings) {
    if (content.on_interrupt != OnInterrupt::unspecified) return;
    if (std::ranges::none_of(content.children, [&](ElementIndex child) { return is_compensable(process, process[child]); }))
        return;
    const Element* by = interrupter(process, scope);
    if (!by) by = forgetful_event(process, content);
    if (by)
        findings.warning(scope.position, "compensation-lost",
            quoted(by->id) + " can interrupt " + quoted(scope.id) + ": steps completed in it would not be undone",
                         "say `onInterrupt: compensate`, or `onInterrupt: { abandon: REASON }`");
}

}  // namespace

void check_compensation(const Process& process, Findings& findings) {
    for (const Element& element : process.elements) {
        if (const auto* event = compensate_event(element)) check_compensate_event(process, element, *event, findings);
        if (element.compensation_handler) check_handler(process, element, findings);
        if (const auto* content = scope_content(element.kind)) check_lost(process, element, *content, findings);
    }
}

}  // namespace kontor::model
