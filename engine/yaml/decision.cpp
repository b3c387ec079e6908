/// Decision files: a header in YAML, the rules as a text table in a block scalar.
#include "yaml/decision.hpp"

#include "dmn/decision_table_source.hpp"
#include "yaml/parts/fields.hpp"
#include "yaml/parts/types.hpp"
#include "yaml/read.hpp"
#include "yaml/tree/parse.hpp"

#include <algorithm>
#include <array>

namespace kontor::yaml {

namespace {

constexpr std::array<Key, 10> decision_table{{{"kontor", Shape::format, "format of this file: 1", required},
                                              {"decision", Shape::id, "id of the decision", required},
                                              {"name", Shape::text, "what people call it"},
                                              {"documentation", Shape::text, "longer words for people"},
                                              {"types", Shape::types, "item definitions, or the file that has them"},
                                              {"hitPolicy", Shape::hit_policy, "UNIQUE if missing"},
                                              {"aggregator", Shape::text, "of COLLECT: SUM, MIN, MAX or COUNT"},
                                              {"inputs", Shape::inputs, "input columns by name", required},
                                              {"outputs", Shape::outputs, "output columns by name", required},
                                              {"rules", Shape::table, "the rules: a `|` block with a table", required}}};
constexpr std::array<Key, 4> input_table{{{"type", Shape::type_ref, "its type; any if missing"},
                                          {"label", Shape::text, "what people call it"},
                                          {"expression", Shape::expression,
                                              "what is compared; the value of that name if missing"},
                                          {"allowedValues", Shape::anything, "the only values that are accepted"}}};
constexpr std::array<Key, 4> output_table{{{"type", Shape::type_ref, "its type; any if missing"},
                                           {"label", Shape::text, "what people call it"},
                                           {"default", Shape::anything, "the value when no rule matches"},
                                           {"allowedValues", Shape::anything,
                                               "the only values that are given, the most important first"}}};

dmn::Position place(Position at) { return {static_cast<int>(at.line), static_cast<int>(at.column)}; }

/// Item definitions as FEEL has them: a member must be there, so only required fields are members.
feel::Type feel_type(const model::Type& type) {
    using M = model::Type::Kind;
    using F = feel::Type::Kind;
    constexpr std::array<std::pair<M, F>, 11> kinds{{{M::any, F::any}, {M::boolean, F::boolean}, {M::number, F::number},
        {M::string, F::string}, {M::date, F::date},
                                                     {M::time, F::time}, {M::date_time, F::date_time},
                                                         {M::days_duration, F::days_duration},
                                                     {M::months_duration, F::months_duration}, {M::list, F::list},
                                                         {M::context, F::context}}};
    feel::Type result;
    result.kind = std::ranges::find(kinds, type.kind, &std::pair<M, F>::first)->second;
    if (type.element) result.of.push_back(feel_type(*type.element));
    for (const auto& field : type.fields)
        if (field.required) result.members.push_back({field.name, feel_type(*field.type)});
    return result;
}

/// The text behind `=`, with its place.
dmn::Text expression_text(const Site& site, const Node& node) {
    std::size_t start = 1;
    while (start < node.text.size() && (node.text[start] == ' ' || node.text[start] == '\n')) ++start;
    return {node.text.substr(std::min(start, node.text.size())), place(position_in(site.text, node, start))};
}

dmn::Text text_of(const Fields& fields, std::string_view key) {
    const Node* node = fields[key];
    return node ? dmn::Text{fields.text(key), place(node->position)} : dmn::Text{};
}

std::optional<dmn::AllowedSource> read_allowed(const Fields& fields) {
    const Node* node = fields["allowedValues"];
    if (!node) return std::nullopt;
    const Site& site = fields.site();
    dmn::AllowedSource allowed;
    allowed.at = place(node->position);
    if (is_expression(*node)) {
        allowed.tests = expression_text(site, *node);
        return allowed;
    }
    if (!expect_list(site, *node, "allowedValues")) return std::nullopt;
    for (const Node& item : node->items)
        if (auto value = read_value(site, item, "allowedValues")) allowed.values.push_back(std::move(*value));
    return allowed;
}

dmn::InputSource read_input(const Site& site, const Entry& entry) {
    dmn::InputSource input;
    input.name = {entry.key.text, place(entry.key.position)};
    if (entry.value.is_scalar()) input.type = {read_text(site, entry.value, "type").value_or(""), place(entry.value.position)};
    if (!entry.value.is_map()) return input;
    const Fields fields{site, entry.value, "the input " + quoted(entry.key.text), {input_table}};
    input.type = text_of(fields, "type");
    if (const Node* expression = fields["expression"]) {
        if (is_expression(*expression)) input.expression = expression_text(site, *expression);
        else site.error(*expression, "missing-equals", "`expression` wants an expression, and " + describe(*expression)
            + " is none", "put `=` before it");
    }
    input.allowed = read_allowed(fields);
    return input;
}

dmn::OutputSource read_output(const Site& site, const Entry& entry) {
    dmn::OutputSource output;
    output.name = {entry.key.text, place(entry.key.position)};
    if (entry.value.is_scalar()) output.type = {read_text(site, entry.value, "type").value_or(""), place(entry.value.position)};
    if (!entry.value.is_map()) return output;
    const Fields fields{site, entry.value, "the output " + quoted(entry.key.text), {output_table}};
    output.type = text_of(fields, "type");
    if (const Node* node = fields["default"]) {
        if (is_expression(*node)) output.default_value = expression_text(site, *node);
        else if (const auto value = read_value(site, *node, "default"))
            output.default_value = dmn::Text{feel::to_feel(*value), place(node->position)};
    }
    output.allowed = read_allowed(fields);
    return output;
}

void add_all(Problems& problems, std::vector<Problem> found, const std::string& file) {
    for (Problem& problem : found) {
        if (problem.file.empty()) problem.file = file;
        problems.add(std::move(problem));
    }
}

void read_rules(const Site& site, const Node& rules, dmn::DecisionTableSource& source) {
    if (!rules.is_scalar() || rules.style != Node::Style::block)
        return site.error(rules, "wrong-type", "`rules` wants a table in a block, not " + describe(rules),
            "write `rules: |` and the table below, indented");
    add_all(site.problems, dmn::add_rules(source, dmn::parse_rules(rules.text, place(position_in(site.text, rules, 0)))),
        source.file);
}

void read_document(const Document& document, const Source& file, const Resolver& resolver, Problems& problems,
    DecisionFile& result) {
    const Site site{document.text, problems};
    const Node& root = document.root;
    if (!root.is_map()) return site.error(root, "wrong-type", "a decision file is a mapping, not " + describe(root),
        "begin it with `kontor: 1`");
    const Fields fields{site, root, "a decision", {decision_table}};
    check_format(site, root);
    TypeTable types;
    if (const Node* node = fields["types"]) types.read(site, *node, file, resolver);
    dmn::DecisionTableSource source;
    source.file = file.name;
    if (const Node* id = fields["decision"]) source.id = read_id(site, *id, "decision").value_or("");
    source.name = fields.text("name");
    source.hit_policy = text_of(fields, "hitPolicy");
    source.aggregator = text_of(fields, "aggregator");
    for (const auto& [name, type] : types.types()) source.types.emplace(name, feel_type(*type));
    if (const Node* inputs = fields["inputs"]; inputs && expect_map(site, *inputs, "inputs"))
        for (const Entry& entry : inputs->entries) source.inputs.push_back(read_input(site, entry));
    if (const Node* outputs = fields["outputs"]; outputs && expect_map(site, *outputs, "outputs"))
        for (const Entry& entry : outputs->entries) source.outputs.push_back(read_output(site, entry));
    const Node* rules = fields["rules"];
    if (rules) read_rules(site, *rules, source);
    if (!rules || problems.errors() > 0) return;   // a table without some of its columns would only be wrong in more ways
    auto compiled = dmn::compile(source);
    if (auto* found = std::get_if<std::vector<Problem>>(&compiled)) return add_all(problems, std::move(*found), file.name);
    result.id = source.id;
    result.decision = std::make_shared<const dmn::DecisionTable>(std::get<dmn::DecisionTable>(std::move(compiled)));
}

}  // namespace

Keys decision_keys() { return decision_table; }
Keys decision_input_keys() { return input_table; }
Keys decision_output_keys() { return output_table; }

bool DecisionFile::ok() const noexcept { return decision != nullptr; }

DecisionFile read_decision(const Source& source, const Resolver& resolver) {
    DecisionFile file;
    Problems problems{source.name};
    try {
        if (const auto document = parse(source.text, problems)) read_document(*document, source, resolver, problems, file);
    } catch (const TooManyProblems&) {   // they stand in `problems`
    }
    file.problems = problems.take();
    return file;
}

}  // namespace kontor::yaml
