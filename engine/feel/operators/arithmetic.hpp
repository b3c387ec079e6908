#pragma once
/// `+ - * / **` on numbers, texts, dates and durations (DMN 1.5, tables 56 to 61).
#include <kontor/value.hpp>

#include <optional>

namespace kontor::feel {

enum class Operator : std::uint8_t { add, subtract, multiply, divide, power };
std::string_view to_string(Operator) noexcept;

/// Null where the operands do not fit each other or there is no result, for example on division by zero.
Value calculate(Operator, const Value&, const Value&);
Value negate(const Value&);

/// A duration as a number of months or of seconds, and back (cut towards zero); for arithmetic and for `/` between durations.
Decimal to_number(const DaysDuration&);
std::optional<DaysDuration> to_days_duration(const Decimal& seconds);

}  // namespace kontor::feel
