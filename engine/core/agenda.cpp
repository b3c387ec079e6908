#include "core/agenda.hpp"

#include <algorithm>

namespace kontor::core {

using lifecycle::Activity;

void Agenda::add(ElementKey key) {
    const auto instance = state_.elements.find(key);
    if (instance == state_.elements.end() || instance->second.incident) return;
    remove(key);
    state_.agenda.push_back({key, {}, {}});
}

void Agenda::remove(ElementKey key) {
    std::erase_if(state_.agenda, [&](const Todo& todo) { return todo.element == key; });
}

void Agenda::add_token(ElementKey scope, FlowIndex flow) {
    state_.agenda.push_back({{}, flow, scope});
    ++state_.elements.at(scope).content->moving;
}

void Agenda::take_token(ElementKey scope, FlowIndex flow) {
    const auto it = std::find(state_.agenda.begin(), state_.agenda.end(), Todo{{}, flow, scope});
    if (it == state_.agenda.end()) return;
    state_.agenda.erase(it);
    Scope& content = *state_.elements.at(scope).content;
    if (--content.moving == 0 && content.children.empty()) add(scope);
}

void Agenda::drop_tokens(ElementKey scope) {
    std::erase_if(state_.agenda, [&](const Todo& todo) { return !todo.element && todo.scope == scope; });
    state_.elements.at(scope).content->moving = 0;
}

void Agenda::rebuild() {
    std::erase_if(state_.agenda, [&](const Todo& todo) {
        if (!todo.element) return false;
        const Activity phase = state_.at(todo.element).phase;
        return phase != Activity::ready && phase != Activity::completing;
    });
    for (const auto& [key, instance] : state_.elements)
        if (instance.content && has_work(state_, instance)) add(key);
}

bool has_work(const State& state, const ElementInstance& instance) {
    if (instance.phase != Activity::active && instance.phase != Activity::terminating) return false;
    const Scope& scope = *instance.content;
    if (!scope.compensations.empty()) return true;
    if (scope.children.empty() && scope.moving == 0) return true;
    return scope.interrupted && std::any_of(scope.children.begin(), scope.children.end(), [&](ElementKey child) {
               const ElementInstance& c = state.at(child);
               return child != scope.survivor && c.phase != Activity::terminating && !c.compensates;
           });
}

}  // namespace kontor::core
