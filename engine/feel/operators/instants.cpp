#include "feel/operators/instants.hpp"

#include "value/calendar.hpp"

namespace kontor::feel {
namespace {

constexpr std::int64_t billion = 1'000'000'000;
constexpr std::int64_t day = 86400;

std::int64_t floor_divide(std::int64_t value, std::int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

std::int64_t clock_seconds(const Time& time) { return time.hour * 3600 + time.minute * 60 + time.second; }

/// Second and nanosecond of a sum, with the nanosecond brought back below a second.
std::optional<Nanoseconds> shift(const Nanoseconds& from, const DaysDuration& by) {
    const auto nanosecond = from.nanosecond + by.nanoseconds;
    const auto carry = floor_divide(nanosecond, billion);
    Nanoseconds result{0, nanosecond - carry * billion};
    if (__builtin_add_overflow(from.second, by.seconds, &result.second)) return std::nullopt;
    if (__builtin_add_overflow(result.second, carry, &result.second)) return std::nullopt;
    return result;
}

Time clock_at(std::int64_t second_of_day, std::int64_t nanosecond, Zone zone) {
    return {static_cast<std::uint8_t>(second_of_day / 3600), static_cast<std::uint8_t>(second_of_day / 60 % 60),
            static_cast<std::uint8_t>(second_of_day % 60), static_cast<std::uint32_t>(nanosecond), std::move(zone)};
}

std::optional<DateTime> local(const Nanoseconds& at, Zone zone) {
    const auto days = floor_divide(at.second, day);
    const auto date = calendar::from_days(days);
    if (!date) return std::nullopt;
    return DateTime{*date, clock_at(at.second - days * day, at.nanosecond, std::move(zone))};
}

}  // namespace

std::optional<Nanoseconds> instant(const DateTime& at) {
    const auto second = calendar::to_epoch_seconds(at);
    if (!second) return std::nullopt;
    return Nanoseconds{*second, at.time.nanosecond};
}

std::optional<std::int32_t> offset_of(const DateTime& at) {
    if (const auto* offset = std::get_if<UtcOffset>(&at.time.zone)) return offset->seconds;
    const auto* zone = std::get_if<ZoneName>(&at.time.zone);
    if (!zone) return std::nullopt;
    const auto second = calendar::to_epoch_seconds(at);
    if (!second) return std::nullopt;
    return calendar::offset_at_second(zone->name, *second);
}

std::optional<std::int32_t> offset_of(const Time& time) { return offset_of(DateTime{{2000, 1, 1}, time}); }

Nanoseconds time_of_day(const Time& time) { return {clock_seconds(time) - offset_of(time).value_or(0), time.nanosecond}; }

bool same_kind_of_zone(const Time& a, const Time& b) {
    return std::holds_alternative<std::monostate>(a.zone) == std::holds_alternative<std::monostate>(b.zone);
}

std::optional<DaysDuration> difference(const Nanoseconds& a, const Nanoseconds& b) {
    DaysDuration result{0, static_cast<std::int32_t>(a.nanosecond - b.nanosecond)};
    if (__builtin_sub_overflow(a.second, b.second, &result.seconds)) return std::nullopt;
    if (result.seconds > 0 && result.nanoseconds < 0) result = {result.seconds - 1, result.nanoseconds + 1'000'000'000};
    if (result.seconds < 0 && result.nanoseconds > 0) result = {result.seconds + 1, result.nanoseconds - 1'000'000'000};
    return result;
}

std::optional<DateTime> add(const DateTime& at, const DaysDuration& duration) {
    const auto* zone = std::get_if<ZoneName>(&at.time.zone);
    if (!zone) {   // an offset does not change on the way, so the clock itself can be moved
        const auto moved = shift({calendar::to_days(at.date) * day + clock_seconds(at.time), at.time.nanosecond}, duration);
        return moved ? local(*moved, at.time.zone) : std::nullopt;
    }
    const auto from = instant(at);
    if (!from) return std::nullopt;
    auto moved = shift(*from, duration);
    if (!moved) return std::nullopt;
    const auto offset = calendar::offset_at_second(zone->name, moved->second);
    if (!offset || __builtin_add_overflow(moved->second, *offset, &moved->second)) return std::nullopt;
    return local(*moved, at.time.zone);
}

std::optional<DateTime> add(const DateTime& at, const MonthsDuration& duration) {
    const auto date = calendar::add_months(at.date, duration.months);
    if (!date) return std::nullopt;
    return DateTime{*date, at.time};
}

Time add(const Time& time, const DaysDuration& duration) {
    auto nanosecond = std::int64_t{time.nanosecond} + duration.nanoseconds;
    const auto carry = floor_divide(nanosecond, billion);
    const auto second = clock_seconds(time) + duration.seconds % day + carry;
    return clock_at(((second % day) + day) % day, nanosecond - carry * billion, time.zone);
}

std::optional<DaysDuration> negate(const DaysDuration& duration) {
    DaysDuration result{0, -duration.nanoseconds};
    if (__builtin_sub_overflow(std::int64_t{0}, duration.seconds, &result.seconds)) return std::nullopt;
    return result;
}

std::optional<MonthsDuration> negate(const MonthsDuration& duration) {
    MonthsDuration result;
    if (__builtin_sub_overflow(std::int64_t{0}, duration.months, &result.months)) return std::nullopt;
    return result;
}

std::optional<DaysDuration> add(const DaysDuration& a, const DaysDuration& b) {
    const auto opposite = negate(b);
    if (!opposite) return std::nullopt;
    return difference({a.seconds, a.nanoseconds}, {opposite->seconds, opposite->nanoseconds});
}

}  // namespace kontor::feel
