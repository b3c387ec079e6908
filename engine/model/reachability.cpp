#include "model/process.hpp"

namespace kontor::model {

bool reaches(const Process& process, ElementIndex from, FlowIndex to, ElementIndex avoiding) {
    std::vector<bool> seen(process.elements.size());
    std::vector<ElementIndex> open;
    const auto visit = [&](ElementIndex element) {
        if (element == avoiding || seen[raw(element)]) return;
        seen[raw(element)] = true;
        open.push_back(element);
    };
    visit(from);
    while (!open.empty()) {
        const Element& element = process[open.back()];
        open.pop_back();
        for (const FlowIndex flow : element.outgoing) {
            if (flow == to) return true;
            visit(process[flow].target);
        }
        for (const ElementIndex boundary : element.boundary_events) visit(boundary);
    }
    return false;
}

}  // namespace kontor::model
