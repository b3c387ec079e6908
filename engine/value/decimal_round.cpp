/// Rounding to a number of places. Intel's quantize knows five of our seven modes and fails where padding does not fit.
#include "value/decimal_math.hpp"
#include "value/decimal_parts.hpp"

namespace kontor {
using namespace detail;

namespace {

enum class Rest { none, below_half, half, above_half };

Rest rest_of(uint128 remainder, uint128 unit) noexcept {
    if (remainder == 0) return Rest::none;
    const uint128 opposite = unit - remainder;
    return remainder < opposite ? Rest::below_half : remainder == opposite ? Rest::half : Rest::above_half;
}

bool away_from_zero(Rest rest, Rounding mode, bool odd, bool negative) noexcept {
    if (rest == Rest::none) return false;
    switch (mode) {
        case Rounding::half_even: return rest == Rest::above_half || (rest == Rest::half && odd);
        case Rounding::half_up: return rest != Rest::below_half;
        case Rounding::half_down: return rest == Rest::above_half;
        case Rounding::up: return true;
        case Rounding::down: return false;
        case Rounding::floor: return negative;
        case Rounding::ceiling: return !negative;
    }
    return false;
}

Parts drop_digits(Parts parts, int count, Rounding mode) noexcept {
    parts.exponent += count;
    uint128 quotient = 0;
    Rest rest = parts.coefficient == 0 ? Rest::none : Rest::below_half;   // 35 digits or more: far below half of the unit
    if (count <= max_digits) {
        const uint128 unit = powers_of_ten[static_cast<std::size_t>(count)];
        quotient = parts.coefficient / unit;
        rest = rest_of(parts.coefficient % unit, unit);
    }
    parts.coefficient = quotient + (away_from_zero(rest, mode, (quotient & 1) != 0, parts.negative) ? 1 : 0);
    return parts;
}

Parts pad(Parts parts, int count) noexcept {
    for (; count > 0 && parts.coefficient < coefficient_limit / 10; --count) parts.coefficient *= 10, --parts.exponent;
    return parts;
}

}  // namespace

Parts detail::round_to(Parts parts, int places, Rounding mode) noexcept {
    const int surplus = -places - parts.exponent;
    if (surplus > 0) return drop_digits(parts, surplus, mode);
    if (parts.coefficient != 0) return pad(parts, -surplus);
    parts.exponent = -places;
    return parts;
}

std::optional<Decimal> math::round(const Decimal& number, int places, Rounding mode) noexcept {
    if (places < -max_exponent || places > -min_exponent) return std::nullopt;
    return compose(round_to(parts_of(number), places, mode));
}

Decimal math::floor(const Decimal& number) noexcept {
    return number.scale() <= 0 ? number : *round(number, 0, Rounding::floor);
}

Decimal math::ceiling(const Decimal& number) noexcept {
    return number.scale() <= 0 ? number : *round(number, 0, Rounding::ceiling);
}

}  // namespace kontor
