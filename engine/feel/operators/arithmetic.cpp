#include "feel/operators/arithmetic.hpp"

#include "feel/operators/instants.hpp"
#include "value/calendar.hpp"
#include "value/decimal_math.hpp"

namespace kontor::feel {
namespace {

constexpr std::int64_t billion = 1'000'000'000;

template <class T>
Value or_null(const std::optional<T>& result) {
    return result ? Value{*result} : Value{};
}

/// A date counts as midnight UTC when it meets a date and time (DMN 1.5, 10.3.2.3.6).
std::optional<DateTime> as_date_time(const Value& value) {
    if (const auto* at = value.if_date_time()) return *at;
    if (const auto* date = value.if_date()) return DateTime{*date, {0, 0, 0, 0, UtcOffset{}}};
    return std::nullopt;
}

std::optional<MonthsDuration> to_months_duration(const Decimal& months) {
    const auto whole = months.is_negative() ? math::ceiling(months) : math::floor(months);
    const auto count = whole.to_int64();
    return count ? std::optional{MonthsDuration{*count}} : std::nullopt;
}

/// A moment plus a duration. A date stays a date: what passes midnight counts, the rest of the day is dropped.
Value add_duration(const Value& moment, const Value& duration) {
    const auto* days = duration.if_days_duration();
    const auto* months = duration.if_months_duration();
    if (!days && !months) return {};
    if (const auto* at = moment.if_date_time()) return days ? or_null(add(*at, *days)) : or_null(add(*at, *months));
    if (const auto* date = moment.if_date()) {
        const auto moved = days ? add(DateTime{*date, {}}, *days) : add(DateTime{*date, {}}, *months);
        return moved ? Value{moved->date} : Value{};
    }
    if (const auto* time = moment.if_time(); time && days) return add(*time, *days);
    return {};
}

std::optional<MonthsDuration> sum(const MonthsDuration& a, const MonthsDuration& b) {
    MonthsDuration result;
    if (__builtin_add_overflow(a.months, b.months, &result.months)) return std::nullopt;
    return result;
}

Value plus(const Value& a, const Value& b) {
    if (a.if_number() && b.if_number()) return or_null(math::add(*a.if_number(), *b.if_number()));
    if (a.if_string() && b.if_string()) return *a.if_string() + *b.if_string();
    if (a.if_days_duration() && b.if_days_duration()) return or_null(add(*a.if_days_duration(), *b.if_days_duration()));
    if (a.if_months_duration() && b.if_months_duration()) return or_null(sum(*a.if_months_duration(), *b.if_months_duration()));
    if (a.if_days_duration() || a.if_months_duration()) return add_duration(b, a);
    return add_duration(a, b);
}

Value moments_apart(const DateTime& a, const DateTime& b) {
    if (!same_kind_of_zone(a.time, b.time)) return {};
    const auto later = instant(a);
    const auto earlier = instant(b);
    if (!later || !earlier) return {};
    return or_null(difference(*later, *earlier));
}

Value minus(const Value& a, const Value& b) {
    if (a.if_number() && b.if_number()) return or_null(math::sub(*a.if_number(), *b.if_number()));
    if (b.if_days_duration() || b.if_months_duration()) {
        const Value opposite = negate(b);
        if (a.if_days_duration() || a.if_months_duration()) return a.kind() == b.kind() ? plus(a, opposite) : Value{};
        return add_duration(a, opposite);
    }
    if (a.if_time() && b.if_time()) {
        if (!same_kind_of_zone(*a.if_time(), *b.if_time())) return {};
        return or_null(difference(time_of_day(*a.if_time()), time_of_day(*b.if_time())));
    }
    const auto later = as_date_time(a);
    const auto earlier = as_date_time(b);
    return later && earlier ? moments_apart(*later, *earlier) : Value{};
}

Value scale(const Value& duration, const Decimal& factor) {
    if (const auto* months = duration.if_months_duration()) {
        const auto product = math::mul(months->months, factor);
        return product ? or_null(to_months_duration(*product)) : Value{};
    }
    if (const auto* days = duration.if_days_duration()) {
        const auto product = math::mul(to_number(*days), factor);
        return product ? or_null(to_days_duration(*product)) : Value{};
    }
    return {};
}

Value times(const Value& a, const Value& b) {
    if (a.if_number() && b.if_number()) return or_null(math::mul(*a.if_number(), *b.if_number()));
    if (a.if_number()) return scale(b, *a.if_number());
    if (b.if_number()) return scale(a, *b.if_number());
    return {};
}

Value over(const Value& a, const Value& b) {
    if (a.if_number() && b.if_number()) return or_null(math::div(*a.if_number(), *b.if_number()));
    if (a.if_months_duration() && b.if_months_duration())
        return or_null(math::div(a.if_months_duration()->months, b.if_months_duration()->months));
    if (a.if_days_duration() && b.if_days_duration())
        return or_null(math::div(to_number(*a.if_days_duration()), to_number(*b.if_days_duration())));
    if (!b.if_number()) return {};
    if (const auto* months = a.if_months_duration()) {
        const auto quotient = math::div(months->months, *b.if_number());
        return quotient ? or_null(to_months_duration(*quotient)) : Value{};
    }
    if (const auto* days = a.if_days_duration()) {
        const auto quotient = math::div(to_number(*days), *b.if_number());
        return quotient ? or_null(to_days_duration(*quotient)) : Value{};
    }
    return {};
}

}  // namespace

std::string_view to_string(Operator which) noexcept {
    switch (which) {
        case Operator::add: return "+";
        case Operator::subtract: return "-";
        case Operator::multiply: return "*";
        case Operator::divide: return "/";
        case Operator::power: return "**";
    }
    return "";
}

Decimal to_number(const DaysDuration& duration) {
    static const Decimal unit = *Decimal::try_parse("0.000000001");
    if (duration.nanoseconds == 0) return duration.seconds;
    // 64 bits of seconds and nine more digits fit into 34 digits, so neither step rounds.
    return *math::add(duration.seconds, *math::mul(duration.nanoseconds, unit));
}

std::optional<DaysDuration> to_days_duration(const Decimal& seconds) {
    const auto whole = seconds.is_negative() ? math::ceiling(seconds) : math::floor(seconds);
    const auto count = whole.to_int64();
    if (!count) return std::nullopt;
    const auto rest = math::mul(*math::sub(seconds, whole), billion);
    const auto nanoseconds = rest ? (rest->is_negative() ? math::ceiling(*rest) : math::floor(*rest)).to_int64() : std::nullopt;
    return DaysDuration{*count, static_cast<std::int32_t>(nanoseconds.value_or(0))};
}

Value calculate(Operator which, const Value& a, const Value& b) {
    switch (which) {
        case Operator::add: return plus(a, b);
        case Operator::subtract: return minus(a, b);
        case Operator::multiply: return times(a, b);
        case Operator::divide: return over(a, b);
        case Operator::power:
            if (!a.if_number() || !b.if_number()) return {};
            return or_null(math::pow(*a.if_number(), *b.if_number()));
    }
    return {};
}

Value negate(const Value& value) {
    if (const auto* number = value.if_number()) return -*number;
    if (const auto* days = value.if_days_duration()) return or_null(negate(*days));
    if (const auto* months = value.if_months_duration()) return or_null(negate(*months));
    return {};
}

}  // namespace kontor::feel
