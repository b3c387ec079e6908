#include "feel/builtins/registry.hpp"
#include "feel/operators/compare.hpp"
#include "value/decimal_math.hpp"

#include <algorithm>

namespace kontor::feel {
namespace {

/// The item that no other is before (or behind); null if two of them have no order.
Value extreme(const Call& call, bool largest) {
    const auto& list = call.list(0);
    if (list.empty()) return {};
    const Value* best = &list[0];
    for (const Value& item : list) {
        const auto ordering = order(item, *best);
        if (!ordering) return call.fail("the items must be of one kind that has an order");
        if (largest ? *ordering > 0 : *ordering < 0) best = &item;
    }
    return *best;
}

/// All items as numbers; nothing if one is not or there is none.
std::optional<std::vector<Decimal>> numbers(const Call& call) {
    std::vector<Decimal> result;
    for (const Value& item : call.list(0)) {
        if (!item.if_number()) {
            call.fail("the items must be numbers, found " + std::string{to_string(item.kind())});
            return std::nullopt;
        }
        result.push_back(*item.if_number());
    }
    return result.empty() ? std::nullopt : std::optional{std::move(result)};
}

using Operation = std::optional<Decimal> (*)(const Decimal&, const Decimal&) noexcept;

std::optional<Decimal> fold(const std::vector<Decimal>& numbers, Operation operation) {
    std::optional<Decimal> result = numbers[0];
    for (std::size_t i = 1; i < numbers.size() && result; ++i) result = operation(*result, numbers[i]);
    return result;
}

std::optional<Decimal> average(const std::vector<Decimal>& numbers) {
    const auto sum = fold(numbers, math::add);
    return sum ? math::div(*sum, numbers.size()) : std::nullopt;
}

Value or_null(const std::optional<Decimal>& result) { return result ? Value{*result} : Value{}; }

Value minimum(const Call& call) { return extreme(call, false); }
Value maximum(const Call& call) { return extreme(call, true); }

Value sum(const Call& call) {
    const auto all = numbers(call);
    return all ? or_null(fold(*all, math::add)) : Value{};
}

Value product(const Call& call) {
    const auto all = numbers(call);
    return all ? or_null(fold(*all, math::mul)) : Value{};
}

Value mean(const Call& call) {
    const auto all = numbers(call);
    return all ? or_null(average(*all)) : Value{};
}

Value median(const Call& call) {
    auto all = numbers(call);
    if (!all) return {};
    std::sort(all->begin(), all->end());
    const auto middle = all->size() / 2;
    return all->size() % 2 == 1 ? Value{(*all)[middle]} : or_null(average({(*all)[middle - 1], (*all)[middle]}));
}

/// Of a sample: divided by one less than the count.
Value standard_deviation(const Call& call) {
    const auto all = numbers(call);
    if (!all || all->size() < 2) return call.fail("needs at least two numbers");
    const auto middle = average(*all);
    std::optional<Decimal> squares = Decimal{};
    for (const auto& number : *all) {
        const auto distance = middle ? math::sub(number, *middle) : std::nullopt;
        const auto square = distance ? math::mul(*distance, *distance) : std::nullopt;
        squares = squares && square ? math::add(*squares, *square) : std::nullopt;
    }
    const auto variance = squares ? math::div(*squares, all->size() - 1) : std::nullopt;
    return variance ? or_null(math::sqrt(*variance)) : Value{};
}

/// The numbers that occur most often, in ascending order.
Value mode(const Call& call) {
    if (call.list(0).empty()) return List{};
    auto all = numbers(call);
    if (!all) return {};
    std::sort(all->begin(), all->end());
    std::vector<Value> most;
    std::ptrdiff_t highest = 0;
    for (auto run = all->begin(); run != all->end();) {
        const auto end = std::upper_bound(run, all->end(), *run);
        if (end - run > highest) most.clear(), highest = end - run;
        if (end - run == highest) most.push_back(*run);
        run = end;
    }
    return List{std::move(most)};
}

constexpr Builtin functions[] = {
    {"min(list...)", minimum}, {"max(list...)", maximum},   {"sum(list...)", sum},
    {"mean(list...)", mean},   {"product(list...)", product}, {"median(list...)", median},
    {"mode(list...)", mode},   {"stddev(list...)", standard_deviation},
};

}  // namespace

std::span<const Builtin> statistics_functions() { return functions; }

}  // namespace kontor::feel
