#include "sandbox/coverage.hpp"

namespace kontor::sandbox {

void Coverage::add(const std::shared_ptr<const model::Definition>& definition) {
    processes_.try_emplace(definition->process.id, Reached{definition, {}, {}});
}

void Coverage::follow(const core::Record& record, const model::Definition& definition) {
    const auto found = processes_.find(definition.process.id);
    if (found == processes_.end()) return;
    for (const core::Event& event : record.events) {
        if (const auto* activated = std::get_if<core::ElementActivated>(&event)) found->second.elements.insert(activated->element);
        if (const auto* completed = std::get_if<core::ElementCompleted>(&event))
            found->second.flows.insert(completed->taken.begin(), completed->taken.end());
    }
}

std::vector<CoverageOfProcess> Coverage::report() const {
    std::vector<CoverageOfProcess> all;
    for (const auto& [id, reached] : processes_) {
        const model::Process& process = reached.definition->process;
        CoverageOfProcess one{id, 0, 0, 0, 0, {}, {}};
        for (const model::Element& element : process.elements) {
            if (element.implied || element.index == model::root) continue;
            ++one.elements;
            if (reached.elements.contains(element.index)) ++one.elements_reached;
            else one.missed_elements.push_back(element.id);
        }
        for (const model::SequenceFlow& flow : process.flows) {
            ++one.flows;
            if (reached.flows.contains(flow.index)) ++one.flows_reached;
            else one.missed_flows.push_back(process[flow.source].id + " -> " + process[flow.target].id);
        }
        all.push_back(std::move(one));
    }
    return all;
}

}  // namespace kontor::sandbox
