#include "core/expressions.hpp"

#include "model/catching.hpp"

#include <algorithm>

namespace kontor::core {

const Value* VariableScope::find(std::string_view name) const {
    if (const Value* local = locals_.find(name)) return local;
    for (const ElementInstance* at = state_.find(innermost_); at; at = state_.find(at->scope)) {
        if (!at->content) continue;
        if (const Value* found = at->content->variables.find(name)) return found;
    }
    return nullptr;
}

std::string where(const model::Process& process, model::Position position) {
    return process.file + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

std::string a_kind(const Value& value) { return value.is_null() ? "null" : "a " + std::string{to_string(value.kind())}; }

namespace {

std::optional<Value> evaluate_in(ElementKey innermost, Here here, const model::Formula& formula, const Variables& locals) {
    Deciding& d = here.deciding;
    const VariableScope scope{d.state, innermost, locals};
    feel::Result result = formula.expression.evaluate(scope, d.situation);
    if (!result.exhausted) return std::move(result.value);
    d.raise(here.key, IncidentKind::expression,
            where(d.process, formula.position) + ": the expression takes too long or makes too large a value: " + formula.expression.text());
    return std::nullopt;
}

}  // namespace

std::optional<Value> evaluate(Here here, const model::Formula& formula, const Variables& locals) {
    return evaluate_in(here.key, here, formula, locals);
}

std::optional<Variables> evaluate_all(Here here, const std::vector<model::Mapping>& mappings, const Variables& locals) {
    Variables values;
    for (const auto& mapping : mappings) {
        auto value = evaluate(here, mapping.source, locals);
        if (!value) return std::nullopt;
        values.set(mapping.target, std::move(*value));
    }
    return values;
}

std::optional<bool> holds(Here here, const model::Formula& condition, const Variables& locals) {
    // The flow stands outside of a subprocess that it leaves, whose variables end with it.
    const auto value = evaluate_in(here.scope(), here, condition, locals);
    if (!value) return std::nullopt;
    const bool* truth = value->if_boolean();
    return truth && *truth;
}

Variables outcome_locals(Here here) {
    return {{model::catches_error(here.element.kind) ? "error" : "result", here.instance().payload}};
}

std::string idempotency_key(const State& state, ElementKey key) {
    return state.key_prefix.empty() ? key.str() : state.key_prefix + "-" + key.str();
}

ElementKey scope_declaring(const model::Process& process, const State& state, ElementKey from, std::string_view name) {
    for (const ElementInstance* at = state.find(from); at; at = state.find(at->scope)) {
        if (!at->content) continue;
        const auto& declared = process.scope(at->element).variables;
        if (std::any_of(declared.begin(), declared.end(), [&](const auto& v) { return v.name == name; })) return at->key;
        if (at->content->variables.contains(name)) return at->key;
    }
    return root_of(state.key);
}

std::size_t size_of(const Value& value) {
    if (const auto* text = value.if_string()) return text->size() + 2;
    std::size_t total = 8;
    if (const auto* list = value.if_list())
        for (const Value& item : *list) total += size_of(item);
    if (const auto* context = value.if_context())
        for (const auto& entry : *context) total += entry.name.size() + size_of(entry.value);
    return total;
}

namespace {

std::size_t size_of_all(const State& state) {
    std::size_t total = 0;
    for (const auto& [key, instance] : state.elements)
        if (instance.content) total += size_of(instance.content->variables);
    return total;
}

}  // namespace

std::optional<std::string> refusal_of(const model::Process& process, const State& state, ElementKey scope, std::string_view name,
                                      const Value& value) {
    const std::size_t size = size_of(value);
    if (size > largest_value)
        return std::string{name} + " would take " + std::to_string(size) + " bytes; a value may take " + std::to_string(largest_value);
    constexpr std::size_t worth_a_sum = 16 * 1024;   // summing up all variables for every small write would cost more than it guards
    if (size > worth_a_sum && size_of_all(state) + size > largest_instance)
        return std::string{name} + " would make the instance's variables larger than " + std::to_string(largest_instance) + " bytes";
    const ElementInstance* holder = state.find(scope);
    const ElementIndex element = holder ? holder->element : model::root;
    for (const auto& declared : process.scope(element).variables)
        if (declared.name == name) return model::mismatch(*declared.type, value, name);
    return std::nullopt;
}

std::optional<Completion> completion(Here here, const Variables& outcome) {
    Deciding& d = here.deciding;
    Completion done;
    Variables locals = outcome;
    for (const auto& mapping : here.element.output) {
        auto value = evaluate(here, mapping.source, locals);
        if (!value) return std::nullopt;
        // The element's own scope ends with it: its outputs go outwards.
        const ElementKey scope = scope_declaring(d.process, d.state, here.scope(), mapping.target);
        if (auto refusal = refusal_of(d.process, d.state, scope, mapping.target, *value)) {
            const bool large = size_of(*value) > largest_value;
            d.raise(here.key, large ? IncidentKind::too_large : IncidentKind::expression,
                    where(d.process, mapping.position) + ": output of " + here.element.id + ": " + *refusal);
            return std::nullopt;
        }
        locals.set(mapping.target, *value);
        done.writes.push_back({scope, mapping.target, std::move(*value)});
    }
    if (!here.element.compensation_handler) return done;
    locals.set("compensated", Variables{{"idempotencyKey", idempotency_key(d.state, here.key)}});
    done.compensation = evaluate_all(here, d.process[*here.element.compensation_handler].input, locals);
    if (!done.compensation) return std::nullopt;
    return done;
}

Variables settled_input(Here here, const Value& result) {
    Deciding& d = here.deciding;
    Variables locals{{"result", result}, {"compensated", Variables{{"idempotencyKey", idempotency_key(d.state, here.key)}}}};
    const auto value_of = [&](const model::Mapping& mapping) {
        return mapping.source.expression.evaluate(VariableScope{d.state, here.key, locals}, d.situation).value;
    };
    for (const auto& mapping : here.element.output) locals.set(mapping.target, value_of(mapping));
    Variables input;
    for (const auto& mapping : d.process[*here.element.compensation_handler].input) input.set(mapping.target, value_of(mapping));
    return input;
}

}  // namespace kontor::core
