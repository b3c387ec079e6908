#include "feel/builtins/registry.hpp"
#include "feel/operators/arithmetic.hpp"
#include "feel/operators/compare.hpp"
#include "feel/syntax/parser.hpp"
#include "feel/text.hpp"
#include "feel/tree/control.hpp"
#include "value/calendar.hpp"
#include "value/decimal_math.hpp"
#include "value/temporal_text.hpp"

#include <algorithm>

namespace kontor::feel {
namespace {

template <class T>
Value parsed(const Call& call, const std::optional<T>& result, std::string_view what) {
    return result ? Value{*result} : call.fail("\"" + call.string(0) + "\" is no " + std::string{what});
}

Value date_from(const Call& call) {
    if (const auto* date = call[0].if_date()) return *date;
    if (const auto* at = call[0].if_date_time()) return at->date;
    return parsed(call, parse_date(call.string(0)), "date");
}

Value date_of_parts(const Call& call) {
    const auto year = call.integer(0);
    const auto month = call.integer(1);
    const auto day = call.integer(2);
    const auto fits = [](const auto& part, std::int64_t low, std::int64_t high) { return part && *part >= low && *part <= high; };
    if (!fits(year, -999'999'999, 999'999'999) || !fits(month, 1, 12) || !fits(day, 1, 31)) return call.fail("no such day");
    const Date date{static_cast<std::int32_t>(*year), static_cast<std::uint8_t>(*month), static_cast<std::uint8_t>(*day)};
    return calendar::is_valid(date) ? Value{date} : call.fail("no such day");
}

Value date_time_from(const Call& call) {
    if (const auto* at = call[0].if_date_time()) return *at;
    if (const auto* date = call[0].if_date()) return DateTime{*date, {0, 0, 0, 0, UtcOffset{}}};
    return parsed(call, parse_date_time(call.string(0)), "date and time");
}

Value date_time_of_parts(const Call& call) {
    const auto* date = call[0].if_date();
    return DateTime{date ? *date : call[0].if_date_time()->date, *call[1].if_time()};
}

Value time_from(const Call& call) {
    if (const auto* time = call[0].if_time()) return *time;
    if (const auto* at = call[0].if_date_time()) return at->time;
    if (call[0].if_date()) return Time{0, 0, 0, 0, UtcOffset{}};
    return parsed(call, parse_time(call.string(0)), "time");
}

Value time_of_parts(const Call& call) {
    const auto hour = call.integer(0);
    const auto minute = call.integer(1);
    const auto second = to_days_duration(call.number(2));
    const bool fits = hour && *hour >= 0 && *hour < 24 && minute && *minute >= 0 && *minute < 60 && second && second->seconds >= 0 &&
                      second->nanoseconds >= 0 && second->seconds < 60;
    if (!fits) return call.fail("no such time of day");
    Time time{static_cast<std::uint8_t>(*hour), static_cast<std::uint8_t>(*minute), static_cast<std::uint8_t>(second->seconds),
              static_cast<std::uint32_t>(second->nanoseconds), {}};
    if (!call.has(3)) return time;
    const auto offset = call[3].if_days_duration()->seconds;
    if (offset < -18 * 3600 || offset > 18 * 3600) return call.fail("an offset is at most 18 hours");
    time.zone = UtcOffset{static_cast<std::int32_t>(offset)};
    return time;
}

Value duration_from(const Call& call) {
    if (!call[0].if_string()) return call[0];
    if (const auto days = parse_days_duration(call.string(0))) return *days;
    return parsed(call, parse_months_duration(call.string(0)), "duration");
}

/// Whole months from one day to the other; the time of day does not count.
Value months_between(const Call& call) {
    const auto day = [&](std::size_t index) {
        const auto* date = call[index].if_date();
        return date ? *date : call[index].if_date_time()->date;
    };
    const Date from = day(0);
    const Date to = day(1);
    std::int64_t months = (std::int64_t{to.year} - from.year) * 12 + (int{to.month} - int{from.month});
    if (months > 0 && to.day < from.day) --months;
    if (months < 0 && to.day > from.day) ++months;
    return MonthsDuration{months};
}

Value string_from(const Call& call) { return call[0].is_null() ? Value{} : Value{to_plain_text(call[0])}; }

Value number_from(const Call& call) {
    std::string text = call.string(0);
    const std::string grouping = call.has(1) ? call.string(1) : "";
    const std::string point = call.has(2) ? call.string(2) : ".";
    if (!grouping.empty() && grouping != " " && grouping != "," && grouping != ".") return call.fail("digits are grouped by a space, `,` or `.`");
    if (point != "." && point != ",") return call.fail("the decimal separator is `.` or `,`");
    if (grouping == point) return call.fail("the two separators must differ");
    if (!grouping.empty()) std::erase(text, grouping[0]);
    if (point == ",") {
        if (text.find('.') != text.npos) return call.fail("\"" + call.string(0) + "\" is no number");
        std::replace(text.begin(), text.end(), ',', '.');
    }
    const bool written = !text.empty() && text.back() != '.' && (text[0] == '-' || text[0] == '.' || (text[0] >= '0' && text[0] <= '9'));
    return parsed(call, written ? Decimal::try_parse(text) : std::nullopt, "number");
}

Value number_itself(const Call& call) { return call[0]; }

/// Whether an end is a literal, or a call of a function that makes a date, time or duration from one.
bool is_literal_end(const Node& end) {
    if (end.constant()) return !end.constant()->is_null();
    const auto* invocation = dynamic_cast<const Invocation*>(&end);
    if (!invocation || !invocation->name || invocation->arguments.size() != 1) return false;
    constexpr std::string_view makers[] = {"date", "time", "date and time", "duration"};
    return std::find(std::begin(makers), std::end(makers), invocation->name->name) != std::end(makers) &&
           invocation->arguments[0]->constant();
}

Value range_from(const Call& call) {
    auto result = parse_expression(call.string(0), {});
    const auto* tree = std::get_if<Parsed>(&result);
    if (!tree) return call.fail("\"" + call.string(0) + "\" is no range");
    if (const Value* constant = tree->root->constant()) return constant->if_range() ? *constant : call.fail("\"" + call.string(0) + "\" is no range");
    const auto* range = dynamic_cast<const RangeLiteral*>(tree->root.get());
    if (!range || !range->low || !range->high || !is_literal_end(*range->low) || !is_literal_end(*range->high))
        return call.fail("the ends of a range must be literals");
    return range->value(call.machine);
}

constexpr Builtin functions[] = {
    {"date(from: string|date|date_time)", date_from},
    {"date(year: number, month: number, day: number)", date_of_parts},
    {"date and time(from: string|date|date_time)", date_time_from},
    {"date and time(date: date|date_time, time: time)", date_time_of_parts},
    {"time(from: string|time|date|date_time)", time_from},
    {"time(hour: number, minute: number, second: number, offset?: days?)", time_of_parts},
    {"duration(from: string|days|months)", duration_from},
    {"years and months duration(from: date|date_time, to: date|date_time)", months_between},
    {"string(from: any?)", string_from},
    {"number(from: string, grouping separator?: string?, decimal separator?: string?)", number_from},
    {"number(from: number)", number_itself},
    {"range(from: string)", range_from},
};

}  // namespace

std::span<const Builtin> conversion_functions() { return functions; }

}  // namespace kontor::feel
