#include "feel/operators/compare.hpp"

#include "feel/operators/instants.hpp"

#include <algorithm>

namespace kontor::feel {
namespace {

template <class T>
std::optional<std::strong_ordering> strong(const T& a, const T& b) {
    return a < b ? std::strong_ordering::less : b < a ? std::strong_ordering::greater : std::strong_ordering::equal;
}

Value equal_instants(const std::optional<Nanoseconds>& a, const std::optional<Nanoseconds>& b) {
    return a && b && *a == *b;
}

bool equal_lists(const List& a, const List& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Value& x, const Value& y) { return is_true(equal(x, y)); });
}

bool equal_contexts(const Variables& a, const Variables& b) {
    if (a.size() != b.size()) return false;
    return std::all_of(a.begin(), a.end(), [&](const Variables::Entry& entry) {
        const Value* other = b.find(entry.name);
        return other && is_true(equal(entry.value, *other));
    });
}

bool equal_ranges(const Range& a, const Range& b) {
    return a.low_closed == b.low_closed && a.high_closed == b.high_closed && is_true(equal(a.low, b.low)) && is_true(equal(a.high, b.high));
}

}  // namespace

Value equal(const Value& a, const Value& b) {
    if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
    if (a.kind() != b.kind()) return {};
    switch (a.kind()) {
        case Value::Kind::boolean: return *a.if_boolean() == *b.if_boolean();
        case Value::Kind::number: return *a.if_number() == *b.if_number();
        case Value::Kind::string: return *a.if_string() == *b.if_string();
        case Value::Kind::date: return *a.if_date() == *b.if_date();
        case Value::Kind::time: return same_kind_of_zone(*a.if_time(), *b.if_time()) && time_of_day(*a.if_time()) == time_of_day(*b.if_time());
        case Value::Kind::date_time:
            if (!same_kind_of_zone(a.if_date_time()->time, b.if_date_time()->time)) return false;
            return equal_instants(instant(*a.if_date_time()), instant(*b.if_date_time()));
        case Value::Kind::days_duration: return *a.if_days_duration() == *b.if_days_duration();
        case Value::Kind::months_duration: return *a.if_months_duration() == *b.if_months_duration();
        case Value::Kind::range: return equal_ranges(*a.if_range(), *b.if_range());
        case Value::Kind::list: return equal_lists(*a.if_list(), *b.if_list());
        case Value::Kind::context: return equal_contexts(*a.if_context(), *b.if_context());
        case Value::Kind::function: return *a.if_function() == *b.if_function();
        case Value::Kind::null: break;
    }
    return {};
}

std::optional<std::strong_ordering> order(const Value& a, const Value& b) {
    if (a.kind() != b.kind()) return std::nullopt;
    switch (a.kind()) {
        case Value::Kind::number: return *a.if_number() <=> *b.if_number();
        case Value::Kind::string: return *a.if_string() <=> *b.if_string();   // UTF-8 keeps the order of code points
        case Value::Kind::date: return *a.if_date() <=> *b.if_date();
        case Value::Kind::time:
            if (!same_kind_of_zone(*a.if_time(), *b.if_time())) return std::nullopt;
            return strong(time_of_day(*a.if_time()), time_of_day(*b.if_time()));
        case Value::Kind::date_time: {
            if (!same_kind_of_zone(a.if_date_time()->time, b.if_date_time()->time)) return std::nullopt;
            const auto first = instant(*a.if_date_time());
            const auto second = instant(*b.if_date_time());
            if (!first || !second) return std::nullopt;
            return strong(*first, *second);
        }
        case Value::Kind::days_duration: return *a.if_days_duration() <=> *b.if_days_duration();
        case Value::Kind::months_duration: return *a.if_months_duration() <=> *b.if_months_duration();
        default: return std::nullopt;
    }
}

Value in_range(const Value& value, const Range& range) {
    // An end that is null and open is unbounded; null and closed is no end at all.
    const bool unbounded_low = range.low.is_null() && !range.low_closed;
    const bool unbounded_high = range.high.is_null() && !range.high_closed;
    const auto low = unbounded_low ? std::optional{std::strong_ordering::greater} : order(value, range.low);
    const auto high = unbounded_high ? std::optional{std::strong_ordering::less} : order(value, range.high);
    if (!low || !high || value.is_null()) return {};
    return (*low > 0 || (*low == 0 && range.low_closed)) && (*high < 0 || (*high == 0 && range.high_closed));
}

Value is_in(const Value& value, const Value& candidate) {
    if (const auto* range = candidate.if_range()) {
        if (value.if_range()) return equal(value, candidate);
        return in_range(value, *range);
    }
    const auto* list = candidate.if_list();
    if (!list) return equal(value, candidate);
    if (value.if_list() && is_true(equal(value, candidate))) return true;
    return std::any_of(list->begin(), list->end(), [&](const Value& item) { return is_true(is_in(value, item)); });
}

bool is_proper(const Range& range) {
    if (range.low.is_null() || range.high.is_null()) return !(range.low.is_null() && range.high.is_null());
    const auto ends = order(range.low, range.high);
    return ends && *ends <= 0;
}

Value conjunction(const Value& a, const Value& b) {
    if (is_false(a) || is_false(b)) return false;
    if (is_true(a) && is_true(b)) return true;
    return {};
}

}  // namespace kontor::feel
