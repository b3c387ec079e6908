#include "dmn/decision_table.hpp"

#include "dmn/hit_policy.hpp"
#include "feel/operators/compare.hpp"

namespace kontor::dmn {
namespace {

/// One evaluation of one table. The budget of steps is that of the whole table.
class Evaluation {
public:
    Evaluation(const DecisionTable::Content& table, const feel::Scope& scope, const feel::Situation& situation)
        : table_{table}, scope_{scope}, left_{situation} {}

    DecisionResult run() {
        const auto inputs = read_inputs();
        if (stopped()) return end({});
        const auto hits = match(inputs);
        if (stopped()) return end({});
        if (hits.empty()) return end(without_hit());
        return end(combine(table_, hits, result_.error));
    }

private:
    [[nodiscard]] bool stopped() const { return result_.error.has_value() || result_.exhausted; }
    DecisionResult end(Value value) {
        if (!stopped()) result_.value = std::move(value);
        return std::move(result_);
    }
    void fail(std::string message) {
        if (!result_.error) result_.error = std::move(message);
    }
    /// Takes over value and warnings of a part; the steps that it took are gone for the others.
    Value take(feel::Result part, const std::string& where) {
        for (auto& warning : part.warnings)
            if (result_.warnings.size() < 20) result_.warnings.push_back(where + ": " + warning.message);
        result_.exhausted = result_.exhausted || part.exhausted;
        left_.steps -= std::min(left_.steps, part.steps);
        return std::move(part.value);
    }

    std::vector<Value> read_inputs() {
        std::vector<Value> values;
        for (const Input& input : table_.inputs) {
            const auto where = "input " + input.name;
            auto value = feel::coerce(take(input.expression.evaluate(scope_, left_), where), input.type);
            if (!value) fail(where + " is not of type " + feel::to_string(input.type));
            else if (!is_allowed(input.allowed, *value)) fail(where + " has a value that is not allowed");
            values.push_back(value.value_or(Value{}));
        }
        return values;
    }
    /// Null says that there is no value; whether one is needed is for the rules to say.
    bool is_allowed(const std::optional<feel::UnaryTests>& allowed, const Value& value) {
        return !allowed || value.is_null() || feel::is_true(allowed->evaluate(value, scope_, left_).value);
    }

    std::vector<Hit> match(const std::vector<Value>& inputs) {
        std::vector<Hit> hits;
        for (std::size_t i = 0; i < table_.rules.size() && !stopped(); ++i) {
            if (!matches(i, inputs)) continue;
            result_.matched_rules.push_back(i + 1);
            hits.push_back({i + 1, outputs_of(i)});
            if (table_.hit_policy == HitPolicy::first) break;
        }
        return hits;
    }
    bool matches(std::size_t rule, const std::vector<Value>& inputs) {
        const auto& tests = table_.rules[rule].tests;
        for (std::size_t i = 0; i < tests.size(); ++i) {
            if (tests[i].is_any()) continue;
            auto verdict = tests[i].evaluate(inputs[i], scope_, left_);
            const bool holds = feel::is_true(verdict.value);
            if (!verdict.warnings.empty() || verdict.exhausted) take(std::move(verdict), place(rule, "input " + table_.inputs[i].name));
            else left_.steps -= std::min(left_.steps, verdict.steps);
            if (!holds) return false;
        }
        return true;
    }
    std::vector<Value> outputs_of(std::size_t rule) {
        std::vector<Value> values;
        for (std::size_t i = 0; i < table_.outputs.size(); ++i) {
            const Output& output = table_.outputs[i];
            const auto where = place(rule, "output " + output.name);
            values.push_back(checked(output, take(table_.rules[rule].results[i].evaluate(scope_, left_), where), where));
        }
        return values;
    }
    Value checked(const Output& output, const Value& value, const std::string& where) {
        auto fitting = feel::coerce(value, output.type);
        if (!fitting) fail(where + " is not of type " + feel::to_string(output.type));
        else if (!is_allowed(output.allowed, *fitting)) fail(where + " has a value that is not allowed");
        return fitting.value_or(Value{});
    }
    static std::string place(std::size_t rule, const std::string& column) { return "rule " + std::to_string(rule + 1) + ", " + column; }

    /// The default outputs; without any null, or what a policy of many hits has for none.
    Value without_hit() {
        bool any_default = false;
        std::vector<Value> values;
        for (const Output& output : table_.outputs) {
            any_default = any_default || output.default_value;
            const auto where = "the default of output " + output.name;
            values.push_back(output.default_value ? checked(output, take(output.default_value->evaluate(scope_, left_), where), where) : Value{});
        }
        if (any_default) return as_result(table_, values);
        if (table_.aggregator == Aggregator::count) return 0;
        const bool many = table_.hit_policy == HitPolicy::collect || table_.hit_policy == HitPolicy::rule_order || table_.hit_policy == HitPolicy::output_order;
        return many && table_.aggregator == Aggregator::none ? Value{List{}} : Value{};
    }

    const DecisionTable::Content& table_;
    const feel::Scope& scope_;
    feel::Situation left_;
    DecisionResult result_;
};

}  // namespace

std::set<std::string> DecisionTable::reads() const {
    std::set<std::string> names;
    const auto add = [&](const std::set<std::string>& some) { names.insert(some.begin(), some.end()); };
    for (const Input& input : content_->inputs) add(input.expression.reads());
    for (const Output& output : content_->outputs)
        if (output.default_value) add(output.default_value->reads());
    for (const Rule& rule : content_->rules) {
        for (const auto& test : rule.tests) add(test.reads());
        for (const auto& result : rule.results) add(result.reads());
    }
    return names;
}

DecisionResult evaluate(const DecisionTable& table, const feel::Scope& scope, const feel::Situation& situation) {
    return Evaluation{*table, scope, situation}.run();
}

DecisionResult evaluate(const DecisionTable& table, const Variables& inputs, const feel::Situation& situation) {
    return evaluate(table, feel::ContextScope{inputs}, situation);
}

}  // namespace kontor::dmn
