#include "conformance/model.hpp"
#include "dmn/decision_table_source.hpp"
#include "feel/operators/compare.hpp"
#include "feel/syntax/characters.hpp"

#include <map>

namespace kontor::conformance {
namespace {

std::vector<std::string> names_in(const Model& model, const ScopePtr& scope) {
    auto names = model.names();
    scope->add_names(names);
    return names;
}

/// Problems of a text make it null, as an error at evaluation would.
Value literal(const std::string& text, const Model& model, const ScopePtr& scope) {
    const auto parsed = feel::Expression::parse(text, names_in(model, scope), &model.types());
    const auto* expression = std::get_if<feel::Expression>(&parsed);
    return expression ? expression->evaluate(*scope, situation()).value : Value{};
}

Value expression_of(const Element* holder, const Model& model, const ScopePtr& scope) {
    const auto* expression = expression_in(holder);
    return expression ? evaluate_boxed(expression, model, scope) : Value{};
}

Value context(const Element* element, const Model& model, const ScopePtr& scope) {
    Variables result;
    auto inner = std::make_shared<Names>(scope);
    for (const auto* entry : children(element, "contextEntry")) {
        const auto* variable = child(entry, "variable");
        const Value value = model.typed(expression_of(entry, model, inner), attribute(variable, "typeRef"));
        if (!variable) return value;   // an entry without a name is the context's result
        const auto name = feel::normalized_name(attribute(variable, "name"));
        result.set(name, value);
        // Functions made so far keep the scope that they know: it must not change under them.
        auto next = std::make_shared<Names>(inner);
        next->set(name, value);
        inner = std::move(next);
    }
    return result;
}

dmn::Text cell(const Element* element) { return {text_of(element), {}}; }

std::optional<dmn::AllowedSource> allowed(const Element* element) {
    if (!element || text_of(element).empty()) return std::nullopt;
    return dmn::AllowedSource{cell(element), {}, {}};
}

Value decision_table(const Element* element, const Model& model, const ScopePtr& scope) {
    dmn::DecisionTableSource source;
    source.hit_policy.text = attribute(element, "hitPolicy");
    source.aggregator.text = attribute(element, "aggregation");
    source.names = names_in(model, scope);
    source.types = model.types();
    for (const auto* input : children(element, "input")) {
        const auto* expression = child(input, "inputExpression");
        source.inputs.push_back({{text_of(expression), {}}, cell(expression), {}, allowed(child(input, "inputValues"))});
    }
    for (const auto* output : children(element, "output")) {
        const auto* fallback = child(output, "defaultOutputEntry");
        source.outputs.push_back({{feel::normalized_name(attribute(output, "name")), {}}, {}, allowed(child(output, "outputValues")),
                                  fallback ? std::optional{cell(fallback)} : std::nullopt});
    }
    for (const auto* rule : children(element, "rule")) {
        dmn::RuleSource row;
        for (const auto* entry : children(rule, "inputEntry")) row.tests.push_back(cell(entry));
        for (const auto* entry : children(rule, "outputEntry")) row.results.push_back(cell(entry));
        source.rules.push_back(std::move(row));
    }
    const auto compiled = dmn::compile(source);
    const auto* table = std::get_if<dmn::DecisionTable>(&compiled);
    return table ? dmn::evaluate(*table, *scope, situation()).value : Value{};
}

Value invocation(const Element* element, const Model& model, const ScopePtr& scope) {
    auto inner = std::make_shared<Names>(scope);
    std::string call = text_of(child(element, "literalExpression")) + "(";
    int count = 0;
    for (const auto* binding : children(element, "binding")) {
        const auto name = "binding " + std::to_string(++count);
        inner->set(name, expression_of(binding, model, scope));
        call += (count == 1 ? "" : ", ") + attribute(child(binding, "parameter"), "name") + ": " + name;
    }
    auto names = names_in(model, scope);
    for (int i = 1; i <= count; ++i) names.push_back("binding " + std::to_string(i));
    const auto parsed = feel::Expression::parse(call + ")", names, &model.types());
    const auto* expression = std::get_if<feel::Expression>(&parsed);
    return expression ? expression->evaluate(*inner, situation()).value : Value{};
}

Value relation(const Element* element, const Model& model, const ScopePtr& scope) {
    const auto columns = children(element, "column");
    std::vector<Value> rows;
    for (const auto* row : children(element, "row")) {
        Variables context;
        const auto cells = children(row);
        for (std::size_t i = 0; i < cells.size() && i < columns.size(); ++i)
            context.set(feel::normalized_name(attribute(columns[i], "name")), evaluate_boxed(cells[i], model, scope));
        rows.push_back(context);
    }
    return List(std::move(rows));
}

/// The items that a boxed iteration goes over; nothing for null.
std::optional<List> domain(const Element* element, const Model& model, const ScopePtr& scope) {
    const Value value = expression_of(child(element, "in"), model, scope);
    if (value.is_null()) return std::nullopt;
    if (const auto* list = value.if_list()) return *list;
    if (!value.if_range()) return List{value};
    auto inner = std::make_shared<Names>();
    inner->set("range", value);
    const Value spread = literal("for i in range return i", model, inner);
    return spread.if_list() ? std::optional{*spread.if_list()} : std::nullopt;
}

Value iteration(const Element* element, const Model& model, const ScopePtr& scope, const std::string& body) {
    const auto items = domain(element, model, scope);
    if (!items) return {};
    const bool filters = body == "match";
    std::vector<Value> results;
    for (const Value& item : *items) {
        auto inner = std::make_shared<Names>(scope);
        inner->set("partial", List(results));
        inner->set(filters ? "item" : attribute(element, "iteratorVariable"), item);
        if (const auto* entries = item.if_context(); filters && entries)
            for (const auto& [name, value] : *entries) inner->set(name, value);
        const Value value = expression_of(child(element, body), model, inner);
        if (!filters) results.push_back(value);
        else if (!value.if_boolean()) return {};
        else if (*value.if_boolean()) results.push_back(item);
    }
    return List(std::move(results));
}

Value quantified(const Element* element, const Model& model, const ScopePtr& scope, bool every) {
    const Value verdicts = iteration(element, model, scope, "satisfies");
    auto inner = std::make_shared<Names>();
    inner->set("verdicts", verdicts);
    // In a boxed expression every verdict must be a boolean, also behind the one that decides.
    for (const Value& verdict : verdicts.if_list() ? *verdicts.if_list() : List{})
        if (!verdict.if_boolean()) return {};
    return verdicts.is_null() ? Value{} : literal(every ? "every v in verdicts satisfies v" : "some v in verdicts satisfies v", model, inner);
}

Value conditional(const Element* element, const Model& model, const ScopePtr& scope) {
    const bool holds = feel::is_true(expression_of(child(element, "if"), model, scope));
    return expression_of(child(element, holds ? "then" : "else"), model, scope);
}

Value list(const Element* element, const Model& model, const ScopePtr& scope) {
    std::vector<Value> items;
    for (const auto* item : children(element))
        if (item->localName() != "description" && item->localName() != "extensionElements") items.push_back(evaluate_boxed(item, model, scope));
    return List(std::move(items));
}

using Evaluate = Value (*)(const Element*, const Model&, const ScopePtr&);
const std::map<std::string, Evaluate>& forms() {
    static const std::map<std::string, Evaluate> all = {
        {"literalExpression", [](const Element* e, const Model& m, const ScopePtr& s) { return literal(text_of(e), m, s); }},
        {"context", context},
        {"decisionTable", decision_table},
        {"invocation", invocation},
        {"functionDefinition", [](const Element* e, const Model& m, const ScopePtr& s) { return function_of(e, m, s, ""); }},
        {"relation", relation},
        {"list", list},
        {"conditional", conditional},
        {"filter", [](const Element* e, const Model& m, const ScopePtr& s) { return iteration(e, m, s, "match"); }},
        {"for", [](const Element* e, const Model& m, const ScopePtr& s) { return iteration(e, m, s, "return"); }},
        {"some", [](const Element* e, const Model& m, const ScopePtr& s) { return quantified(e, m, s, false); }},
        {"every", [](const Element* e, const Model& m, const ScopePtr& s) { return quantified(e, m, s, true); }},
    };
    return all;
}

}  // namespace

const Element* expression_in(const Element* holder) {
    for (const auto* element : children(holder))
        if (forms().contains(element->localName())) return element;
    return nullptr;
}

Value evaluate_boxed(const Element* expression, const Model& model, const ScopePtr& scope) {
    const auto form = forms().find(expression->localName());
    if (form == forms().end()) return {};
    return model.typed(form->second(expression, model, scope), attribute(expression, "typeRef"));
}

Value function_of(const Element* definition, const Model& model, const ScopePtr& scope, const std::string& result_type) {
    if (const auto kind = attribute(definition, "kind"); !kind.empty() && kind != "FEEL") return {};
    std::vector<Function::Parameter> parameters;
    for (const auto* parameter : children(definition, "formalParameter"))
        parameters.push_back({feel::normalized_name(attribute(parameter, "name")), model.type(attribute(parameter, "typeRef")).value_or(feel::Type{})});
    const auto* body = expression_in(definition);
    if (!body) return {};
    return std::make_shared<const Function>(parameters, model.type(result_type).value_or(feel::Type{}),
                                      [&model, scope, parameters, body](std::span<const Value> arguments, feel::Machine&) {
                                          auto inner = std::make_shared<Names>(scope);
                                          for (std::size_t i = 0; i < parameters.size(); ++i) inner->set(parameters[i].name, arguments[i]);
                                          return evaluate_boxed(body, model, inner);
                                      });
}

}  // namespace kontor::conformance
