#include "feel/builtins/registry.hpp"
#include "feel/operators/compare.hpp"

namespace kontor::feel {
namespace {

std::vector<Value> items_of(const Call& call) { return {call.list(0).begin(), call.list(0).end()}; }

/// A position from 1, or from -1 at the end, as an index from 0; nothing outside a list of `size` items.
std::optional<std::size_t> index_at(const Call& call, std::size_t argument, std::size_t size) {
    const auto position = call.integer(argument);
    const auto count = static_cast<std::int64_t>(size);
    if (!position || *position == 0 || *position > count || *position < -count) {
        call.fail("the position is outside the list");
        return std::nullopt;
    }
    return static_cast<std::size_t>(*position > 0 ? *position - 1 : count + *position);
}

Value append(const Call& call) {
    auto items = items_of(call);
    items.insert(items.end(), call.list(1).begin(), call.list(1).end());
    return call.machine.allow_list(items.size()) ? Value{List{std::move(items)}} : Value{};
}

Value sublist(const Call& call) {
    const auto& list = call.list(0);
    const auto first = index_at(call, 1, list.size());
    if (!first) return {};
    auto count = list.size() - *first;
    if (call.has(2)) {
        const auto wanted = call.integer(2);
        if (!wanted || *wanted < 1 || static_cast<std::size_t>(*wanted) > count) return call.fail("the length is outside the list");
        count = static_cast<std::size_t>(*wanted);
    }
    return List{std::vector<Value>{list.begin() + *first, list.begin() + *first + count}};
}

Value insert_before(const Call& call) {
    auto items = items_of(call);
    const auto index = index_at(call, 1, items.size());
    if (!index || !call.machine.allow_list(items.size() + 1)) return {};
    items.insert(items.begin() + static_cast<std::ptrdiff_t>(*index), call[2]);
    return List{std::move(items)};
}

Value remove(const Call& call) {
    auto items = items_of(call);
    const auto index = index_at(call, 1, items.size());
    if (!index) return {};
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(*index));
    return List{std::move(items)};
}

Value replace_at(const Call& call) {
    auto items = items_of(call);
    const auto index = index_at(call, 1, items.size());
    if (!index) return {};
    items[*index] = call[2];
    return List{std::move(items)};
}

Value replace_matches(const Call& call) {
    if ((*call[1].if_function())->parameters().size() != 2) return call.fail("`match` must take an item and the new item");
    auto items = items_of(call);
    for (Value& item : items) {
        const Value arguments[] = {item, call[2]};
        const Value matches = call.invoke(1, arguments);
        if (!matches.if_boolean()) return call.fail("`match` must give a boolean");
        if (is_true(matches)) item = call[2];
    }
    return List{std::move(items)};
}

/// Consecutive parts of at most `size` items.
Value partition(const Call& call) {
    const auto size = call.integer(1);
    if (!size || *size < 1) return call.fail("the size must be at least 1");
    const auto& list = call.list(0);
    std::vector<Value> parts;
    for (std::size_t begin = 0; begin < list.size(); begin += static_cast<std::size_t>(*size)) {
        const auto end = begin + std::min(static_cast<std::size_t>(*size), list.size() - begin);
        parts.push_back(List{std::vector<Value>{list.begin() + begin, list.begin() + end}});
        if (static_cast<std::size_t>(*size) >= list.size()) break;   // so that the sum above cannot pass the largest number
    }
    return List{std::move(parts)};
}

constexpr Builtin functions[] = {
    {"append(list: list, item*)", append},
    {"sublist(list: list, start position: number, length?: number)", sublist},
    {"insert before(list: list, position: number, newItem: any?)", insert_before},
    {"remove(list: list, position: number)", remove},
    {"list replace(list: list, position: number, newItem: any?)", replace_at},
    {"list replace(list: list, match: function, newItem: any?)", replace_matches},
    {"partition(list: list, size: number)", partition},
};

}  // namespace

std::span<const Builtin> list_edit_functions() { return functions; }

}  // namespace kontor::feel
