#pragma once
/// Equality, order and membership (DMN 1.5, 10.3.2.13 and tables 53 to 55).
#include "feel/feel.hpp"

#include <compare>
#include <optional>

namespace kontor::feel {

/// Nothing if the two have no order: of different kinds, or one with and one without a time zone.
std::optional<std::strong_ordering> order(const Value&, const Value&);

/// Whether the value lies in the range: true, false, or null where the ends cannot be compared with it.
Value in_range(const Value&, const Range&);
/// `value in candidate`: the candidate is a range, a list of candidates, or an equal value.
Value is_in(const Value& value, const Value& candidate);
/// Whether the ends are of one kind that has an order and the first is not behind the second.
bool is_proper(const Range&);

/// FEEL's `and` and `or` over three truth values; whatever is not boolean counts as null.
Value conjunction(const Value&, const Value&);

inline bool is_true(const Value& value) noexcept {
    const bool* truth = value.if_boolean();
    return truth && *truth;
}
inline bool is_false(const Value& value) noexcept {
    const bool* truth = value.if_boolean();
    return truth && !*truth;
}

}  // namespace kontor::feel
