#include "value/temporal_text.hpp"

#include "value/calendar.hpp"

#include <charconv>
#include <limits>

namespace kontor {
namespace {

constexpr std::int32_t max_offset = 18 * 3600;

/// Reads a text from left to right; every step says whether it fitted and moves on only then.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_{text} {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
    [[nodiscard]] std::string_view rest() const { return rest_; }
    bool skip(char wanted) {
        if (peek() != wanted) return false;
        rest_.remove_prefix(1);
        return true;
    }
    std::string_view digits() {
        std::size_t count = 0;
        while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') ++count;
        const auto found = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return found;
    }
    std::optional<unsigned> two_digits() {
        const auto found = digits();
        if (found.size() != 2) return std::nullopt;
        return static_cast<unsigned>((found[0] - '0') * 10 + (found[1] - '0'));
    }

private:
    std::string_view rest_;
};

std::optional<std::int64_t> number(std::string_view digits) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

/// `.123` as nanoseconds; finer digits are dropped, since time is kept to the nanosecond.
std::optional<std::uint32_t> fraction(Reader& in) {
    if (!in.skip('.')) return 0;
    auto digits = std::string{in.digits()};
    if (digits.empty()) return std::nullopt;
    digits.resize(9, '0');
    return static_cast<std::uint32_t>(*number(digits));
}

std::optional<Date> date(Reader& in) {
    const bool negative = in.skip('-');
    const auto year_digits = in.digits();
    if (year_digits.size() < 4 || year_digits.size() > 9) return std::nullopt;
    if (year_digits.size() > 4 && year_digits.front() == '0') return std::nullopt;
    const auto year = static_cast<std::int32_t>(*number(year_digits));
    if (!in.skip('-')) return std::nullopt;
    const auto month = in.two_digits();
    if (!month || !in.skip('-')) return std::nullopt;
    const auto day = in.two_digits();
    if (!day) return std::nullopt;
    const Date result{negative ? -year : year, static_cast<std::uint8_t>(*month), static_cast<std::uint8_t>(*day)};
    if (!calendar::is_valid(result)) return std::nullopt;
    return result;
}

std::optional<Zone> offset(Reader& in) {
    const bool negative = in.peek() == '-';
    if (!in.skip('-') && !in.skip('+')) return std::nullopt;
    const auto hours = in.two_digits();
    if (!hours || !in.skip(':')) return std::nullopt;
    const auto minutes = in.two_digits();
    if (!minutes || *minutes > 59) return std::nullopt;
    std::optional<unsigned> seconds = 0u;
    if (in.skip(':')) seconds = in.two_digits();
    if (!seconds || *seconds > 59) return std::nullopt;
    const auto total = static_cast<std::int32_t>(*hours * 3600 + *minutes * 60 + *seconds);
    if (total > max_offset) return std::nullopt;
    return UtcOffset{negative ? -total : total};
}

std::optional<Zone> zone(Reader& in) {
    if (in.at_end()) return Zone{};
    if (in.skip('Z') || in.skip('z')) return in.at_end() ? std::optional<Zone>{UtcOffset{}} : std::nullopt;
    if (in.skip('@')) {
        if (!calendar::zone_exists(in.rest())) return std::nullopt;
        return ZoneName{std::string{in.rest()}};
    }
    auto found = offset(in);
    return in.at_end() ? found : std::nullopt;
}

struct Clock {
    Time time;
    bool next_day = false;   // 24:00:00 is the midnight that ends the day (XML Schema 1.1 part 2, 3.3.8)
};

std::optional<Clock> clock(Reader& in) {
    const auto hour = in.two_digits();
    if (!hour || !in.skip(':')) return std::nullopt;
    const auto minute = in.two_digits();
    if (!minute || !in.skip(':')) return std::nullopt;
    const auto second = in.two_digits();
    if (!second) return std::nullopt;
    const auto nanosecond = fraction(in);
    if (!nanosecond || *minute > 59 || *second > 59) return std::nullopt;
    const bool midnight_at_end = *hour == 24 && *minute == 0 && *second == 0 && *nanosecond == 0;
    if (*hour > 23 && !midnight_at_end) return std::nullopt;
    auto where = zone(in);
    if (!where) return std::nullopt;
    return Clock{{static_cast<std::uint8_t>(midnight_at_end ? 0 : *hour), static_cast<std::uint8_t>(*minute),
                  static_cast<std::uint8_t>(*second), *nanosecond, std::move(*where)},
                 midnight_at_end};
}

/// `total += count * unit`, or false where 64 bits do not hold it.
bool accumulate(std::int64_t& total, std::string_view digits, std::int64_t unit) {
    const auto count = number(digits);
    std::int64_t product = 0;
    return count && !__builtin_mul_overflow(*count, unit, &product) && !__builtin_add_overflow(total, product, &total);
}

/// The parts of `1D2H...` in their order; `units` gives letter and size, each at most once.
struct Unit {
    char letter;
    std::int64_t size;
};
template <std::size_t N>
bool parts(Reader& in, const Unit (&units)[N], std::int64_t& total, std::int32_t* nanoseconds, bool& any) {
    std::size_t next = 0;
    while (in.peek() >= '0' && in.peek() <= '9') {
        const auto digits = in.digits();
        if (in.peek() == '.') {
            if (!nanoseconds) return false;
            const auto part = fraction(in);
            if (!part || in.peek() != 'S') return false;
            *nanoseconds = static_cast<std::int32_t>(*part);
        }
        while (next < N && units[next].letter != in.peek()) ++next;
        if (next == N || !accumulate(total, digits, units[next].size)) return false;
        in.skip(units[next++].letter);
        any = true;
    }
    return true;
}

void append_padded(std::string& out, std::int64_t value, std::size_t width) {
    const auto digits = std::to_string(value);
    out.append(digits.size() < width ? width - digits.size() : 0, '0').append(digits);
}

void append_fraction(std::string& out, std::int64_t nanoseconds) {
    if (nanoseconds == 0) return;
    std::string digits;
    append_padded(digits, nanoseconds, 9);
    digits.erase(digits.find_last_not_of('0') + 1);
    out.append(1, '.').append(digits);
}

void append_zone(std::string& out, const Zone& zone) {
    if (const auto* name = std::get_if<ZoneName>(&zone)) out.append(1, '@').append(name->name);
    const auto* offset = std::get_if<UtcOffset>(&zone);
    if (!offset) return;
    if (offset->seconds == 0) {
        out.push_back('Z');
        return;
    }
    const auto seconds = offset->seconds < 0 ? -offset->seconds : offset->seconds;
    out.push_back(offset->seconds < 0 ? '-' : '+');
    append_padded(out, seconds / 3600, 2);
    out.push_back(':');
    append_padded(out, seconds / 60 % 60, 2);
    if (seconds % 60 == 0) return;
    out.push_back(':');
    append_padded(out, seconds % 60, 2);
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
    Reader in{text};
    const auto result = date(in);
    return in.at_end() ? result : std::nullopt;
}

std::optional<Time> parse_time(std::string_view text) {
    Reader in{text};
    auto result = clock(in);
    if (!result) return std::nullopt;
    return std::move(result->time);
}

std::optional<DateTime> parse_date_time(std::string_view text) {
    Reader in{text};
    const auto day = date(in);
    if (!day) return std::nullopt;
    if (in.at_end()) return DateTime{*day, {}};
    if (!in.skip('T')) return std::nullopt;
    auto time = clock(in);
    if (!time) return std::nullopt;
    if (!time->next_day) return DateTime{*day, std::move(time->time)};
    const auto next = calendar::from_days(calendar::to_days(*day) + 1);
    if (!next) return std::nullopt;
    return DateTime{*next, std::move(time->time)};
}

std::optional<DaysDuration> parse_days_duration(std::string_view text) {
    Reader in{text};
    const bool negative = in.skip('-');
    if (!in.skip('P')) return std::nullopt;
    DaysDuration result;
    bool any = false;
    if (!parts(in, {{'D', 86400}}, result.seconds, nullptr, any)) return std::nullopt;
    if (in.skip('T')) {
        any = false;
        if (!parts(in, {{'H', 3600}, {'M', 60}, {'S', 1}}, result.seconds, &result.nanoseconds, any)) return std::nullopt;
    }
    if (!any || !in.at_end()) return std::nullopt;
    if (negative) result = {-result.seconds, -result.nanoseconds};
    return result;
}

std::optional<MonthsDuration> parse_months_duration(std::string_view text) {
    Reader in{text};
    const bool negative = in.skip('-');
    if (!in.skip('P')) return std::nullopt;
    MonthsDuration result;
    bool any = false;
    if (!parts(in, {{'Y', 12}, {'M', 1}}, result.months, nullptr, any) || !any || !in.at_end()) return std::nullopt;
    if (negative) result.months = -result.months;
    return result;
}

std::string to_string(const Date& date) {
    std::string out = date.year < 0 ? "-" : "";
    append_padded(out, date.year < 0 ? -std::int64_t{date.year} : date.year, 4);
    out.push_back('-');
    append_padded(out, date.month, 2);
    out.push_back('-');
    append_padded(out, date.day, 2);
    return out;
}

std::string to_string(const Time& time) {
    std::string out;
    append_padded(out, time.hour, 2);
    out.push_back(':');
    append_padded(out, time.minute, 2);
    out.push_back(':');
    append_padded(out, time.second, 2);
    append_fraction(out, time.nanosecond);
    append_zone(out, time.zone);
    return out;
}

std::string to_string(const DateTime& at) { return to_string(at.date) + "T" + to_string(at.time); }

std::string to_string(const DaysDuration& duration) {
    if (duration.seconds == 0 && duration.nanoseconds == 0) return "PT0S";
    const bool negative = duration.seconds < 0 || duration.nanoseconds < 0;
    // Unsigned, so that the most negative number has a magnitude.
    const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(duration.seconds) : static_cast<std::uint64_t>(duration.seconds);
    const auto nanoseconds = duration.nanoseconds < 0 ? -std::int64_t{duration.nanoseconds} : duration.nanoseconds;
    std::string out = negative ? "-P" : "P";
    const auto append = [&out](std::uint64_t count, char unit) {
        if (count != 0) out.append(std::to_string(count)).push_back(unit);
    };
    append(magnitude / 86400, 'D');
    if (magnitude % 86400 == 0 && nanoseconds == 0) return out;
    out.push_back('T');
    append(magnitude / 3600 % 24, 'H');
    append(magnitude / 60 % 60, 'M');
    if (magnitude % 60 == 0 && nanoseconds == 0) return out;
    out += std::to_string(magnitude % 60);
    append_fraction(out, nanoseconds);
    out.push_back('S');
    return out;
}

std::string to_string(const MonthsDuration& duration) {
    if (duration.months == 0) return "P0M";
    const bool negative = duration.months < 0;
    const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(duration.months) : static_cast<std::uint64_t>(duration.months);
    std::string out = negative ? "-P" : "P";
    if (magnitude / 12 != 0) out.append(std::to_string(magnitude / 12)).push_back('Y');
    if (magnitude % 12 != 0) out.append(std::to_string(magnitude % 12)).push_back('M');
    return out;
}

std::string to_string(Instant instant) {
    const auto milliseconds = instant.time_since_epoch().count();
    const auto day = milliseconds / 86'400'000 - (milliseconds % 86'400'000 < 0 ? 1 : 0);
    const auto in_day = milliseconds - day * 86'400'000;
    std::string out = to_string(calendar::from_days(day).value_or(Date{})) + "T";
    append_padded(out, in_day / 3'600'000, 2);
    out.push_back(':');
    append_padded(out, in_day / 60'000 % 60, 2);
    out.push_back(':');
    append_padded(out, in_day / 1000 % 60, 2);
    out.push_back('.');
    append_padded(out, in_day % 1000, 3);
    out.push_back('Z');
    return out;
}

}  // namespace kontor
