#include "feel/feel.hpp"

#include "feel/operators/compare.hpp"
#include "feel/syntax/parser.hpp"
#include "feel/tree/operations.hpp"
#include "feel/tree/values.hpp"

namespace kontor::feel {

const Value* ContextScope::find(std::string_view name) const {
    if (const Value* entry = context_.find(name)) return entry;
    return outer_ ? outer_->find(name) : nullptr;
}

namespace {

template <class T>
std::shared_ptr<const T> share(T value) {
    return std::make_shared<const T>(std::move(value));
}

template <class Evaluate>
Result run(const Scope& scope, const Situation& situation, const Evaluate& evaluate) {
    Machine machine{scope, situation};
    Value value;
    try {
        value = evaluate(machine);
    } catch (const Error& error) {   // a value that nests too deeply cannot be built
        machine.exhaust(error.what());
    }
    return std::move(machine).finish(std::move(value));
}

}  // namespace

std::variant<Expression, SyntaxError> Expression::parse(std::string_view text, std::span<const std::string> names, const Types* types) {
    auto parsed = parse_expression(text, {names, types});
    if (auto* error = std::get_if<SyntaxError>(&parsed)) return std::move(*error);
    auto& [root, reads, entries] = std::get<Parsed>(parsed);
    Expression result;
    result.text_ = text;
    result.root_ = std::move(root);
    result.reads_ = share(std::move(reads));
    result.perhaps_entries_ = share(std::move(entries));
    return result;
}

Expression Expression::literal(Value value) {
    static const auto nothing = share(std::set<std::string>{});
    Expression result;
    result.text_ = to_feel(value);
    result.root_ = std::make_shared<const Literal>(0, std::move(value));
    result.reads_ = nothing;
    result.perhaps_entries_ = nothing;
    return result;
}

Result Expression::evaluate(const Scope& scope, const Situation& situation) const {
    return run(scope, situation, [&](Machine& machine) { return evaluate_in(machine); });
}

Value Expression::evaluate_in(Machine& machine) const { return root_->value(machine); }

const Value* Expression::constant() const noexcept { return root_->constant(); }

std::variant<UnaryTests, SyntaxError> UnaryTests::parse(std::string_view text, std::span<const std::string> names, const Types* types) {
    auto parsed = parse_unary_tests(text, {names, types});
    if (auto* error = std::get_if<SyntaxError>(&parsed)) return std::move(*error);
    auto& [root, reads, entries] = std::get<Parsed>(parsed);
    UnaryTests result;
    result.text_ = text;
    result.root_ = std::move(root);
    result.reads_ = share(std::move(reads));
    return result;
}

Result UnaryTests::evaluate(const Value& input, const Scope& scope, const Situation& situation) const {
    return run(scope, situation, [&](Machine& machine) { return evaluate_in(machine, input); });
}

Value UnaryTests::evaluate_in(Machine& machine, const Value& input) const {
    const Bound bound{machine, input_name, &input};
    return root_->value(machine);
}

std::optional<std::vector<Value>> UnaryTests::values() const {
    const auto& all = static_cast<const Tests&>(*root_);
    if (all.any || all.negated) return std::nullopt;
    std::vector<Value> result;
    for (const auto& test : all.tests) {
        const Value* constant = test.expression->constant();
        if (!constant || test.differs || constant->if_range()) return std::nullopt;
        if (const auto* list = constant->if_list()) result.insert(result.end(), list->begin(), list->end());
        else result.push_back(*constant);
    }
    return result;
}

bool UnaryTests::is_any() const noexcept { return static_cast<const Tests&>(*root_).any; }

}  // namespace kontor::feel
