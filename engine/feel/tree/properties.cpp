#include "feel/operators/arithmetic.hpp"
#include "feel/operators/instants.hpp"
#include "feel/tree/values.hpp"
#include "value/calendar.hpp"
#include "value/decimal_math.hpp"

namespace kontor::feel {
namespace {

Value days(std::optional<std::int32_t> offset) { return offset ? Value{DaysDuration{*offset, 0}} : Value{}; }

Value zone_name(const Zone& zone) {
    const auto* name = std::get_if<ZoneName>(&zone);
    return name ? Value{name->name} : Value{};
}

std::optional<Value> of_date(const Date& date, std::string_view name) {
    if (name == "year") return Value{date.year};
    if (name == "month") return Value{static_cast<int>(date.month)};
    if (name == "day") return Value{static_cast<int>(date.day)};
    if (name == "weekday") return Value{calendar::weekday(date)};
    return std::nullopt;
}

std::optional<Value> of_clock(const Time& time, std::optional<std::int32_t> offset, std::string_view name) {
    if (name == "hour") return Value{static_cast<int>(time.hour)};
    if (name == "minute") return Value{static_cast<int>(time.minute)};
    if (name == "second") return Value{to_number(DaysDuration{time.second, static_cast<std::int32_t>(time.nanosecond)})};
    if (name == "time offset") return days(offset);
    if (name == "timezone") return zone_name(time.zone);
    return std::nullopt;
}

/// A date has the clock of midnight UTC, as a date and time from it would.
std::optional<Value> of_plain_date(const Date& date, std::string_view name) {
    if (auto found = of_date(date, name)) return found;
    if (name == "hour" || name == "minute" || name == "second") return Value{0};
    if (name == "time offset") return Value{DaysDuration{}};
    if (name == "timezone") return Value{};
    return std::nullopt;
}

std::optional<Value> of_days(const DaysDuration& duration, std::string_view name) {
    if (name == "days") return Value{duration.seconds / 86400};
    if (name == "hours") return Value{duration.seconds / 3600 % 24};
    if (name == "minutes") return Value{duration.seconds / 60 % 60};
    if (name == "seconds") return Value{to_number(DaysDuration{duration.seconds % 60, duration.nanoseconds})};
    if (name == "years" || name == "months") return Value{};
    return std::nullopt;
}

std::optional<Value> of_months(const MonthsDuration& duration, std::string_view name) {
    if (name == "years") return Value{duration.months / 12};
    if (name == "months") return Value{duration.months % 12};
    if (name == "days" || name == "hours" || name == "minutes" || name == "seconds") return Value{};
    return std::nullopt;
}

std::optional<Value> of_range(const Range& range, std::string_view name) {
    if (name == "start") return range.low;
    if (name == "end") return range.high;
    if (name == "start included") return Value{range.low_closed};
    if (name == "end included") return Value{range.high_closed};
    return std::nullopt;
}

}  // namespace

std::optional<Value> property(const Value& value, std::string_view name) {
    if (const auto* date = value.if_date()) return of_plain_date(*date, name);
    if (const auto* time = value.if_time()) return of_clock(*time, offset_of(*time), name);
    if (const auto* at = value.if_date_time()) {
        auto found = of_date(at->date, name);
        return found ? found : of_clock(at->time, offset_of(*at), name);
    }
    if (const auto* duration = value.if_days_duration()) return of_days(*duration, name);
    if (const auto* duration = value.if_months_duration()) return of_months(*duration, name);
    if (const auto* range = value.if_range()) return of_range(*range, name);
    return std::nullopt;
}

}  // namespace kontor::feel
