#include "feel/operators/compare.hpp"
#include "feel/tree/control.hpp"
#include "value/decimal_math.hpp"

namespace kontor::feel {
namespace {

constexpr std::string_view item_name = "item";

/// The item at a position counted from 1, or from -1 at the end; null outside.
Value item_at(const List& list, const Decimal& position) {
    const auto index = position.to_int64();
    const auto size = static_cast<std::int64_t>(list.size());
    if (!index || *index == 0 || *index > size || *index < -size) return {};
    return list[static_cast<std::size_t>(*index > 0 ? *index - 1 : size + *index)];
}

/// The predicate sees the item as `item`, and its entries by their names if it is a context (DMN 1.5, 10.3.2.5).
const Value& judge(Machine& machine, const Node& predicate, const Value& item, Value& scratch) {
    const Bound bound{machine, item_name, &item};
    const auto* context = item.if_context();
    if (!context) return predicate.evaluate(machine, scratch);
    const Bound entries{machine, context};
    return predicate.evaluate(machine, scratch);
}

}  // namespace

const Value& Filter::run(Machine& machine, Value& scratch) const {
    Value own;
    const Value& base = list->evaluate(machine, own);
    if (base.is_null()) return null_value;
    const List items = base.if_list() ? *base.if_list() : List{base};
    const Value* index = predicate->constant();
    if (index && index->if_number()) return put(scratch, item_at(items, *index->if_number()));
    if (items.empty()) {   // without an item only an index can be told from a condition by trying
        Value result;
        machine.quiet = true;
        const Value& alone = judge(machine, *predicate, null_value, result);
        machine.quiet = false;
        return alone.if_number() ? null_value : put(scratch, List{});
    }
    std::vector<Value> kept;
    for (const Value& item : items) {
        Value result;
        const Value& verdict = judge(machine, *predicate, item, result);
        if (verdict.if_number()) return put(scratch, item_at(items, *verdict.if_number()));
        if (is_true(verdict) && !machine.append(kept, item)) return null_value;
        if (machine.exhausted()) return null_value;
    }
    return put(scratch, List{std::move(kept)});
}

}  // namespace kontor::feel
