#include "core/flow.hpp"

#include "core/expressions.hpp"

#include <algorithm>

namespace kontor::core {
namespace {

bool is_join(const model::Element& element) {
    return element.incoming.size() > 1 && (std::holds_alternative<model::ParallelGateway>(element.kind) ||
                                           std::holds_alternative<model::InclusiveGateway>(element.kind));
}

bool has_arrived(const Scope& scope, FlowIndex flow) {
    return std::find(scope.arrived.begin(), scope.arrived.end(), flow) != scope.arrived.end();
}

void activate_join(Deciding& d, ElementKey scope, const model::Element& gateway) {
    std::vector<FlowIndex> consumed;
    std::copy_if(gateway.incoming.begin(), gateway.incoming.end(), std::back_inserter(consumed),
                 [&](FlowIndex flow) { return has_arrived(d.state.scope(scope), flow); });
    d.emit(ElementActivated{d.new_key<ElementKey>(), gateway.index, scope, std::move(consumed), true, {}, {}});
}

void arrive(Deciding& d, ElementKey scope, FlowIndex flow, const model::Element& gateway) {
    d.emit(TokenArrived{scope, flow});
    if (!std::holds_alternative<model::ParallelGateway>(gateway.kind)) return;   // an inclusive one is asked when all else rests
    const Scope& content = d.state.scope(scope);
    if (std::all_of(gateway.incoming.begin(), gateway.incoming.end(), [&](FlowIndex in) { return has_arrived(content, in); }))
        activate_join(d, scope, gateway);
}

/// Whether some token of the scope could still reach a flow into the gateway on which none waits yet.
bool more_may_come(const Deciding& d, ElementKey scope_key, const model::Element& gateway) {
    const Scope& scope = d.state.scope(scope_key);
    std::vector<ElementIndex> tokens;
    for (const ElementKey child : scope.children) tokens.push_back(d.state.at(child).element);
    for (const FlowIndex flow : scope.arrived) {
        const ElementIndex at = d.process[flow].target;
        if (at != gateway.index) tokens.push_back(at);
    }
    return std::any_of(gateway.incoming.begin(), gateway.incoming.end(), [&](FlowIndex missing) {
        return !has_arrived(scope, missing) && std::any_of(tokens.begin(), tokens.end(), [&](ElementIndex token) {
            return model::reaches(d.process, token, missing, gateway.index);
        });
    });
}

}  // namespace

void enter(Deciding& d, ElementKey scope, FlowIndex flow, Value payload) {
    const model::Element& target = d.process[d.process[flow].target];
    if (is_join(target)) return arrive(d, scope, flow, target);
    d.emit(ElementActivated{d.new_key<ElementKey>(), target.index, scope, {flow}, false, {}, std::move(payload)});
}

bool fire_inclusive_join(Deciding& d, ElementKey scope_key) {
    for (const FlowIndex flow : d.state.scope(scope_key).arrived) {
        const model::Element& gateway = d.process[d.process[flow].target];
        if (!std::holds_alternative<model::InclusiveGateway>(gateway.kind) || more_may_come(d, scope_key, gateway)) continue;
        activate_join(d, scope_key, gateway);
        return true;
    }
    return false;
}

std::optional<std::vector<FlowIndex>> outgoing_flows(Here here, const Variables& locals) {
    std::vector<FlowIndex> taken;
    std::optional<FlowIndex> by_default;
    bool any_condition_true = false;
    for (const FlowIndex index : here.element.outgoing) {
        const model::SequenceFlow& flow = here.deciding.process[index];
        if (flow.is_default) by_default = index;
        else if (!flow.condition) taken.push_back(index);
        else {
            const auto truth = holds(here, *flow.condition, locals);
            if (!truth) return std::nullopt;
            if (*truth) taken.push_back(index), any_condition_true = true;
        }
    }
    if (by_default && !any_condition_true) taken.push_back(*by_default);
    return taken;
}

void complete(Here here, std::vector<FlowIndex> taken) {
    auto done = completion(here, outcome_locals(here));
    if (!done) return;
    here.deciding.emit(ElementCompleted{here.key, std::move(done->writes), std::move(taken), std::move(done->compensation)});
}

void complete(Here here) {
    auto done = completion(here, outcome_locals(here));
    if (!done) return;
    // Conditions of outgoing flows read what the outputs have just written.
    Variables locals = outcome_locals(here);
    for (const auto& write : done->writes) locals.set(write.name, write.value);
    auto taken = outgoing_flows(here, locals);
    if (!taken) return;
    here.deciding.emit(ElementCompleted{here.key, std::move(done->writes), std::move(*taken), std::move(done->compensation)});
}

}  // namespace kontor::core
