#include "dmn/decision_table_source.hpp"
#include "feel/operators/compare.hpp"
#include "feel/syntax/characters.hpp"
#include "value/wording.hpp"

#include <algorithm>

namespace kontor::dmn {
namespace {

/// The position of a byte of a text.
Position inside(const Text& text, std::uint32_t offset) {
    const auto before = std::string_view{text.text}.substr(0, offset);
    const auto line = before.rfind('\n');
    if (line == before.npos) return {text.at.line, text.at.column + static_cast<int>(feel::length(before))};
    const auto lines = static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    return {text.at.line + lines, static_cast<int>(feel::length(before.substr(line + 1))) + 1};
}

class Compiler {
public:
    explicit Compiler(const DecisionTableSource& source) : source_{source}, names_{source.names} {
        for (const auto& input : source.inputs) names_.push_back(input.name.text);
    }

    std::variant<DecisionTable, std::vector<Problem>> run() {
        table_.id = source_.id;
        table_.name = source_.name;
        table_.annotation_names = source_.annotation_names;
        policy();
        if (source_.outputs.empty()) report(source_.hit_policy.at, "decision-output", "a decision table needs an output");
        for (const auto& input : source_.inputs) add(input);
        for (const auto& output : source_.outputs) add(output);
        check_policy();
        if (problems_.empty()) for (const auto& rule : source_.rules) add(rule);
        if (!problems_.empty()) return std::move(problems_);
        return DecisionTable{std::move(table_)};
    }

private:
    void report(Position at, std::string rule, std::string message, std::string hint = {}) {
        problems_.push_back({source_.file, at.line, at.column, Severity::error, std::move(rule), std::move(message), std::move(hint)});
    }
    void report(const Text& text, const feel::SyntaxError& error) { report(inside(text, error.offset), "feel-syntax", error.message, error.hint); }

    void policy() {
        auto name = source_.hit_policy.text;
        auto aggregator = source_.aggregator.text;
        if (name.starts_with("COLLECT ")) {
            aggregator = name.substr(8);
            name = "COLLECT";
        }
        const auto policy = name.empty() ? HitPolicy::unique : parse_hit_policy(name);
        if (policy) table_.hit_policy = *policy;
        else report(source_.hit_policy.at, "hit-policy", "no hit policy is named " + quoted(name),
                    did_you_mean_or_all(name, {"UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"}));
        if (aggregator.empty()) return;
        const auto known = parse_aggregator(aggregator);
        if (known) table_.aggregator = *known;
        else report(source_.aggregator.at, "hit-policy", "no aggregator is named " + quoted(aggregator),
                    did_you_mean_or_all(aggregator, {"SUM", "MIN", "MAX", "COUNT"}));
        if (known && policy && *policy != HitPolicy::collect) report(source_.aggregator.at, "hit-policy", "only COLLECT has an aggregator");
    }
    void check_policy() {
        if (table_.hit_policy != HitPolicy::priority && table_.hit_policy != HitPolicy::output_order) return;
        const bool ranked = std::any_of(table_.outputs.begin(), table_.outputs.end(), [](const Output& output) { return !output.priorities.empty(); });
        if (!ranked && problems_.empty())
            report(source_.hit_policy.at, "hit-policy", quoted(to_string(table_.hit_policy)) + " needs allowed values of an output, the most important first");
    }

    std::optional<feel::Expression> expression(const Text& text) {
        auto result = feel::Expression::parse(text.text, names_, &source_.types);
        if (auto* error = std::get_if<feel::SyntaxError>(&result)) {
            report(text, *error);
            return std::nullopt;
        }
        return std::move(std::get<feel::Expression>(result));
    }
    std::optional<feel::UnaryTests> tests(const Text& text) {
        auto result = feel::UnaryTests::parse(text.text, names_, &source_.types);
        if (auto* error = std::get_if<feel::SyntaxError>(&result)) {
            report(text, *error);
            return std::nullopt;
        }
        return std::move(std::get<feel::UnaryTests>(result));
    }
    feel::Type type(const Text& text) {
        if (text.text.empty()) return {};
        auto found = feel::parse_type(text.text, source_.types);
        if (found) return std::move(*found);
        std::vector<std::string_view> known = {"number", "string", "boolean", "date", "time", "date and time", "days and time duration", "years and months duration", "any"};
        for (const auto& [name, definition] : source_.types) known.push_back(name);
        report(text.at, "unknown-type", "no type is named " + quoted(text.text), did_you_mean_or_all(text.text, known));
        return {};
    }
    std::optional<feel::UnaryTests> allowed(const std::optional<AllowedSource>& source) {
        if (!source) return std::nullopt;
        if (source->values.empty()) return tests(source->tests);
        return tests({joined(source->values, ", ", feel::to_feel), source->at});
    }

    void add(const InputSource& input) {
        auto read = input.expression.text.empty() ? expression(input.name) : expression(input.expression);
        auto values = allowed(input.allowed);
        auto kind = type(input.type);
        if (read) table_.inputs.push_back({input.name.text, std::move(*read), std::move(kind), std::move(values)});
    }
    void add(const OutputSource& output) {
        Output result{output.name.text, type(output.type), allowed(output.allowed), {}, std::nullopt};
        if (result.allowed) result.priorities = result.allowed->values().value_or(std::vector<Value>{});
        if (output.default_value) result.default_value = expression(*output.default_value);
        if (result.default_value) check_constant(result, *result.default_value, *output.default_value);
        table_.outputs.push_back(std::move(result));
    }
    void add(const RuleSource& source) {
        Rule rule;
        if (source.tests.size() != table_.inputs.size() || source.results.size() != table_.outputs.size()) {
            report(source.at, "rules-table", "the rule has not one cell per input and output");
            return;
        }
        for (std::size_t i = 0; i < source.tests.size(); ++i)
            if (auto cell = tests(source.tests[i])) {
                check_constants(table_.inputs[i], *cell, source.tests[i]);
                rule.tests.push_back(std::move(*cell));
            }
        for (std::size_t i = 0; i < source.results.size(); ++i)
            if (auto cell = expression(source.results[i])) {
                check_constant(table_.outputs[i], *cell, source.results[i]);
                rule.results.push_back(std::move(*cell));
            }
        for (const auto& note : source.annotations) rule.annotations.push_back(note.text);
        table_.rules.push_back(std::move(rule));
    }

    /// A literal output that the column cannot hold is found now, not when the rule first matches.
    void check_constant(const Output& output, const feel::Expression& cell, const Text& text) {
        const Value* value = cell.constant();
        if (!value || value->is_null()) return;
        if (!feel::coerce(*value, output.type))
            report(text.at, "wrong-type", "the output " + quoted(output.name) + " is of type " + feel::to_string(output.type) + ", found " + std::string{to_string(value->kind())});
        else if (!output.priorities.empty() && !is_one_of(output.priorities, *value)) not_allowed(output.name, output.priorities, *value, text);
    }
    /// A test for a value that the input never has would never match.
    void check_constants(const Input& input, const feel::UnaryTests& cell, const Text& text) {
        const auto tested = cell.values();
        const auto values = input.allowed ? input.allowed->values() : std::nullopt;
        if (!tested) return;
        for (const Value& value : *tested) {
            if (value.is_null()) continue;
            if (!feel::coerce(value, input.type))
                report(text.at, "wrong-type", "the input " + quoted(input.name) + " is of type " + feel::to_string(input.type) + ", found " + std::string{to_string(value.kind())});
            else if (values && !is_one_of(*values, value)) not_allowed(input.name, *values, value, text);
        }
    }
    static bool is_one_of(const std::vector<Value>& values, const Value& value) {
        return std::any_of(values.begin(), values.end(), [&](const Value& one) { return feel::is_true(feel::equal(one, value)); });
    }
    void not_allowed(const std::string& column, const std::vector<Value>& values, const Value& value, const Text& text) {
        std::vector<std::string> texts;
        for (const Value& one : values) texts.push_back(feel::to_feel(one));
        report(text.at, "not-allowed", feel::to_feel(value) + " is not an allowed value of " + quoted(column),
               did_you_mean_or_all(feel::to_feel(value), {texts.begin(), texts.end()}));
    }

    const DecisionTableSource& source_;
    std::vector<std::string> names_;
    DecisionTable::Content table_;
    std::vector<Problem> problems_;
};

}  // namespace

std::variant<DecisionTable, std::vector<Problem>> compile(const DecisionTableSource& source) { return Compiler{source}.run(); }

}  // namespace kontor::dmn
