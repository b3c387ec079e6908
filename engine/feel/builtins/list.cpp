#include "feel/builtins/registry.hpp"
#include "feel/operators/compare.hpp"

#include <algorithm>

namespace kontor::feel {
namespace {

bool same(const Value& a, const Value& b) { return is_true(equal(a, b)); }

bool holds(const std::vector<Value>& items, const Value& wanted) {
    return std::any_of(items.begin(), items.end(), [&](const Value& item) { return same(item, wanted); });
}

Value list_contains(const Call& call) {
    const auto& list = call.list(0);
    return std::any_of(list.begin(), list.end(), [&](const Value& item) { return same(item, call[1]); });
}

Value count(const Call& call) { return call.list(0).size(); }

Value index_of(const Call& call) {
    std::vector<Value> places;
    for (std::size_t i = 0; i < call.list(0).size(); ++i)
        if (same(call.list(0)[i], call[1])) places.push_back(i + 1);
    return List{std::move(places)};
}

/// The items of all lists; what is no list counts as a list of one.
std::optional<std::vector<Value>> joined(const Call& call) {
    std::vector<Value> result;
    for (const Value& part : call.list(0)) {
        if (part.is_null()) return std::nullopt;
        const List items = part.if_list() ? *part.if_list() : List{part};
        if (!call.machine.allow_list(result.size() + items.size())) return std::nullopt;
        result.insert(result.end(), items.begin(), items.end());
    }
    return result;
}

/// Each value once, where it first stood. Quadratic, since FEEL's equality has no order: charged as such.
Value without_repeats(const Call& call, std::span<const Value> items) {
    std::vector<Value> result;
    for (const Value& item : items) {
        if (!call.machine.spend(1 + result.size() / 8)) return {};
        if (!holds(result, item)) result.push_back(item);
    }
    return List{std::move(result)};
}

Value concatenate(const Call& call) {
    auto items = joined(call);
    return items ? Value{List{std::move(*items)}} : call.fail("cannot take null for a list");
}

Value union_of(const Call& call) {
    const auto items = joined(call);
    return items ? without_repeats(call, *items) : call.fail("cannot take null for a list");
}

Value distinct_values(const Call& call) { return without_repeats(call, {call.list(0).begin(), call.list(0).end()}); }

bool flatten_into(Machine& machine, std::vector<Value>& out, const List& list, int depth) {
    for (const Value& item : list) {
        const bool fits = item.if_list() ? depth < 1000 && flatten_into(machine, out, *item.if_list(), depth + 1) : machine.append(out, item);
        if (!fits || !machine.spend()) return false;
    }
    return true;
}

Value flatten(const Call& call) {
    std::vector<Value> result;
    if (!flatten_into(call.machine, result, call.list(0), 0)) return {};
    return List{std::move(result)};
}

Value reverse(const Call& call) {
    std::vector<Value> items{call.list(0).begin(), call.list(0).end()};
    std::reverse(items.begin(), items.end());
    return List{std::move(items)};
}

constexpr Builtin functions[] = {
    {"list contains(list: list, element: any?)", list_contains},
    {"count(list: list)", count},
    {"index of(list: list, match: any?)", index_of},
    {"concatenate(list*)", concatenate},
    {"union(list*)", union_of},
    {"distinct values(list: list)", distinct_values},
    {"flatten(list: list)", flatten},
    {"reverse(list: list)", reverse},
};

}  // namespace

std::span<const Builtin> list_functions() { return functions; }

}  // namespace kontor::feel
