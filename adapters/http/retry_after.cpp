#include "http/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace kontor::http_client {

namespace {

using namespace std::chrono_literals;
constexpr Duration shortest = 1s, longest = 24h;
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`: every part has its place.
std::optional<Instant> parse_http_date(std::string_view text) {
    if (text.size() != 29 || text.substr(3, 2) != ", " || text[19] != ':' || text[22] != ':' || !text.ends_with(" GMT")) return std::nullopt;
    const auto day = number(text.substr(5, 2)), year = number(text.substr(12, 4));
    const auto hour = number(text.substr(17, 2)), minute = number(text.substr(20, 2)), second = number(text.substr(23, 2));
    const auto month = std::ranges::find(months, text.substr(8, 3));
    if (!day || !year || !hour || !minute || !second || month == months.end()) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(month - months.begin() + 1)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    return std::chrono::sys_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second};
}

}  // namespace

std::optional<Duration> parse_retry_after(std::string_view text, Instant now) {
    if (!text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
        const auto seconds = number(text);   // nothing: more than an int holds
        return seconds ? std::clamp<Duration>(std::chrono::seconds{*seconds}, shortest, longest) : longest;
    }
    const auto until = parse_http_date(text);
    if (!until) return std::nullopt;
    return std::clamp<Duration>(*until - now, shortest, longest);
}

}  // namespace kontor::http_client
