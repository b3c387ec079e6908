#include "model/process.hpp"

#include <algorithm>
#include <utility>

namespace kontor::model {

const Element* Process::find(std::string_view wanted) const noexcept {
    const auto found = std::ranges::find(elements, wanted, &Element::id);
    return found == elements.end() ? nullptr : &*found;
}

namespace {

void clear_derived(Process& process) {
    for (Element& element : process.elements) {
        element.incoming.clear();
        element.boundary_events.clear();
        if (auto* content = scope_content(element.kind)) {
            content->children.clear();
            content->start_events.clear();
            content->event_subprocesses.clear();
        }
    }
}

void enter_in_scope(Process& process, const Element& element) {
    auto* content = scope_content(process.elements[raw(element.scope)].kind);
    if (!content) return;   // check() says so
    content->children.push_back(element.index);
    if (std::holds_alternative<StartEvent>(element.kind)) content->start_events.push_back(element.index);
    if (std::holds_alternative<EventSubProcess>(element.kind)) content->event_subprocesses.push_back(element.index);
}

/// Marks what a token reaches only through an event that does not interrupt: it runs beside the process and does not end it.
void mark_side_flows(Process& process) {
    std::vector<ElementIndex> open;
    const auto visit = [&](ElementIndex index) {
        if (!std::exchange(process.elements[raw(index)].on_side_flow, false)) return;
        open.push_back(index);
    };
    for (Element& element : process.elements) element.on_side_flow = true;
    for (const Element& element : process.elements)
        if (std::holds_alternative<StartEvent>(element.kind)) visit(element.index);
    while (!open.empty()) {
        const Element& element = process[open.back()];
        open.pop_back();
        for (const FlowIndex flow : element.outgoing) visit(process[flow].target);
        for (const ElementIndex boundary : element.boundary_events)
            if (std::get<BoundaryEvent>(process[boundary].kind).interrupting) visit(boundary);
    }
}

}  // namespace

void complete(Process& process) {
    clear_derived(process);
    for (const SequenceFlow& flow : process.flows) process.elements[raw(flow.target)].incoming.push_back(flow.index);
    for (const Element& element : process.elements) {
        if (element.index != root) enter_in_scope(process, element);
        if (const auto* boundary = std::get_if<BoundaryEvent>(&element.kind))
            process.elements[raw(boundary->attached_to)].boundary_events.push_back(element.index);
    }
    mark_side_flows(process);
}

}  // namespace kontor::model
