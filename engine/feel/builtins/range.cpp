#include "feel/builtins/registry.hpp"
#include "feel/operators/compare.hpp"

namespace kontor::feel {
namespace {

/// Relations between two ranges (DMN 1.5, table 77), where a point is the range of itself. An absent end lies at infinity.
struct Pair {
    Range a;
    Range b;
    bool a_is_point;
    bool b_is_point;
    bool clear = true;   ///< false once two ends had no order

    using Order = std::strong_ordering;

    Order compare(const Value& x, const Value& y, Order if_x_absent, Order if_y_absent) {
        if (x.is_null() && y.is_null()) return if_x_absent == if_y_absent ? if_x_absent : Order::equal;
        if (x.is_null()) return if_x_absent;
        if (y.is_null()) return if_y_absent;
        const auto ordering = order(x, y);
        if (!ordering) clear = false;
        return ordering.value_or(Order::equal);
    }
    Order starts() { return compare(a.low, b.low, Order::less, Order::greater); }
    Order ends() { return compare(a.high, b.high, Order::greater, Order::less); }
    Order end_to_start() { return compare(a.high, b.low, Order::greater, Order::greater); }
    Order start_to_end() { return compare(a.low, b.high, Order::less, Order::less); }
};

bool before(Pair& p) {
    const auto ordering = p.end_to_start();
    return ordering < 0 || (ordering == 0 && !(p.a.high_closed && p.b.low_closed));
}
bool after(Pair& p) {
    const auto ordering = p.start_to_end();
    return ordering > 0 || (ordering == 0 && !(p.a.low_closed && p.b.high_closed));
}
bool meets(Pair& p) { return p.end_to_start() == 0 && p.a.high_closed && p.b.low_closed; }
bool met_by(Pair& p) { return p.start_to_end() == 0 && p.a.low_closed && p.b.high_closed; }

bool reaches(Pair& p) {   // the first ends behind where the second starts
    const auto ordering = p.end_to_start();
    return ordering > 0 || (ordering == 0 && p.a.high_closed && p.b.low_closed);
}
bool reached(Pair& p) {
    const auto ordering = p.start_to_end();
    return ordering < 0 || (ordering == 0 && p.a.low_closed && p.b.high_closed);
}
bool overlaps(Pair& p) { return reaches(p) && reached(p); }
bool overlaps_before(Pair& p) {
    const auto starts = p.starts();
    const auto ends = p.ends();
    return (starts < 0 || (starts == 0 && p.a.low_closed && !p.b.low_closed)) && reaches(p) &&
           (ends < 0 || (ends == 0 && (!p.a.high_closed || p.b.high_closed)));
}
bool overlaps_after(Pair& p) {
    const auto starts = p.starts();
    const auto ends = p.ends();
    return (starts > 0 || (starts == 0 && p.b.low_closed && !p.a.low_closed)) && reached(p) &&
           (ends > 0 || (ends == 0 && (!p.b.high_closed || p.a.high_closed)));
}

bool finishes(Pair& p) {
    if (p.ends() != 0 || p.a.high_closed != p.b.high_closed) return false;
    const auto starts = p.starts();
    return p.a_is_point || starts > 0 || (starts == 0 && (!p.a.low_closed || p.b.low_closed));
}
bool starts(Pair& p) {
    if (p.starts() != 0 || p.a.low_closed != p.b.low_closed) return false;
    const auto ends = p.ends();
    return p.a_is_point || ends < 0 || (ends == 0 && (!p.a.high_closed || p.b.high_closed));
}
bool includes(Pair& p) {
    const auto low = p.starts();
    const auto high = p.ends();
    return (low < 0 || (low == 0 && (p.a.low_closed || !p.b.low_closed))) && (high > 0 || (high == 0 && (p.a.high_closed || !p.b.high_closed)));
}
bool coincides(Pair& p) {
    return p.starts() == 0 && p.ends() == 0 && p.a.low_closed == p.b.low_closed && p.a.high_closed == p.b.high_closed;
}

Range as_range(const Value& value) { return value.if_range() ? *value.if_range() : Range{value, value, true, true}; }

template <bool (*relation)(Pair&)>
Value relate(const Call& call) {
    Pair pair{as_range(call[0]), as_range(call[1]), !call[0].if_range(), !call[1].if_range()};
    const bool result = relation(pair);
    return pair.clear ? Value{result} : call.fail("the ends cannot be compared");
}
/// The relation seen from the other side.
template <bool (*relation)(Pair&)>
Value inverse(const Call& call) {
    Pair pair{as_range(call[1]), as_range(call[0]), !call[1].if_range(), !call[0].if_range()};
    const bool result = relation(pair);
    return pair.clear ? Value{result} : call.fail("the ends cannot be compared");
}

#define POINT "number|string|date|time|date_time|days|months"
constexpr Builtin functions[] = {
    {"before(point1: " POINT ", point2: " POINT ")", relate<before>},
    {"before(point: " POINT ", range: range)", relate<before>},
    {"before(range: range, point: " POINT ")", relate<before>},
    {"before(range1: range, range2: range)", relate<before>},
    {"after(point1: " POINT ", point2: " POINT ")", relate<after>},
    {"after(point: " POINT ", range: range)", relate<after>},
    {"after(range: range, point: " POINT ")", relate<after>},
    {"after(range1: range, range2: range)", relate<after>},
    {"meets(range1: range, range2: range)", relate<meets>},
    {"met by(range1: range, range2: range)", relate<met_by>},
    {"overlaps(range1: range, range2: range)", relate<overlaps>},
    {"overlaps before(range1: range, range2: range)", relate<overlaps_before>},
    {"overlaps after(range1: range, range2: range)", relate<overlaps_after>},
    {"finishes(point: " POINT ", range: range)", relate<finishes>},
    {"finishes(range1: range, range2: range)", relate<finishes>},
    {"finished by(range: range, point: " POINT ")", inverse<finishes>},
    {"finished by(range1: range, range2: range)", inverse<finishes>},
    {"includes(range: range, point: " POINT ")", relate<includes>},
    {"includes(range1: range, range2: range)", relate<includes>},
    {"during(point: " POINT ", range: range)", inverse<includes>},
    {"during(range1: range, range2: range)", inverse<includes>},
    {"starts(point: " POINT ", range: range)", relate<starts>},
    {"starts(range1: range, range2: range)", relate<starts>},
    {"started by(range: range, point: " POINT ")", inverse<starts>},
    {"started by(range1: range, range2: range)", inverse<starts>},
    {"coincides(point1: " POINT ", point2: " POINT ")", relate<coincides>},
    {"coincides(range1: range, range2: range)", relate<coincides>},
};
#undef POINT

}  // namespace

std::span<const Builtin> range_functions() { return functions; }

}  // namespace kontor::feel
