#include "value/calendar.hpp"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <algorithm>
#include <limits>
#include <string>

namespace kontor::calendar {
namespace {

constexpr std::int32_t max_year = 999'999'999;

constexpr bool is_leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

std::optional<absl::TimeZone> load(std::string_view name) {
    // Abseil would also take a path, a POSIX rule or its own "Fixed/UTC+01:00:00"; only names of the IANA database are meant.
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' || c == '+';
    };
    if (name.empty() || name.front() == '/' || !std::all_of(name.begin(), name.end(), allowed)) return std::nullopt;
    if (name == "localtime" || name.starts_with("Fixed/") || name.starts_with("posix") || name.starts_with("right")) return std::nullopt;
    absl::TimeZone zone;
    if (!absl::LoadTimeZone(std::string{name}, &zone)) return std::nullopt;
    return zone;
}

absl::CivilSecond civil(const DateTime& at) {
    return absl::CivilSecond{at.date.year, at.date.month, at.date.day, at.time.hour, at.time.minute, at.time.second};
}

std::int64_t seconds_of(const DateTime& at) {
    return to_days(at.date) * 86400 + at.time.hour * 3600 + at.time.minute * 60 + at.time.second;
}

std::optional<std::int64_t> in_named_zone(const DateTime& at, std::string_view name) {
    const auto zone = load(name);
    if (!zone) return std::nullopt;
    const auto info = zone->At(civil(at));
    // Skipped: the first instant after the gap. Repeated: `pre` is the earlier of the two.
    return absl::ToUnixSeconds(info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre);
}

}  // namespace

bool is_valid(const Date& date) noexcept {
    return date.year >= -max_year && date.year <= max_year && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
           date.day <= days_in_month(date.year, date.month);
}

int days_in_month(std::int32_t year, unsigned month) noexcept {
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[(month - 1) % 12];
}

// Both conversions count in eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
std::int64_t to_days(const Date& date) noexcept {
    const std::int64_t year = std::int64_t{date.year} - (date.month <= 2 ? 1 : 0);
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

std::optional<Date> from_days(std::int64_t days) noexcept {
    static const std::int64_t first = to_days({-max_year, 1, 1});
    static const std::int64_t last = to_days({max_year, 12, 31});
    if (days < first || days > last) return std::nullopt;
    days += 719468;
    const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const std::int64_t day_of_era = days - era * 146097;
    const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
    const auto month = static_cast<std::uint8_t>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    const auto year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    return Date{static_cast<std::int32_t>(year), month, static_cast<std::uint8_t>(day_of_year - (153 * shifted_month + 2) / 5 + 1)};
}

int weekday(const Date& date) noexcept {
    const auto since_monday = (to_days(date) + 3) % 7;   // 1970-01-01 was a Thursday
    return static_cast<int>(since_monday < 0 ? since_monday + 7 : since_monday) + 1;
}

std::optional<Date> add_months(const Date& date, std::int64_t months) noexcept {
    std::int64_t total = 0;
    if (__builtin_add_overflow(std::int64_t{date.year} * 12 + date.month - 1, months, &total)) return std::nullopt;
    const std::int64_t year = (total >= 0 ? total : total - 11) / 12;
    if (year < -max_year || year > max_year) return std::nullopt;
    const auto month = static_cast<unsigned>(total - year * 12) + 1;
    const auto length = days_in_month(static_cast<std::int32_t>(year), month);
    return Date{static_cast<std::int32_t>(year), static_cast<std::uint8_t>(month),
                static_cast<std::uint8_t>(std::min<int>(date.day, length))};
}

bool zone_exists(std::string_view name) { return load(name).has_value(); }

std::optional<std::int32_t> offset_at_second(std::string_view name, std::int64_t seconds) {
    const auto zone = load(name);
    if (!zone) return std::nullopt;
    return zone->At(absl::FromUnixSeconds(seconds)).offset;
}

std::optional<std::int32_t> offset_at(std::string_view zone, Instant at) {
    return offset_at_second(zone, std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
}

std::optional<DateTime> in_zone(Instant at, std::string_view zone) {
    const auto offset = offset_at(zone, at);
    if (!offset) return std::nullopt;
    const auto local = at + std::chrono::seconds{*offset};
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const auto date = from_days(day.time_since_epoch().count());
    if (!date) return std::nullopt;
    const std::chrono::hh_mm_ss clock{local - day};
    return DateTime{*date,
                    {static_cast<std::uint8_t>(clock.hours().count()), static_cast<std::uint8_t>(clock.minutes().count()),
                     static_cast<std::uint8_t>(clock.seconds().count()),
                     static_cast<std::uint32_t>(clock.subseconds().count() * 1'000'000), ZoneName{std::string{zone}}}};
}

std::optional<std::int64_t> to_epoch_seconds(const DateTime& at, std::string_view local_zone) {
    if (const auto* offset = std::get_if<UtcOffset>(&at.time.zone)) return seconds_of(at) - offset->seconds;
    if (const auto* name = std::get_if<ZoneName>(&at.time.zone)) return in_named_zone(at, name->name);
    if (local_zone == "UTC") return seconds_of(at);
    return in_named_zone(at, local_zone);
}

std::optional<Instant> to_instant(const DateTime& at, std::string_view local_zone) {
    const auto seconds = to_epoch_seconds(at, local_zone);
    constexpr auto limit = std::numeric_limits<std::int64_t>::max() / 1000 - 1;
    if (!seconds || *seconds > limit || *seconds < -limit) return std::nullopt;
    return Instant{std::chrono::milliseconds{*seconds * 1000 + at.time.nanosecond / 1'000'000}};
}

}  // namespace kontor::calendar
