#include "feel/tree/control.hpp"

#include "feel/operators/compare.hpp"

namespace kontor::feel {
namespace {

const Value& no_domain(Machine& machine, std::uint32_t offset) {
    if (machine.wants_warnings()) machine.warn(offset, "iteration needs a list, or a range of whole numbers or dates");
    return null_value;
}

}  // namespace

const Value& If::run(Machine& machine, Value& scratch) const {
    Value own;
    const Value& truth = condition->evaluate(machine, own);
    if (!truth.if_boolean() && machine.wants_warnings())
        machine.warn(condition->offset, "the condition of if is " + std::string{to_string(truth.kind())} + ", which counts as false");
    return (is_true(truth) ? yes : no)->evaluate(machine, scratch);
}

const Value& For::run(Machine& machine, Value& scratch) const {
    std::vector<Value> results;
    const auto visit = [&] {
        if (!partial) return machine.append(results, body->value(machine));
        if (!machine.spend(results.size() / 8)) return false;
        const Value so_far = List{results};
        const Bound bound{machine, "partial", &so_far};
        return machine.append(results, body->value(machine));
    };
    if (!iterate(machine, iterators, visit)) return no_domain(machine, offset);
    return put(scratch, List{std::move(results)});
}

const Value& Quantified::run(Machine& machine, Value&) const {
    bool unknown = false;
    bool decided = false;
    const auto visit = [&] {
        Value own;
        const bool* truth = test->evaluate(machine, own).if_boolean();
        if (!truth) unknown = true;
        else if (*truth != every) decided = true;
        return !decided;
    };
    if (!iterate(machine, iterators, visit)) return no_domain(machine, offset);
    if (decided) return boolean(!every);
    return unknown ? null_value : boolean(every);
}

}  // namespace kontor::feel
