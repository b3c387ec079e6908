/// Decimal to text and back. Intel's own text functions round silently and write `+2500000E-2`.
#include "value/decimal_parts.hpp"

#include <kontor/error.hpp>

#include <algorithm>
#include <limits>

namespace kontor {
using namespace detail;

namespace {

enum class Trouble { none, not_a_number, too_many_digits, out_of_range };

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

class Scanner {
public:
    explicit Scanner(std::string_view text) noexcept : text_{text} {}

    Trouble scan(Parts& parts) noexcept {
        parts.negative = skip('-');
        const std::size_t before_point = digits(parts);
        if (skip('.')) {
            const std::size_t after_point = digits(parts);
            if (after_point == 0) return Trouble::not_a_number;
            parts.exponent = -static_cast<int>(after_point);
        } else if (before_point == 0) {
            return Trouble::not_a_number;
        }
        if ((skip('e') || skip('E')) && !exponent(parts.exponent)) return Trouble::not_a_number;
        if (at_ != text_.size()) return Trouble::not_a_number;
        return significant_ > max_digits ? Trouble::too_many_digits : Trouble::none;
    }

private:
    bool skip(char c) noexcept {
        if (at_ == text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }

    std::size_t digits(Parts& parts) noexcept {
        const std::size_t first = at_;
        for (; at_ < text_.size() && is_digit(text_[at_]); ++at_) {
            if (significant_ > 0 || text_[at_] != '0') ++significant_;
            // More digits than that are refused in the end: the coefficient must only not overflow until then.
            if (significant_ <= max_digits) parts.coefficient = parts.coefficient * 10 + static_cast<unsigned>(text_[at_] - '0');
        }
        return at_ - first;
    }

    bool exponent(int& sum) noexcept {
        const bool negative = skip('-');
        if (!negative) skip('+');
        const std::size_t first = at_;
        int value = 0;
        for (; at_ < text_.size() && is_digit(text_[at_]); ++at_) value = std::min(value * 10 + (text_[at_] - '0'), 100'000'000);
        sum += negative ? -value : value;
        return at_ > first;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int significant_ = 0;
};

std::optional<Decimal> read(std::string_view text, Trouble& trouble) noexcept {
    constexpr std::size_t longest = 10'000;   // 6176 places and an exponent fit; keeps the sums above within an int
    Parts parts;
    trouble = text.size() > longest ? Trouble::out_of_range : Scanner{text}.scan(parts);
    if (trouble != Trouble::none) return std::nullopt;
    const auto result = compose_in_range(parts);
    if (!result) trouble = Trouble::out_of_range;
    return result;
}

std::string digits_of(uint128 coefficient) {
    char buffer[max_digits];
    char* first = buffer + max_digits;
    do {
        // Division of 64 bits is several times faster than that of 128: take 17 digits at a time.
        constexpr std::uint64_t chunk = 100'000'000'000'000'000;
        auto low = static_cast<std::uint64_t>(coefficient % chunk);
        coefficient /= chunk;
        for (int n = 0; n < 17 && (coefficient != 0 || low != 0); ++n, low /= 10) *--first = static_cast<char>('0' + low % 10);
    } while (coefficient != 0);
    if (first == buffer + max_digits) *--first = '0';
    return {first, buffer + max_digits};
}

}  // namespace

std::optional<Decimal> detail::compose_in_range(Parts parts) noexcept {
    if (parts.coefficient == 0) parts.exponent = std::clamp(parts.exponent, min_exponent, max_exponent);
    while (parts.exponent > max_exponent && parts.coefficient < coefficient_limit / 10) parts.coefficient *= 10, --parts.exponent;
    while (parts.exponent < min_exponent && parts.coefficient % 10 == 0) parts.coefficient /= 10, ++parts.exponent;
    if (parts.exponent < min_exponent || parts.exponent > max_exponent) return std::nullopt;
    return compose(parts);
}

std::optional<Decimal> Decimal::try_parse(std::string_view text) noexcept {
    Trouble trouble{};
    return read(text, trouble);
}

Decimal Decimal::parse(std::string_view text) {
    Trouble trouble{};
    if (const auto result = read(text, trouble)) return *result;
    // The text itself stays out of the message: it may be confidential.
    if (trouble == Trouble::too_many_digits) throw Error{Code::bad_input, "a number has at most 34 significant digits"};
    if (trouble == Trouble::out_of_range) throw Error{Code::bad_input, "the number is out of the range of decimal128"};
    throw Error{Code::bad_input, "the text is not a number"};
}

std::string Decimal::str() const {
    const Parts parts = parts_of(*this);
    std::string text = digits_of(parts.coefficient);
    const int length = static_cast<int>(text.size());
    const int adjusted = length - 1 + parts.exponent;   // the exponent of the first digit
    if (parts.exponent > 0 || adjusted < -max_digits) {
        if (length > 1) text.insert(1, 1, '.');
        text += 'E';
        if (adjusted >= 0) text += '+';
        text += std::to_string(adjusted);
    } else if (parts.exponent < 0) {
        if (adjusted < 0) text.insert(0, static_cast<std::size_t>(-adjusted), '0');
        text.insert(text.size() - static_cast<std::size_t>(-parts.exponent), 1, '.');
    }
    if (parts.negative) text.insert(0, 1, '-');
    return text;
}

}  // namespace kontor
