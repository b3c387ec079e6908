#pragma once
/// Arithmetic of FEEL on decimals: nothing instead of a throw where there is no finite result.
#include <kontor/decimal.hpp>

#include <cstddef>
#include <optional>

namespace kontor::math {

/// Rounded half to even at the 34th digit; nothing if out of range, or on division by zero.
std::optional<Decimal> add(const Decimal&, const Decimal&) noexcept;
std::optional<Decimal> sub(const Decimal&, const Decimal&) noexcept;
std::optional<Decimal> mul(const Decimal&, const Decimal&) noexcept;
std::optional<Decimal> div(const Decimal&, const Decimal&) noexcept;

/// `base` to the power of `exponent`. An integer exponent gives the correctly rounded result (`1.1 ** 2` is `1.21`), others one
/// within two units of the 34th digit. 0 ** 0 is 1. Nothing if out of range, for a negative base with a fraction as exponent,
/// and for zero with a negative exponent.
std::optional<Decimal> pow(const Decimal& base, const Decimal& exponent) noexcept;
/// Correctly rounded; nothing for a negative number.
std::optional<Decimal> sqrt(const Decimal&) noexcept;
/// e to the power of x, within two units of the 34th digit.
std::optional<Decimal> exp(const Decimal&) noexcept;
/// The natural logarithm, within two units of the 34th digit; nothing unless the number is positive.
std::optional<Decimal> log(const Decimal&) noexcept;

/// x - y * floor(x / y), the sign is that of `y` (DMN 1.5, 10.3.4.5 modulo); nothing if `y` is zero.
std::optional<Decimal> modulo(const Decimal& x, const Decimal& y) noexcept;

Decimal floor(const Decimal&) noexcept;
Decimal ceiling(const Decimal&) noexcept;
Decimal abs(const Decimal&) noexcept;
/// As Decimal::rounded(); nothing unless `places` is between -6111 and 6176.
std::optional<Decimal> round(const Decimal&, int places, Rounding mode) noexcept;

/// Equal numbers have equal hashes: that of `1.0` is that of `1`.
std::size_t hash(const Decimal&) noexcept;

}  // namespace kontor::math
