#include "value/decimal_math.hpp"

#include "value/decimal_parts.hpp"

#include <utility>

namespace kontor::math {
using namespace detail;

namespace {

using bid::half_even;

/// An unrounded product or quotient: the number is high + low, with some 68 digits.
struct Wide {
    Decimal high;
    Decimal low;
};

std::optional<Decimal> fma(const Decimal& x, const Decimal& y, const Decimal& z) noexcept {
    bid::Flags flags = 0;
    return finite(bid::kontor_bid128_fma(word_of(x), word_of(y), word_of(z), half_even, &flags));
}

std::optional<Wide> multiply(const Wide& x, const Wide& y) noexcept {
    const auto high = mul(x.high, y.high);
    if (!high) return std::nullopt;
    auto low = fma(x.high, y.high, -*high);   // what rounding took away, exactly
    if (low) low = fma(x.high, y.low, *low);
    if (low) low = fma(x.low, y.high, *low);
    if (!low) return std::nullopt;
    if (low->is_zero()) return Wide{*high, Decimal{}};
    const auto sum = add(*high, *low);
    if (!sum) return std::nullopt;
    const auto lost = sub(*high, *sum);
    const auto rest = lost ? add(*lost, *low) : std::nullopt;
    return rest ? std::optional{Wide{*sum, *rest}} : std::nullopt;
}

std::optional<Wide> reciprocal(const Decimal& x) noexcept {
    const auto high = div(Decimal{1}, x);
    const auto rest = high ? fma(-*high, x, Decimal{1}) : std::nullopt;   // what is left to divide, exactly
    const auto low = rest ? div(*rest, x) : std::nullopt;
    return low ? std::optional{Wide{*high, *low}} : std::nullopt;
}

/// By squaring. Twice the digits are carried: rounding each step to 34 would lose three of them in a mortgage's 360 periods.
std::optional<Wide> integer_power(Wide base, std::uint64_t exponent) noexcept {
    Wide result{Decimal{1}, Decimal{}};
    while (exponent != 0) {
        if ((exponent & 1) != 0) {
            const auto product = multiply(result, base);
            if (!product) return std::nullopt;
            result = *product;
        }
        exponent >>= 1;
        if (exponent == 0) break;
        const auto square = multiply(base, base);
        if (!square) return std::nullopt;
        base = *square;
    }
    return result;
}

std::optional<Decimal> integer_power(const Decimal& base, std::int64_t exponent) noexcept {
    const auto factor = exponent < 0 ? reciprocal(base) : Wide{base, Decimal{}};
    const auto magnitude = static_cast<std::uint64_t>(exponent < 0 ? -exponent : exponent);
    const auto power = factor ? integer_power(*factor, magnitude) : std::nullopt;
    return power ? std::optional{power->high} : std::nullopt;
}

}  // namespace

std::optional<Decimal> add(const Decimal& a, const Decimal& b) noexcept {
    bid::Flags flags = 0;
    return finite(bid::kontor_bid128_add(word_of(a), word_of(b), half_even, &flags));
}

std::optional<Decimal> sub(const Decimal& a, const Decimal& b) noexcept {
    bid::Flags flags = 0;
    return finite(bid::kontor_bid128_sub(word_of(a), word_of(b), half_even, &flags));
}

std::optional<Decimal> mul(const Decimal& a, const Decimal& b) noexcept {
    bid::Flags flags = 0;
    return finite(bid::kontor_bid128_mul(word_of(a), word_of(b), half_even, &flags));
}

std::optional<Decimal> div(const Decimal& a, const Decimal& b) noexcept {
    bid::Flags flags = 0;
    return finite(bid::kontor_bid128_div(word_of(a), word_of(b), half_even, &flags));
}

std::optional<Decimal> pow(const Decimal& base, const Decimal& exponent) noexcept {
    constexpr std::int64_t longest = 1'000'000'000;   // beyond, only numbers within 1e-30 of one stay in range
    const auto whole = exponent.to_int64();
    if (whole && *whole >= -longest && *whole <= longest) return integer_power(base, *whole);
    bid::Flags flags = 0;
    return finite(bid::kontor_bid128_pow(word_of(base), word_of(exponent), half_even, &flags));
}

std::optional<Decimal> sqrt(const Decimal& number) noexcept {
    bid::Flags flags = 0;
    return finite(bid::kontor_bid128_sqrt(word_of(number), half_even, &flags));
}

std::optional<Decimal> exp(const Decimal& number) noexcept {
    bid::Flags flags = 0;
    return finite(bid::kontor_bid128_exp(word_of(number), half_even, &flags));
}

std::optional<Decimal> log(const Decimal& number) noexcept {
    bid::Flags flags = 0;
    return finite(bid::kontor_bid128_log(word_of(number), half_even, &flags));
}

std::optional<Decimal> modulo(const Decimal& x, const Decimal& y) noexcept {
    bid::Flags flags = 0;
    const auto remainder = finite(bid::kontor_bid128_fmod(word_of(x), word_of(y), &flags));   // exact, has the sign of x
    if (!remainder || remainder->is_zero() || x.is_negative() == y.is_negative()) return remainder;
    return add(*remainder, y);
}

Decimal abs(const Decimal& number) noexcept { return number.is_negative() ? -number : number; }

std::size_t hash(const Decimal& number) noexcept {
    Parts parts = parts_of(number);
    while (parts.coefficient != 0 && parts.coefficient % 10 == 0) parts.coefficient /= 10, ++parts.exponent;
    if (parts.coefficient == 0) parts.exponent = 0;
    std::uint64_t mixed = static_cast<std::uint64_t>(parts.coefficient) * 0x9e3779b97f4a7c15;
    mixed ^= static_cast<std::uint64_t>(parts.coefficient >> 64);
    mixed += static_cast<std::uint64_t>(parts.exponent + 0x4000) * 0xc2b2ae3d27d4eb4f;
    mixed = (mixed ^ mixed >> 32) * 0xd6e8feb86659fd93;
    mixed ^= mixed >> 32;
    return parts.negative ? ~mixed : mixed;
}

}  // namespace kontor::math
