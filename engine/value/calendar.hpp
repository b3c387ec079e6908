#pragma once
/// Arithmetic on the calendar and the time zones of the IANA database.
#include <kontor/temporal.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace kontor::calendar {

bool is_valid(const Date&) noexcept;
/// Days since 1970-01-01, negative before.
std::int64_t to_days(const Date&) noexcept;
std::optional<Date> from_days(std::int64_t days) noexcept;
int days_in_month(std::int32_t year, unsigned month) noexcept;
/// ISO 8601: Monday is 1, Sunday is 7.
int weekday(const Date&) noexcept;
/// Adds months; the day is cut to the length of the month that is reached (31 January + 1 month is 28 or 29 February).
std::optional<Date> add_months(const Date&, std::int64_t months) noexcept;

/// Whether the IANA database of this system knows the zone.
bool zone_exists(std::string_view name);
/// The offset from UTC at an instant. Nothing if the zone is unknown.
std::optional<std::int32_t> offset_at(std::string_view zone, Instant at);
std::optional<std::int32_t> offset_at_second(std::string_view zone, std::int64_t seconds_since_1970);
/// The date and time that clocks show in a zone at an instant.
std::optional<DateTime> in_zone(Instant at, std::string_view zone);
/// The instant of a date and time; a local one (no offset, no zone) is taken in `local_zone`. Of a time that occurs twice
/// the earlier instant, of one that is skipped the instant after the gap. Nothing if out of range or the zone is unknown.
std::optional<Instant> to_instant(const DateTime&, std::string_view local_zone = "UTC");
/// As to_instant(), in whole seconds since 1970-01-01T00:00:00Z: the whole range of years fits.
std::optional<std::int64_t> to_epoch_seconds(const DateTime&, std::string_view local_zone = "UTC");

}  // namespace kontor::calendar
