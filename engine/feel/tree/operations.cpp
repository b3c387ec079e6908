#include "feel/tree/operations.hpp"

#include "feel/operators/compare.hpp"

namespace kontor::feel {
namespace {

std::string kinds(std::string_view symbol, const Value& a, const Value& b) {
    return std::string{to_string(a.kind())}.append(" ").append(symbol).append(" ").append(to_string(b.kind()));
}

/// Says why there is no result; silent for a null that was explained before.
void warn_about(Machine& machine, std::uint32_t offset, std::string_view symbol, const Value& a, const Value& b) {
    if (!machine.wants_warnings() || ((a.is_null() || b.is_null()) && machine.has_warnings())) return;
    const bool same_kind = a.kind() == b.kind() && !a.is_null();
    machine.warn(offset, kinds(symbol, a, b) + (same_kind ? " has no result for these values" : " is not defined"));
}

Value relate(Relation relation, const Value& a, const Value& b) {
    const auto ordering = order(a, b);
    if (!ordering) return {};
    switch (relation) {
        case Relation::less: return *ordering < 0;
        case Relation::at_most: return *ordering <= 0;
        case Relation::greater: return *ordering > 0;
        case Relation::at_least: return *ordering >= 0;
        default: return {};
    }
}

Value holds_for(Machine& machine, const Tests::Test& test, const Value& input) {
    Value scratch;
    const Value& result = test.expression->evaluate(machine, scratch);
    if (test.differs) {
        const Value same = equal(input, result);
        return same.is_null() ? Value{} : Value{is_false(same)};
    }
    if (test.reads_input) return result.if_boolean() ? result : result.is_null() ? Value{} : is_in(input, result);
    // A condition on other things than the input: `count(orders) > 3`.
    if (result.if_boolean() && !input.if_boolean() && !test.expression->constant()) return result;
    return is_in(input, result);
}

}  // namespace

std::string_view to_string(Relation relation) noexcept {
    constexpr std::string_view symbols[] = {"=", "!=", "<", "<=", ">", ">="};
    return symbols[static_cast<std::size_t>(relation)];
}

const Value& Calculation::run(Machine& machine, Value& scratch) const {
    Value own;
    const Value* left = &first->evaluate(machine, own);
    for (const auto& step : steps) {
        Value other;
        const Value& right = step.operand->evaluate(machine, other);
        const auto* text = left->if_string();
        if (text && right.if_string() && !machine.allow_string(text->size() + right.if_string()->size())) return null_value;
        Value result = calculate(step.which, *left, right);
        if (result.is_null()) {
            warn_about(machine, step.offset, to_string(step.which), *left, right);
            return null_value;
        }
        scratch = std::move(result);
        left = &scratch;
    }
    return *left;
}

const Value& Negation::run(Machine& machine, Value& scratch) const {
    Value own;
    const Value& value = operand->evaluate(machine, own);
    Value result = negate(value);
    if (result.is_null() && !value.is_null() && machine.wants_warnings()) machine.warn(offset, "-" + std::string{to_string(value.kind())} + " is not defined");
    return put(scratch, std::move(result));
}

const Value& Comparison::run(Machine& machine, Value& scratch) const {
    Value first;
    Value second;
    const Value& a = left->evaluate(machine, first);
    const Value& b = right->evaluate(machine, second);
    if (relation == Relation::equal || relation == Relation::unequal) {
        const Value same = equal(a, b);
        if (const bool* truth = same.if_boolean()) return boolean(*truth == (relation == Relation::equal));
    } else if (Value result = relate(relation, a, b); !result.is_null()) {
        return put(scratch, std::move(result));
    }
    warn_about(machine, offset, to_string(relation), a, b);
    return null_value;
}

const Value& Junction::run(Machine& machine, Value&) const {
    bool unknown = false;
    for (const auto& operand : operands) {
        Value scratch;
        const Value& value = operand->evaluate(machine, scratch);
        const bool* truth = value.if_boolean();
        if (truth && *truth != conjunction) return boolean(!conjunction);
        if (truth) continue;
        unknown = true;
        if (!value.is_null() && machine.wants_warnings())
            machine.warn(operand->offset, std::string{conjunction ? "and" : "or"} + " needs booleans, found " + std::string{to_string(value.kind())});
    }
    return unknown ? null_value : boolean(conjunction);
}

const Value& Between::run(Machine& machine, Value& scratch) const {
    Value own;
    const Value& value = subject->evaluate(machine, own);
    const Value from = low->value(machine);
    const Value to = high->value(machine);
    Value result = conjunction(relate(Relation::at_least, value, from), relate(Relation::at_most, value, to));
    if (result.is_null()) warn_about(machine, offset, "between", value, order(value, from) ? to : from);
    return put(scratch, std::move(result));
}

const Value& Tests::run(Machine& machine, Value&) const {
    if (any) return true_value;
    const Value* input = machine.find(input_name);
    bool unknown = false;
    for (const auto& test : tests) {
        const Value result = holds_for(machine, test, input ? *input : null_value);
        if (is_true(result)) return boolean(!negated);
        if (result.is_null()) unknown = true;
    }
    return unknown ? null_value : boolean(negated);
}

const Value& Membership::run(Machine& machine, Value& scratch) const {
    Value own;
    const Value& value = subject->evaluate(machine, own);
    const Bound bound{machine, input_name, &value};
    return tests->evaluate(machine, scratch);
}

const Value& InstanceOf::run(Machine& machine, Value&) const {
    Value own;
    return boolean(is_instance(subject->evaluate(machine, own), type));
}

}  // namespace kontor::feel
