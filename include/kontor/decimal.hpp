#pragma once
/// Exact decimal numbers: IEEE 754-2008 decimal128, the number type of FEEL, of variables and of money.
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace kontor {

/// The integer types that are numbers: neither bool nor a character.
template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
                  !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

/// How a result that does not fit is rounded. The names are those of DMN 1.5, 10.3.4.5.
enum class Rounding { half_even, half_up, half_down, up, down, floor, ceiling };

/// A decimal number of up to 34 significant digits with an exponent from -6176 to 6111.
///
/// The scale is kept: `100.00` stays `100.00` in text, and equals `100`. Arithmetic rounds half to even at the 34th digit
/// (IEEE 754-2008, 4.3.1); nothing else rounds unless asked by name. A Decimal is always finite: an operation whose
/// result is not throws Error{Code::bad_input} and leaves its operands untouched. There is no negative zero.
///
/// A value type: distinct objects may be used from several threads, nothing blocks.
class Decimal {
public:
    /// Zero, with scale 0.
    constexpr Decimal() noexcept = default;
    template <Integer T>
    Decimal(T value) noexcept
        : Decimal(value < 0 ? from_signed(static_cast<std::int64_t>(value)) : from_unsigned(static_cast<std::uint64_t>(value))) {}
    /// 0.1 is not a tenth: write "0.1"_dec.
    Decimal(std::floating_point auto) = delete;

    /// Reads `-12.50`, `1e3`, `.5`. Throws Error{Code::bad_input} if the whole text is not a number, has more than 34
    /// significant digits or is out of range.
    static Decimal parse(std::string_view text);
    /// As parse(), but nothing on bad text.
    static std::optional<Decimal> try_parse(std::string_view text) noexcept;

    /// The exact text that keeps the scale: plain digits as in `100.00` and `0.000001`; `1.5E+40` where zeros would invent
    /// precision, and `1E-35` where the first digit stands further than 34 places after the point.
    [[nodiscard]] std::string str() const;

    /// This number with `places` digits after the point; negative rounds before the point. Zeros are added as far as 34 digits
    /// allow. Throws Error{Code::bad_input} unless `places` is between -6111 and 6176.
    [[nodiscard]] Decimal rounded(int places, Rounding mode) const;
    /// The number of units of 10^-places, for example cents for 2. Throws Error{Code::bad_input} unless exact and within 64 bits.
    [[nodiscard]] std::int64_t minor_units(int places) const;
    /// This number as an integer, if it is one within 64 bits.
    [[nodiscard]] std::optional<std::int64_t> to_int64() const noexcept;
    [[nodiscard]] bool is_integer() const noexcept;
    [[nodiscard]] bool is_negative() const noexcept;
    [[nodiscard]] bool is_zero() const noexcept;
    /// Digits after the point as written: 2 for `100.00`, 0 for `100`, -3 for `1E+3`.
    [[nodiscard]] int scale() const noexcept;

    friend Decimal operator+(const Decimal&, const Decimal&);
    friend Decimal operator-(const Decimal&, const Decimal&);
    friend Decimal operator*(const Decimal&, const Decimal&);
    /// Throws Error{Code::bad_input} on division by zero.
    friend Decimal operator/(const Decimal&, const Decimal&);
    friend Decimal operator-(const Decimal&) noexcept;
    /// Compares values: `1.0` equals `1`.
    friend bool operator==(const Decimal&, const Decimal&) noexcept;
    friend std::strong_ordering operator<=>(const Decimal&, const Decimal&) noexcept;
    friend std::ostream& operator<<(std::ostream&, const Decimal&);

    /// The 128 bits of the BID encoding (IEEE 754-2008, 3.5.2), low word first: what the journal stores.
    struct Bits {
        std::uint64_t low = 0;
        std::uint64_t high = 0x3040000000000000;
        friend bool operator==(const Bits&, const Bits&) = default;
    };
    [[nodiscard]] constexpr Bits bits() const noexcept { return bits_; }
    /// Nothing if the bits are not those of a finite number.
    static std::optional<Decimal> from_bits(Bits bits) noexcept;

private:
    static Decimal from_signed(std::int64_t) noexcept;
    static Decimal from_unsigned(std::uint64_t) noexcept;
    Bits bits_;
};

inline namespace literals {
/// "250000.00"_dec; throws as Decimal::parse.
Decimal operator""_dec(const char* text, std::size_t length);
}  // namespace literals

}  // namespace kontor
