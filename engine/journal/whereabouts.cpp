#include "journal/whereabouts.hpp"

#include "journal/fields.hpp"

namespace kontor::journal {
namespace {

/// The fields that tell where an event happens, as far as it has them.
struct Clues {
    core::ElementKey key;
    core::ElementKey owner;
    core::ElementKey scope;
    core::WaitKey wait;
    IncidentKey incident;
    std::optional<core::ElementIndex> element;
    std::optional<core::FlowIndex> flow;

    void operator()(std::string_view name, const core::ElementKey& value) {
        if (name == "key") key = value;
        if (name == "owner") owner = value;
        if (name == "scope") scope = value;
    }
    void operator()(std::string_view, const core::WaitKey& value) { wait = value; }
    void operator()(std::string_view, const IncidentKey& value) { incident = value; }
    void operator()(std::string_view, const core::ElementIndex& value) { element = value; }
    void operator()(std::string_view, const core::FlowIndex& value) { flow = value; }
    template <class Other>
    void operator()(std::string_view, const Other&) {}
};

}  // namespace

Whereabouts::Whereabouts(const core::State& state) {
    for (const auto& [key, instance] : state.elements) places_[key] = {instance.element, instance.scope};
    for (const auto& [key, wait] : state.waits) {
        if (const auto owner = find(wait.owner)) waits_[key] = {wait.element, owner->scope};
    }
    for (const auto& [key, incident] : state.incidents) incidents_[key] = incident.element;
}

std::optional<Whereabouts::Place> Whereabouts::find(core::ElementKey key) const {
    const auto it = places_.find(key);
    return it == places_.end() ? std::nullopt : std::optional{it->second};
}

template <class E>
std::optional<Whereabouts::Place> Whereabouts::place_of(const model::Process& process, const E& event) {
    Clues clues;
    each_field(event, clues);
    if (clues.wait && clues.element) {
        const auto owner = find(clues.owner);
        return waits_[clues.wait] = {*clues.element, owner ? owner->scope : core::ElementKey{}};
    }
    if (clues.key && clues.element) return places_[clues.key] = {*clues.element, clues.scope};
    if (clues.incident && clues.key) incidents_[clues.incident] = clues.key;
    if (clues.key) return find(clues.key);
    if (clues.wait) {
        const auto it = waits_.find(clues.wait);
        return it == waits_.end() ? std::nullopt : std::optional{it->second};
    }
    if (clues.incident) {
        const auto it = incidents_.find(clues.incident);
        return it == incidents_.end() ? std::nullopt : find(it->second);
    }
    if (clues.flow && model::raw(*clues.flow) < process.flows.size()) return Place{process[*clues.flow].target, clues.scope};
    return clues.scope ? find(clues.scope) : std::nullopt;
}

std::optional<Whereabouts::Place> Whereabouts::follow(const model::Process& process, const core::Event& event) {
    if (const auto* started = std::get_if<core::InstanceStarted>(&event)) places_[core::root_of(started->key)] = {model::root, {}};
    const auto place = std::visit([&](const auto& e) { return place_of(process, e); }, event);
    // Nothing happens to an element instance that is gone, and a loop would make the table grow for ever.
    if (const auto* done = std::get_if<core::ElementCompleted>(&event)) places_.erase(done->key);
    if (const auto* done = std::get_if<core::ElementTerminated>(&event)) places_.erase(done->key);
    return place;
}

}  // namespace kontor::journal
