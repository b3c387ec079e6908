#include "journal/masking.hpp"

#include "model/catching.hpp"

#include <algorithm>

namespace kontor::journal {
namespace {

bool continues_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

std::string without_spaces(std::string_view text) {
    std::string out;
    std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return c != ' ' && c != '\t' && c != '\n' && c != '\r'; });
    return out;
}

/// Whether every use of `name` in the expression is `name.part` with an innocent part. FEEL's names may contain spaces, so parts are
/// compared without them, and only by how they begin: that can mask too much, never too little.
bool uses_innocent_parts(std::string_view expression, std::string_view name, const std::vector<std::string>& sensitive) {
    for (auto at = expression.find(name); at != std::string_view::npos; at = expression.find(name, at + 1)) {
        if (at > 0 && continues_name(expression[at - 1])) continue;
        if (at + name.size() < expression.size() && continues_name(expression[at + name.size()])) continue;
        const std::string rest = without_spaces(expression.substr(at + name.size()));
        if (rest.empty() || rest[0] != '.') return false;
        for (const auto& part : sensitive) {
            if (rest.compare(1, without_spaces(part).size(), without_spaces(part)) == 0) return false;
        }
    }
    return true;
}

bool reads_outcome(const model::Formula& formula) {
    const auto& names = formula.expression.reads();
    return names.contains("result") || names.contains("error");
}

}  // namespace

Masking::Masking(const model::Process& process) : process_{process} {
    for (const auto& element : process.elements) {
        if (const auto* scope = model::scope_content(element.kind)) declare(*scope);
    }
    while (any() && spread()) {}
}

void Masking::declare(const model::ScopeContent& scope) {
    for (const auto& variable : scope.variables) {
        if (variable.sensitive) whole_.insert(variable.name);
        if (variable.sensitive_parts.empty()) continue;
        auto& parts = parts_[variable.name];   // a name that several scopes declare has the parts of all
        parts.insert(parts.end(), variable.sensitive_parts.begin(), variable.sensitive_parts.end());
    }
}

bool Masking::spread() {
    bool found = false;
    for (const auto& element : process_.elements) found = spread_from(element) || found;
    return found;
}

bool Masking::spread_from(const model::Element& element) {
    const auto known = whole_.size();
    Names locals = sensitive_inputs(element);
    if (model::scope_content(element.kind)) whole_.insert(locals.begin(), locals.end());
    if (computes_sensitive(element, locals)) locals.insert("result");
    for (const auto& output : element.output) {
        if (reads_sensitive(output.source, locals)) whole_.insert(output.target);
    }
    return whole_.size() > known;
}

bool Masking::reads_sensitive(const model::Formula& formula, const Names& locals) const {
    const auto& expression = formula.expression;
    return std::any_of(expression.reads().begin(), expression.reads().end(), [&](const std::string& name) {
        if (whole_.contains(name) || locals.contains(name)) return true;
        const auto parts = parts_.find(name);
        return parts != parts_.end() && !uses_innocent_parts(expression.text(), name, parts->second);
    });
}

Masking::Names Masking::sensitive_inputs(const model::Element& element) const {
    Names names;
    for (const auto& input : element.input) {
        if (reads_sensitive(input.source, {})) names.insert(input.target);
    }
    return names;
}

bool Masking::computes_sensitive(const model::Element& element, const Names& inputs) const {
    if (const auto* task = std::get_if<model::ScriptTask>(&element.kind)) return task->script && reads_sensitive(*task->script, inputs);
    // Without inputs a decision reads the variables themselves, and which ones stands in the decision.
    if (std::holds_alternative<model::BusinessRuleTask>(element.kind)) return !inputs.empty() || (element.input.empty() && any());
    return false;
}

bool Masking::stores_sensitive(const model::Element& element) const {
    return std::any_of(element.output.begin(), element.output.end(),
                       [this](const auto& output) { return is_sensitive(output.target) && reads_outcome(output.source); });
}

bool Masking::hides_errors(const model::Element& element) const {
    return any() && (!sensitive_inputs(element).empty() || computes_sensitive(element, {}) || stores_sensitive(element));
}

Value Masking::variable(std::string_view name, const Value& value) const {
    if (value.is_null()) return value;
    if (whole_.contains(name)) return mask;
    const auto parts = parts_.find(name);
    if (parts == parts_.end()) return value;
    if (!value.if_context()) return mask;
    Variables shown = *value.if_context();
    for (const auto& part : parts->second) {
        if (const Value* hidden = shown.find(part); hidden && !hidden->is_null()) shown.set(part, mask);
    }
    return shown;
}

Variables Masking::variables(const Variables& all) const {
    Variables shown;
    for (const auto& [name, value] : all) shown.set(name, variable(name, value));
    return shown;
}

Variables Masking::inputs(const model::Element& element, const Variables& all) const {
    if (!any()) return all;
    const Names sensitive = sensitive_inputs(element);
    const auto is_mapped = [&](std::string_view name) {
        return std::any_of(element.input.begin(), element.input.end(), [&](const auto& input) { return input.target == name; });
    };
    Variables shown;
    for (const auto& [name, value] : all) {
        // What no mapping explains is a variable that was handed on as it is.
        if (!is_mapped(name)) shown.set(name, variable(name, value));
        else shown.set(name, sensitive.contains(name) && !value.is_null() ? Value{mask} : value);
    }
    return shown;
}

Value Masking::outcome(const model::Element& element, const Value& value) const {
    if (!any() || value.is_null()) return value;
    if (const auto* scope = std::get_if<model::EventSubProcess>(&element.kind); scope && !scope->start_events.empty()) {
        return outcome(process_[scope->start_events.front()], value);   // which gets the same payload
    }
    const Names inputs = sensitive_inputs(element);
    if (computes_sensitive(element, inputs) || stores_sensitive(element)) return mask;
    if (element.output.empty() && !inputs.empty()) return mask;
    if (!model::catches_error(element.kind) || !value.if_context()) return value;
    Variables error = *value.if_context();
    for (const std::string_view part : {"message", "data"}) {
        if (error.contains(part)) error.set(part, mask);
    }
    return error;
}

}  // namespace kontor::journal
