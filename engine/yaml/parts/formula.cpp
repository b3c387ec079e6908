#include "yaml/parts/formula.hpp"

#include "feel/feel.hpp"

#include <algorithm>

namespace kontor::yaml {

using model::Formula;

const model::Variable* Names::variable(std::string_view name) const {
    if (!process_) return nullptr;
    for (auto scope = scope_;; scope = (*process_)[scope].scope) {
        const auto& variables = process_->scope(scope).variables;
        const auto found = std::ranges::find(variables, name, &model::Variable::name);
        if (found != variables.end()) return &*found;
        if (scope == model::root) return nullptr;
    }
}

bool Names::has_local(std::string_view name) const { return std::ranges::find(locals_, name) != locals_.end(); }

bool Names::contains(std::string_view name) const { return open() || has_local(name) || variable(name); }

std::vector<std::string_view> Names::all() const {
    std::vector<std::string_view> names = locals_;
    if (!process_) return names;
    for (auto scope = scope_;; scope = (*process_)[scope].scope) {
        for (const auto& variable : process_->scope(scope).variables) names.push_back(variable.name);
        if (scope == model::root) return names;
    }
}

namespace {

std::string unknown_variable_hint(std::string_view name, const Names& names) {
    auto hint = did_you_mean(name, names.all());
    if (!hint.empty()) return hint;
    if (name == "result") return "`result` is what an activity or a message brings: it is known in `output` only";
    if (name == "error") return "`error` is known in the `output` of the event that catches it";
    if (name == "compensated") return "`compensated` is known in the input of a compensation only";
    return "declare it under `variables:`";
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
        || (static_cast<unsigned char>(c) & 0x80U);
}

/// The place of a name in an expression, as a word outside of quotes and not behind a dot.
std::size_t find_name(std::string_view expression, std::string_view name) {
    bool in_quotes = false;
    for (std::size_t i = 0; i < expression.size(); ++i) {
        if (in_quotes && expression[i] == '\\') { ++i; continue; }
        if (expression[i] == '"') in_quotes = !in_quotes;
        if (in_quotes || !expression.substr(i).starts_with(name)) continue;
        const bool begins = i == 0 || (!is_name_character(expression[i - 1]) && expression[i - 1] != '.');
        const bool ends = i + name.size() >= expression.size() || !is_name_character(expression[i + name.size()]);
        if (begins && ends) return i;
    }
    return 0;
}

/// The text behind `=`, and how many bytes stand before it.
std::pair<std::string_view, std::size_t> body(const Node& node) {
    std::size_t start = 1;
    while (start < node.text.size() && (node.text[start] == ' ' || node.text[start] == '\n')) ++start;
    std::string_view text = std::string_view{node.text}.substr(start);
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
    return {text, start};
}

std::optional<Formula> compile(const Site& site, const Node& node, std::string_view what, const Names& names) {
    if (node.broken) return std::nullopt;
    const auto [text, start] = body(node);
    if (text.empty()) return site.error(node, "expression-syntax", quoted(what) + " has no expression behind `=`"), std::nullopt;
    auto parsed = feel::Expression::parse(text);
    if (const auto* error = std::get_if<feel::SyntaxError>(&parsed)) {
        site.problems.error(position_in(site.text, node, start + error->offset), "expression-syntax", error->message,
            error->hint);
        return std::nullopt;
    }
    auto& expression = std::get<feel::Expression>(parsed);
    bool known = true;
    for (const std::string& name : expression.reads()) {
        if (names.contains(name)) continue;
        known = false;
        site.problems.error(position_in(site.text, node, start + find_name(text, name)), "undeclared-variable",
            "there is no variable " + quoted(name),
                            unknown_variable_hint(name, names));
    }
    if (!known) return std::nullopt;
    return Formula{std::move(expression), node.position};
}

/// The FEEL text of a node that mixes values and expressions. Each part has been compiled already, so that errors stand where
/// they are.
std::optional<std::string> compose(const Site& site, const Node& node, std::string_view what, const Names& names) {
    if (is_expression(node)) {
        auto formula = compile(site, node, what, names);
        return formula ? std::optional{"(" + formula->expression.text() + ")"} : std::nullopt;
    }
    if (!contains_expression(node)) {
        const auto value = read_value(site, node, what);
        return value ? std::optional{feel::to_feel(*value)} : std::nullopt;
    }
    std::string text;
    bool complete = true;
    const auto append = [&](const std::string& key, const Node& part, std::string_view part_name) {
        const auto composed = compose(site, part, part_name, names);
        complete = complete && composed;
        text += (text.empty() ? "" : ", ") + key + composed.value_or("null");
    };
    for (const Node& item : node.items) append("", item, what);
    for (const Entry& entry : node.entries) append(feel::to_feel(Value{entry.key.text}) + ": ", entry.value, entry.key.text);
    if (!complete) return std::nullopt;
    return node.is_list() ? "[" + text + "]" : "{" + text + "}";
}

}  // namespace

std::optional<Formula> read_expression(const Site& site, const Node& node, std::string_view what, const Names& names) {
    if (is_expression(node)) return compile(site, node, what, names);
    if (node.is_scalar() && spelling(node) == Spelling::boolean)
        return Formula{feel::Expression::literal(Value{node.text == "true"}), node.position};
    if (node.is_scalar()) site.error(node, "missing-equals",
        quoted(what) + " wants an expression, and " + quoted(node.text) + " has no `=` before it", "write `= " + node.text + "`");
    else site.wanted(what, "an expression (= ...)", node, "quote it if it contains { } [ ] or a comma: '= ...'");
    return std::nullopt;
}

std::optional<Formula> read_formula(const Site& site, const Node& node, std::string_view what, const Names& names) {
    if (node.broken) return std::nullopt;
    if (is_expression(node)) return compile(site, node, what, names);
    if (!contains_expression(node)) {
        auto value = read_value(site, node, what);
        return value ? std::optional{Formula{feel::Expression::literal(std::move(*value)), node.position}} : std::nullopt;
    }
    const auto text = compose(site, node, what, names);
    if (!text) return std::nullopt;
    auto parsed = feel::Expression::parse(*text);
    if (auto* expression = std::get_if<feel::Expression>(&parsed)) return Formula{std::move(*expression), node.position};
    site.error(node, "expression-syntax", std::get<feel::SyntaxError>(parsed).message);
    return std::nullopt;
}

bool check_declared(const Site& site, const Node& at, std::string_view name, const Names& names) {
    if (names.open() || names.variable(name)) return true;
    site.error(at, "undeclared-variable", "there is no variable " + quoted(name), did_you_mean(name, names.all()).empty()
                                              ? "declare it under `variables:`" : did_you_mean(name, names.all()));
    return false;
}

}  // namespace kontor::yaml
