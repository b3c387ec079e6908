#include "feel/builtins/registry.hpp"
#include "feel/operators/compare.hpp"

#include <algorithm>

namespace kontor::feel {
namespace {

/// Merges two sorted halves. Written out, since std::sort may run wild when a `precedes` function contradicts itself.
template <class Precedes>
void merge_sort(std::vector<Value>& items, std::vector<Value>& spare, std::size_t begin, std::size_t end, const Precedes& precedes) {
    if (end - begin < 2) return;
    const auto middle = begin + (end - begin) / 2;
    merge_sort(items, spare, begin, middle, precedes);
    merge_sort(items, spare, middle, end, precedes);
    auto left = begin;
    auto right = middle;
    for (auto out = begin; out < end; ++out) {
        const bool take_right = left == middle || (right < end && precedes(items[right], items[left]));
        spare[out] = std::move(items[take_right ? right++ : left++]);
    }
    std::move(spare.begin() + static_cast<std::ptrdiff_t>(begin), spare.begin() + static_cast<std::ptrdiff_t>(end),
              items.begin() + static_cast<std::ptrdiff_t>(begin));
}

/// Stable; null if one comparison has no boolean result.
template <class Less>
Value sorted(const Call& call, const Less& less) {
    std::vector<Value> items{call.list(0).begin(), call.list(0).end()};
    std::vector<Value> spare(items.size());
    bool clear = true;
    merge_sort(items, spare, 0, items.size(), [&](const Value& a, const Value& b) {
        if (!clear || !call.machine.spend()) return false;
        const Value verdict = less(a, b);
        clear = verdict.if_boolean() != nullptr;
        return is_true(verdict);
    });
    return clear ? Value{List{std::move(items)}} : call.fail("two items have no order");
}

Value sort_by(const Call& call) {
    if ((*call[1].if_function())->parameters().size() != 2) return call.fail("`precedes` must take two items");
    return sorted(call, [&](const Value& a, const Value& b) {
        const Value arguments[] = {a, b};
        return call.invoke(1, arguments);
    });
}

Value sort(const Call& call) {
    return sorted(call, [](const Value& a, const Value& b) {
        const auto ordering = order(a, b);
        return ordering ? Value{*ordering < 0} : Value{};
    });
}

constexpr Builtin functions[] = {
    {"sort(list: list, precedes: function)", sort_by},
    {"sort(list: list)", sort},
};

}  // namespace

std::span<const Builtin> sort_functions() { return functions; }

}  // namespace kontor::feel
