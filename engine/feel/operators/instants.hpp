#pragma once
/// Points on the line of time at full precision, for comparison and arithmetic.
#include <kontor/temporal.hpp>

#include <compare>
#include <cstdint>
#include <optional>

namespace kontor::feel {

/// Seconds and nanoseconds since some origin; 0 <= nanosecond < 1e9.
struct Nanoseconds {
    std::int64_t second = 0;
    std::int64_t nanosecond = 0;
    friend auto operator<=>(const Nanoseconds&, const Nanoseconds&) = default;
};

/// Since 1970-01-01T00:00:00Z; a local one counts as UTC. Nothing if the zone is unknown.
std::optional<Nanoseconds> instant(const DateTime&);
/// Since midnight UTC. A named zone without a date counts with its standard offset of 1970's successor rules: that of 1 January 2000.
Nanoseconds time_of_day(const Time&);
/// Seconds east of UTC; nothing for a local time.
std::optional<std::int32_t> offset_of(const DateTime&);
std::optional<std::int32_t> offset_of(const Time&);

/// a - b.
std::optional<DaysDuration> difference(const Nanoseconds& a, const Nanoseconds& b);
/// Whether both, or neither, have a zone: only then is there a difference or an order.
bool same_kind_of_zone(const Time& a, const Time& b);

/// Adds on the line of time and shows the result in the same zone.
std::optional<DateTime> add(const DateTime&, const DaysDuration&);
std::optional<DateTime> add(const DateTime&, const MonthsDuration&);
Time add(const Time&, const DaysDuration&);

std::optional<DaysDuration> negate(const DaysDuration&);
std::optional<MonthsDuration> negate(const MonthsDuration&);
std::optional<DaysDuration> add(const DaysDuration&, const DaysDuration&);

}  // namespace kontor::feel
