#include "yaml/flow/graph.hpp"

#include <algorithm>

namespace kontor::yaml {

ElementIndex Graph::add(std::string id, model::Kind kind, Position at, Place place, bool implied) {
    const ElementIndex index{static_cast<std::uint32_t>(process_.elements.size())};
    by_id_.emplace(id, index);   // check() reports the second one of an id
    model::Element element;
    element.index = index;
    element.id = std::move(id);
    element.position = at;
    element.scope = place.scope;
    element.kind = std::move(kind);
    element.implied = implied;
    process_.elements.push_back(std::move(element));
    element_regions_.push_back(place.region);
    return index;
}

FlowIndex Graph::leave(ElementIndex source, Position at, RegionIndex region) {
    const FlowIndex index{static_cast<std::uint32_t>(process_.flows.size())};
    model::SequenceFlow flow;
    flow.index = index;
    flow.source = source;
    flow.position = at;
    process_.flows.push_back(std::move(flow));
    process_.elements[raw(source)].outgoing.push_back(index);
    flow_regions_.push_back(region);
    flow_targets_.push_back(Target::open);
    return index;
}

void Graph::connect(const Ends& ends, ElementIndex target) {
    for (const FlowIndex flow : ends) {
        process_.flows[raw(flow)].target = target;
        flow_targets_[raw(flow)] = Target::known;
    }
}

void Graph::drop(const Ends& flows) {
    for (const FlowIndex flow : flows) flow_targets_[raw(flow)] = Target::dropped;
}

void Graph::connect_later(FlowIndex flow, std::string id, Position at) {
    process_.flows[raw(flow)].position = at;
    references_.push_back({flow, std::move(id), at});
}

RegionIndex Graph::add_region(RegionIndex parent, ElementIndex fork, std::string label) {
    regions_.push_back({parent, fork, std::move(label)});
    return RegionIndex{static_cast<std::uint32_t>(regions_.size() - 1)};
}

const model::Element* Graph::find(std::string_view id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &process_.elements[raw(found->second)];
}

const model::Element* Graph::target(std::string_view id, Position at, ElementIndex scope) {
    const model::Element* element = find(id);
    if (element && element->scope == scope && element->index != model::root) return element;
    const auto heading = paths_.find({scope, std::string{id}});
    std::string hint;
    if (element) {
        hint = "a name reaches only elements of the same process or subprocess";
    } else if (heading != paths_.end()) {
        hint = "that is the heading of a path: name its first element, " + quoted((*this)[heading->second].id);
    } else {
        std::vector<std::string_view> known;
        for (const model::Element& other : process_.elements)
            if (other.scope == scope && other.index != model::root && !other.implied) known.push_back(other.id);
        hint = did_you_mean(id, known);
    }
    problems_.error(at, "unknown-target", element ? quoted(id) + " stands in another scope" : "there is no element "
        + quoted(id), std::move(hint));
    return nullptr;
}

bool Graph::resolve(const Reference& reference) {
    model::SequenceFlow& flow = (*this)[reference.flow];
    const model::Element* element = target(reference.id, reference.position, (*this)[flow.source].scope);
    if (!element) return false;
    flow.target = element->index;
    flow_targets_[raw(reference.flow)] = Target::known;
    return true;
}

void Graph::check_region(const model::SequenceFlow& flow) {
    const RegionIndex from = flow_regions_[raw(flow.index)];
    const RegionIndex to = region(flow.target);
    if (from == to) return;
    const Region& left = regions_[static_cast<std::uint32_t>(from)];
    const auto join = joins_.find(left.fork);
    if (from != RegionIndex{} && join != joins_.end() && join->second == flow.target) return;
    bool enters = to != RegionIndex{};
    for (RegionIndex outer = from; enters && outer != RegionIndex{}; outer = regions_[static_cast<std::uint32_t>(outer)].parent)
        if (outer == to) enters = false;   // the target stands further out: nothing is entered
    const std::string& target = (*this)[flow.target].id;
    if (enters)
        problems_.error(flow.position, "enters-fork",
                        quoted(target) + " stands in a branch of "
                            + quoted((*this)[regions_[static_cast<std::uint32_t>(to)].fork].id)
                                + ": it cannot be entered from outside",
                        "go to the gateway itself, or write the gateways without `branches`");
    else
        problems_.error(flow.position, "leaves-fork", "this leaves a branch of " + quoted((*this)[left.fork].id)
            + " other than by its join",
                        join == joins_.end() ? "end the branch with an endEvent, or let it fall to a join"
                                             : "the other branches would wait for ever: go to "
                                                 + quoted((*this)[join->second].id));
}

void Graph::merge_into(ElementIndex target, const Ends& flows, const std::string& id) {
    if (flows.size() < 2) return;
    const ElementIndex merge = add(id, model::ExclusiveGateway{}, (*this)[target].position,
        {(*this)[target].scope, flow_regions_[raw(flows.front())]}, true);
    connect(flows, merge);
    connect({leave(merge, (*this)[target].position, region(merge))}, target);
}

void Graph::merge_branches(ElementIndex join, const std::vector<Ends>& incoming) {
    std::map<RegionIndex, Ends> by_branch;
    for (const FlowIndex flow : incoming[raw(join)]) by_branch[flow_regions_[raw(flow)]].push_back(flow);
    for (const auto& [branch, flows] : by_branch) {
        // Several empty branches are several tokens; several ways out of one branch are one token.
        const auto& from = regions_[static_cast<std::uint32_t>(branch)];
        if (branch != RegionIndex{}) merge_into(join, flows, (*this)[join].id + "." + from.label);
    }
}

void Graph::name_flows() {
    std::map<std::string, std::uint32_t> used;
    for (model::SequenceFlow& flow : process_.flows) {
        flow.id = (*this)[flow.source].id + "-to-" + (*this)[flow.target].id;
        if (const auto n = ++used[flow.id]; n > 1) flow.id += "-" + std::to_string(n);
    }
}

/// Renumbers the flows that stay.
void Graph::remove_dropped() {
    std::vector<FlowIndex> renumbered(process_.flows.size());
    std::vector<model::SequenceFlow> kept;
    std::vector<RegionIndex> regions;
    for (model::SequenceFlow& flow : process_.flows) {
        if (flow_targets_[raw(flow.index)] == Target::dropped) continue;
        const FlowIndex index{static_cast<std::uint32_t>(kept.size())};
        renumbered[raw(flow.index)] = index;
        regions.push_back(flow_regions_[raw(flow.index)]);
        flow.index = index;
        kept.push_back(std::move(flow));
    }
    for (model::Element& element : process_.elements) {
        std::erase_if(element.outgoing, [&](FlowIndex flow) { return flow_targets_[raw(flow)] == Target::dropped; });
        for (FlowIndex& flow : element.outgoing) flow = renumbered[raw(flow)];
    }
    process_.flows = std::move(kept);
    flow_regions_ = std::move(regions);
    flow_targets_.assign(process_.flows.size(), Target::known);
}

bool Graph::finish() {
    bool complete = true;
    for (const Reference& reference : references_) complete = resolve(reference) && complete;
    for (const auto& action : later_) action();
    if (!complete || std::ranges::find(flow_targets_, Target::open) != flow_targets_.end()) return false;
    remove_dropped();
    for (const model::SequenceFlow& flow : process_.flows) check_region(flow);
    std::vector<Ends> incoming(process_.elements.size());
    for (const model::SequenceFlow& flow : process_.flows) incoming[raw(flow.target)].push_back(flow.index);
    for (const auto& [fork, join] : joins_)
        if (std::holds_alternative<model::ParallelGateway>((*this)[join].kind)) merge_branches(join, incoming);
    for (const ElementIndex fork : forks_) merge_into(fork, incoming[raw(fork)], (*this)[fork].id + ".merge");
    name_flows();
    return true;
}

}  // namespace kontor::yaml
