#pragma once
/// FEEL's kinds of time: date, time, date and time, and the two durations (DMN 1.5, 10.3.2.3).
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace kontor {

/// A point in time as the engine keeps it: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
/// A length of time as the engine keeps it.
using Duration = std::chrono::milliseconds;

/// A day of the proleptic Gregorian calendar; year from -999999999 to 999999999.
struct Date {
    std::int32_t year = 1970;
    std::uint8_t month = 1;
    std::uint8_t day = 1;
    friend auto operator<=>(const Date&, const Date&) = default;
};

/// An offset from UTC in seconds, at most 18 hours either way.
struct UtcOffset {
    std::int32_t seconds = 0;
    friend auto operator<=>(const UtcOffset&, const UtcOffset&) = default;
};
/// A zone of the IANA database, for example `Europe/Paris`.
struct ZoneName {
    std::string name{};
    friend auto operator<=>(const ZoneName&, const ZoneName&) = default;
};
/// Where a clock hangs: nowhere in particular (local), at an offset, or in a named zone.
using Zone = std::variant<std::monostate, UtcOffset, ZoneName>;

/// A time of day. `nanosecond` is 0 to 999999999; `second` is 0 to 59.
struct Time {
    std::uint8_t hour = 0;
    std::uint8_t minute = 0;
    std::uint8_t second = 0;
    std::uint32_t nanosecond = 0;
    Zone zone{};
    friend bool operator==(const Time&, const Time&) = default;   // the same writing; FEEL's equality knows zones
};

/// A date with a time of day.
struct DateTime {
    Date date{};
    Time time{};
    friend bool operator==(const DateTime&, const DateTime&) = default;
};

/// A days and time duration: `P1DT2H`. Both parts have the same sign.
struct DaysDuration {
    std::int64_t seconds = 0;
    std::int32_t nanoseconds = 0;
    friend auto operator<=>(const DaysDuration&, const DaysDuration&) = default;
};

/// A years and months duration: `P1Y6M`.
struct MonthsDuration {
    std::int64_t months = 0;
    friend auto operator<=>(const MonthsDuration&, const MonthsDuration&) = default;
};

}  // namespace kontor
