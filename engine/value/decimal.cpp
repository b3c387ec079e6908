#include <kontor/decimal.hpp>

#include "value/decimal_math.hpp"
#include "value/decimal_parts.hpp"

#include <kontor/error.hpp>

#include <limits>
#include <ostream>

namespace kontor {
using namespace detail;

namespace {

constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;
constexpr Decimal::Bits one_bits{1, 0x3040000000000000};

Decimal required(const std::optional<Decimal>& result, const char* complaint) {
    if (!result) throw Error{Code::bad_input, complaint};
    return *result;
}

/// The magnitude as an integer, if it is one below 2^64.
std::optional<std::uint64_t> integer_magnitude(Parts parts) noexcept {
    if (parts.coefficient == 0) return 0;
    if (parts.exponent < -max_digits || parts.exponent > 19) return std::nullopt;
    if (parts.exponent < 0) {
        const auto unit = powers_of_ten[static_cast<std::size_t>(-parts.exponent)];
        if (parts.coefficient % unit != 0) return std::nullopt;
        parts.coefficient /= unit;
    }
    if (parts.coefficient > std::numeric_limits<std::uint64_t>::max()) return std::nullopt;
    // Below 2^64 * 10^19, which 128 bits hold.
    if (parts.exponent > 0) parts.coefficient *= powers_of_ten[static_cast<std::size_t>(parts.exponent)];
    if (parts.coefficient > std::numeric_limits<std::uint64_t>::max()) return std::nullopt;
    return static_cast<std::uint64_t>(parts.coefficient);
}

}  // namespace

Decimal Decimal::from_unsigned(std::uint64_t value) noexcept {
    Decimal result;
    result.bits_ = {value, one_bits.high};
    return result;
}

Decimal Decimal::from_signed(std::int64_t value) noexcept {
    // Negated as unsigned: the lowest int64 has no positive counterpart.
    Decimal result = from_unsigned(value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
    if (value < 0) result.bits_.high |= sign_bit;
    return result;
}

std::optional<Decimal> Decimal::from_bits(Bits bits) noexcept {
    // Both bits of this mask announce infinity, NaN or the long form of the coefficient, which no decimal128 number needs.
    constexpr std::uint64_t special = 0x6000000000000000;
    if ((bits.high & special) == special) return std::nullopt;
    const auto coefficient = parts_of(bits).coefficient;
    if (coefficient >= coefficient_limit) return std::nullopt;
    if (coefficient == 0) bits.high &= ~sign_bit;
    Decimal result;
    result.bits_ = bits;
    return result;
}

std::optional<std::int64_t> Decimal::to_int64() const noexcept {
    const auto magnitude = integer_magnitude(parts_of(*this));
    const std::uint64_t limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) + (is_negative() ? 1 : 0);
    if (!magnitude || *magnitude > limit) return std::nullopt;
    return static_cast<std::int64_t>(is_negative() ? 0 - *magnitude : *magnitude);
}

std::int64_t Decimal::minor_units(int places) const {
    Parts parts = parts_of(*this);
    if (places < -max_exponent || places > -min_exponent) throw Error{Code::bad_input, "minor_units: places out of range"};
    parts.exponent += places;
    const auto magnitude = integer_magnitude(parts);
    const auto units = magnitude ? (Decimal{*magnitude} * Decimal{parts.negative ? -1 : 1}).to_int64() : std::nullopt;
    if (!units) {
        throw Error{Code::bad_input, "the number has more than " + std::to_string(places) + " places or does not fit 64 bits"};
    }
    return *units;
}

Decimal Decimal::rounded(int places, Rounding mode) const {
    return required(math::round(*this, places, mode), "the number of places must lie between -6111 and 6176");
}

bool Decimal::is_integer() const noexcept {
    const Parts parts = parts_of(*this);
    if (parts.exponent >= 0 || parts.coefficient == 0) return true;
    return parts.exponent >= -max_digits && parts.coefficient % powers_of_ten[static_cast<std::size_t>(-parts.exponent)] == 0;
}

bool Decimal::is_negative() const noexcept { return (bits_.high & sign_bit) != 0; }
bool Decimal::is_zero() const noexcept { return parts_of(*this).coefficient == 0; }
int Decimal::scale() const noexcept { return -parts_of(*this).exponent; }

Decimal operator+(const Decimal& a, const Decimal& b) { return required(math::add(a, b), "sum out of range"); }
Decimal operator-(const Decimal& a, const Decimal& b) { return required(math::sub(a, b), "difference out of range"); }
Decimal operator*(const Decimal& a, const Decimal& b) { return required(math::mul(a, b), "product out of range"); }
Decimal operator/(const Decimal& a, const Decimal& b) {
    return required(math::div(a, b), b.is_zero() ? "division by zero" : "quotient out of range");
}

Decimal operator-(const Decimal& a) noexcept {
    Decimal result = a;
    if (!a.is_zero()) result.bits_.high ^= sign_bit;
    return result;
}

bool operator==(const Decimal& a, const Decimal& b) noexcept { return (a <=> b) == 0; }

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) noexcept {
    if (a.bits_ == b.bits_) return std::strong_ordering::equal;
    const Parts left = parts_of(a);
    const Parts right = parts_of(b);
    // Amounts of one currency share their exponent; they need no library call.
    if (left.exponent == right.exponent && left.negative == right.negative) {
        return left.negative ? right.coefficient <=> left.coefficient : left.coefficient <=> right.coefficient;
    }
    bid::Flags flags = 0;
    if (bid::kontor_bid128_quiet_equal(word_of(a), word_of(b), &flags)) return std::strong_ordering::equal;
    const bool less = bid::kontor_bid128_quiet_less(word_of(a), word_of(b), &flags) != 0;
    return less ? std::strong_ordering::less : std::strong_ordering::greater;
}

std::ostream& operator<<(std::ostream& out, const Decimal& number) { return out << number.str(); }

Decimal literals::operator""_dec(const char* text, std::size_t length) { return Decimal::parse({text, length}); }

}  // namespace kontor
