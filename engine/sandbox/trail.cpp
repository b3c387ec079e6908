#include "sandbox/trail.hpp"

#include <algorithm>

namespace kontor::sandbox {
namespace {

template <class... Kinds>
bool is_one_of(const model::Kind& kind) {
    return (std::holds_alternative<Kinds>(kind) || ...);
}

bool is_scenery(const model::Element& element) {
    if (element.implied || element.compensates) return true;
    return is_one_of<model::StartEvent, model::EventSubProcess, model::ExclusiveGateway, model::ParallelGateway, model::InclusiveGateway,
                     model::EventBasedGateway>(element.kind);
}

}  // namespace

void Trail::follow(const core::Record& record, const model::Definition& definition) {
    for (const core::Event& event : record.events) {
        if (std::holds_alternative<core::InstanceStarted>(event)) newest_ = record.instance;
        if (const auto* activated = std::get_if<core::ElementActivated>(&event)) {
            const model::Element& element = definition.process[activated->element];
            activations_[activated->key] = {&element, static_cast<bool>(activated->compensates)};
            entered_.insert(element.id);
        }
        if (const auto* done = std::get_if<core::ElementCompleted>(&event)) {
            const auto activation = activations_.find(done->key);
            if (activation == activations_.end()) continue;
            const auto& [element, compensates] = activation->second;
            completed_.push_back(element);
            if (compensates && element->compensates) compensated_.push_back(definition.process[*element->compensates].id);
        }
    }
}

std::vector<std::string> path_of(const Trail& trail, const std::vector<std::string>& wanted) {
    std::vector<std::string> path;
    for (const model::Element* element : trail.completed())
        if (!is_scenery(*element) || std::find(wanted.begin(), wanted.end(), element->id) != wanted.end()) path.push_back(element->id);
    return path;
}

bool matches(const std::vector<std::string>& wanted, const std::vector<std::string>& path) {
    // reached[i]: whether the first i wanted entries can match what of the path has been read.
    std::vector<bool> reached(wanted.size() + 1, false);
    const auto skip_gaps = [&] {
        for (std::size_t i = 0; i < wanted.size(); ++i)
            if (reached[i] && wanted[i] == "...") reached[i + 1] = true;
    };
    reached[0] = true;
    skip_gaps();
    for (const std::string& id : path) {
        std::vector<bool> next(wanted.size() + 1, false);
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (!reached[i]) continue;
            if (wanted[i] == "...") next[i] = true;
            else if (wanted[i] == id) next[i + 1] = true;
        }
        reached = std::move(next);
        skip_gaps();
    }
    return reached.back();
}

}  // namespace kontor::sandbox
