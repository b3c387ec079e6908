#include "feel/tree/values.hpp"

#include "feel/builtins/registry.hpp"
#include "feel/operators/compare.hpp"

namespace kontor::feel {

const Value null_value{};
const Value true_value{true};
const Value false_value{false};

namespace {

const Value& missing(Machine& machine, std::uint32_t offset, const std::string& name, const Value& in) {
    if (!machine.wants_warnings()) return null_value;
    // Null has no entries, and why it is null was said where it arose.
    if (in.is_null() && machine.has_warnings()) return null_value;
    machine.warn(offset, "no entry " + name + " in " + (in.is_null() ? "null" : "a " + std::string{to_string(in.kind())}));
    return null_value;
}

/// The entry of a context, or the member of every item of a list.
Value member_of(Machine& machine, std::uint32_t offset, const Value& base, const std::string& member) {
    if (const auto* context = base.if_context()) {
        const Value* entry = context->find(member);
        return entry ? *entry : missing(machine, offset, member, base);
    }
    if (const auto* list = base.if_list()) {
        std::vector<Value> items;
        for (const Value& item : *list) {
            if (!machine.spend() || machine.depth >= max_depth) return {};
            ++machine.depth;
            const bool added = machine.append(items, member_of(machine, offset, item, member));
            --machine.depth;
            if (!added) return {};
        }
        return List{std::move(items)};
    }
    if (auto found = property(base, member)) return std::move(*found);
    return missing(machine, offset, member, base);
}

}  // namespace

const Value& Name::run(Machine& machine, Value& scratch) const {
    if (const Value* found = find(machine)) return *found;
    if (builtins) return put(scratch, as_value(*builtins));
    if (machine.wants_warnings()) machine.warn(offset, "no variable named " + name);
    return null_value;
}

const Value& Path::run(Machine& machine, Value& scratch) const {
    Value own;
    const Value& object = base->evaluate(machine, own);
    if (const auto* context = object.if_context()) {
        const Value* entry = context->find(member);
        if (!entry) return missing(machine, offset, member, object);
        // What belongs to a temporary dies with it.
        return &object == &own ? put(scratch, *entry) : *entry;
    }
    return put(scratch, member_of(machine, offset, object, member));
}

const Value& ListLiteral::run(Machine& machine, Value& scratch) const {
    std::vector<Value> values;
    values.reserve(items.size());
    for (const auto& item : items)
        if (!machine.append(values, item->value(machine))) return null_value;
    return put(scratch, List{std::move(values)});
}

const Value& ContextLiteral::run(Machine& machine, Value& scratch) const {
    Variables context;
    for (const auto& entry : entries) {
        Value value;
        {
            // An entry sees those before it (DMN 1.5, 10.3.2.6).
            const Bound bound{machine, &context};
            value = entry.value->value(machine);
        }
        if (machine.exhausted()) return null_value;
        if (context.contains(entry.name)) {
            machine.warn(entry.value->offset, "the entry " + entry.name + " stands twice in the context");
            return null_value;
        }
        context.set(entry.name, std::move(value));
    }
    return put(scratch, std::move(context));
}

const Value& RangeLiteral::run(Machine& machine, Value& scratch) const {
    Range range{low ? low->value(machine) : Value{}, high ? high->value(machine) : Value{}, low_closed, high_closed};
    const bool bounded = low && high;
    if (bounded ? is_proper(range) : !(range.low.is_null() && range.high.is_null())) return put(scratch, std::move(range));
    if (machine.wants_warnings()) machine.warn(offset, "the ends of the range do not fit each other");
    return null_value;
}

}  // namespace kontor::feel
