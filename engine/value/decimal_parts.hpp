#pragma once
/// A Decimal taken apart into sign, coefficient and exponent, and put together again. Private to engine/value.
#include "value/bid128.hpp"

#include <kontor/decimal.hpp>

#include <array>
#include <optional>

namespace kontor::detail {

__extension__ typedef unsigned __int128 uint128;

inline constexpr int max_digits = 34;
inline constexpr int min_exponent = -6176;
inline constexpr int max_exponent = 6111;

inline constexpr auto powers_of_ten = [] {
    std::array<uint128, 39> powers{1};
    for (std::size_t n = 1; n < powers.size(); ++n) powers[n] = powers[n - 1] * 10;
    return powers;
}();
inline constexpr uint128 coefficient_limit = powers_of_ten[max_digits];   // the first that is too large

/// The number (-1)^negative * coefficient * 10^exponent.
struct Parts {
    uint128 coefficient = 0;
    int exponent = 0;
    bool negative = false;
};

inline Parts parts_of(Decimal::Bits bits) noexcept {
    constexpr auto coefficient_mask = (std::uint64_t{1} << 49) - 1;
    return {static_cast<uint128>(bits.high & coefficient_mask) << 64 | bits.low,
            static_cast<int>(bits.high >> 49 & 0x3fff) + min_exponent, (bits.high >> 63) != 0};
}
inline Parts parts_of(const Decimal& number) noexcept { return parts_of(number.bits()); }

/// Needs a coefficient below the limit and an exponent in range. Zero loses its sign.
inline Decimal compose(Parts parts) noexcept {
    const auto sign = std::uint64_t{parts.negative} << 63;
    const auto exponent = static_cast<std::uint64_t>(parts.exponent - min_exponent) << 49;
    const auto high = static_cast<std::uint64_t>(parts.coefficient >> 64);
    return *Decimal::from_bits({static_cast<std::uint64_t>(parts.coefficient), sign | exponent | high});
}

/// Moves an exponent that is out of range into it if the same value can be written so; else nothing.
std::optional<Decimal> compose_in_range(Parts parts) noexcept;

/// The number with `places` digits after the point, padded as far as 34 digits allow. `places` is in range.
Parts round_to(Parts parts, int places, Rounding mode) noexcept;

inline bid::Word128 word_of(const Decimal& number) noexcept { return {{number.bits().low, number.bits().high}}; }
/// Nothing if an operation's result is infinite or not a number.
inline std::optional<Decimal> finite(bid::Word128 word) noexcept { return Decimal::from_bits({word.w[0], word.w[1]}); }

}  // namespace kontor::detail
