#include "feel/builtins/registry.hpp"
#include "feel/operators/arithmetic.hpp"
#include "feel/operators/instants.hpp"
#include "value/decimal_math.hpp"

namespace kontor::feel {
namespace {

Value result(const Call& call, const std::optional<Decimal>& number) {
    return number ? Value{*number} : call.fail("has no result for " + call.number(0).str());
}

Value absolute(const Call& call) {
    if (const auto* number = call[0].if_number()) return math::abs(*number);
    const auto* days = call[0].if_days_duration();
    const bool negative = days ? *days < DaysDuration{} : *call[0].if_months_duration() < MonthsDuration{};
    return negative ? negate(call[0]) : call[0];
}

Value modulo(const Call& call) { return result(call, math::modulo(call.number(0), call.number(1))); }
Value square_root(const Call& call) { return result(call, math::sqrt(call.number(0))); }
Value logarithm(const Call& call) { return result(call, math::log(call.number(0))); }
Value exponential(const Call& call) { return result(call, math::exp(call.number(0))); }

/// The rest of the division by two, if the number is whole.
std::optional<bool> is_odd(const Decimal& number) {
    if (!number.is_integer()) return std::nullopt;
    const auto rest = math::modulo(number, 2);
    return rest ? std::optional{!rest->is_zero()} : std::nullopt;
}

Value odd(const Call& call) { return is_odd(call.number(0)).value_or(false); }
Value even(const Call& call) { return !is_odd(call.number(0)).value_or(true); }

constexpr Builtin functions[] = {
    {"abs(n: number|days|months)", absolute},
    {"modulo(dividend: number, divisor: number)", modulo},
    {"sqrt(number: number)", square_root},
    {"log(number: number)", logarithm},
    {"exp(number: number)", exponential},
    {"odd(number: number)", odd},
    {"even(number: number)", even},
};

}  // namespace

std::span<const Builtin> numeric_functions() { return functions; }

}  // namespace kontor::feel
