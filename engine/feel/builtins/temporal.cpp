#include "feel/builtins/registry.hpp"
#include "value/calendar.hpp"

namespace kontor::feel {
namespace {

Date day_of(const Call& call) {
    const auto* date = call[0].if_date();
    return date ? *date : call[0].if_date_time()->date;
}

Value day_of_year(const Call& call) {
    const auto date = day_of(call);
    return calendar::to_days(date) - calendar::to_days({date.year, 1, 1}) + 1;
}

Value day_of_week(const Call& call) {
    constexpr std::string_view names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
    return names[calendar::weekday(day_of(call)) - 1];
}

Value month_of_year(const Call& call) {
    constexpr std::string_view names[] = {"January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December"};
    return names[day_of(call).month - 1];
}

/// ISO 8601: the week belongs to the year that holds its Thursday.
Value week_of_year(const Call& call) {
    const auto date = day_of(call);
    const auto thursday = calendar::to_days(date) + 4 - calendar::weekday(date);
    const auto in = calendar::from_days(thursday);
    if (!in) return {};
    return (thursday - calendar::to_days({in->year, 1, 1})) / 7 + 1;
}

constexpr Builtin functions[] = {
    {"day of year(date: date|date_time)", day_of_year},
    {"day of week(date: date|date_time)", day_of_week},
    {"month of year(date: date|date_time)", month_of_year},
    {"week of year(date: date|date_time)", week_of_year},
};

}  // namespace

std::span<const Builtin> temporal_functions() { return functions; }

}  // namespace kontor::feel
