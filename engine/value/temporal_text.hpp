#pragma once
/// Text forms of dates, times and durations (XML Schema 1.1 part 2 as DMN 1.5, 10.3.2.3 uses it).
#include <kontor/temporal.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace kontor {

std::optional<Date> parse_date(std::string_view);                      // 2026-03-01
std::optional<Time> parse_time(std::string_view);                      // 09:30:00, 09:30:00Z, 09:30:00+01:00, 09:30:00@Europe/Paris
std::optional<DateTime> parse_date_time(std::string_view);             // 2026-03-01T09:30:00..., and a plain date is midnight
std::optional<DaysDuration> parse_days_duration(std::string_view);     // P1DT2H3M4.5S
std::optional<MonthsDuration> parse_months_duration(std::string_view); // P1Y6M

std::string to_string(const Date&);
std::string to_string(const Time&);
std::string to_string(const DateTime&);
std::string to_string(const DaysDuration&);
std::string to_string(const MonthsDuration&);
/// 2026-03-01T09:30:00.000Z
std::string to_string(Instant);

}  // namespace kontor
