#include "cli/console.hpp"

#include "value/utf8.hpp"

#include <array>
#include <cstdio>
#include <utility>

namespace kontor::cli {
namespace {

struct Character {
    char32_t code = 0xFFFD;
    std::size_t bytes = 1;
    bool valid = false;
};

/// The character at the beginning of a text that is not empty; U+FFFD, one byte and not valid if it is none.
Character first_character(std::string_view text) {
    const auto [code, length] = utf8::character(text, 0);
    return length == 0 ? Character{} : Character{code, length, true};
}

bool steers(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

std::size_t columns_of(char32_t c) {
    constexpr std::array<std::pair<char32_t, char32_t>, 6> combining{
        {{0x300, 0x36F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0x1AB0, 0x1AFF}}};
    constexpr std::array<std::pair<char32_t, char32_t>, 8> wide{{{0x1100, 0x115F}, {0x2E80, 0xA4CF}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},
                                                                 {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}}};
    for (const auto& [from, to] : combining)
        if (c >= from && c <= to) return 0;
    for (const auto& [from, to] : wide)
        if (c >= from && c <= to) return 2;
    return 1;
}

std::string_view code_of(Style style) {
    switch (style) {
        case Style::plain: return "";
        case Style::bold: return "\033[1m";
        case Style::faint: return "\033[2m";
        case Style::good: return "\033[32m";
        case Style::bad: return "\033[31m";
        case Style::warning: return "\033[33m";
        case Style::person: return "\033[36m";
    }
    return "";
}

}  // namespace

std::string Output::styled(Style style, std::string_view text) const {
    if (!colours || style == Style::plain || text.empty()) return std::string{text};
    return std::string{code_of(style)}.append(text).append("\033[0m");
}

std::string printable(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const Character c = first_character(text);
        if (!c.valid) result += "\uFFFD";
        else if (steers(c.code)) {
            std::array<char, 16> escape{};
            std::snprintf(escape.data(), escape.size(), "\\u{%02X}", static_cast<unsigned>(c.code));
            result += escape.data();
        } else result += text.substr(0, c.bytes);
        text.remove_prefix(c.bytes);
    }
    return result;
}

std::size_t width(std::string_view text) {
    std::size_t columns = 0;
    while (!text.empty()) {
        const Character c = first_character(text);
        columns += columns_of(c.code);
        text.remove_prefix(c.bytes);
    }
    return columns;
}

std::string shortened(std::string_view text, std::size_t columns) {
    if (width(text) <= columns) return std::string{text};
    std::string result;
    std::size_t used = 0;
    for (std::string_view rest = text; !rest.empty();) {
        const Character c = first_character(rest);
        if (used + columns_of(c.code) + 1 > columns) break;
        used += columns_of(c.code);
        result += rest.substr(0, c.bytes);
        rest.remove_prefix(c.bytes);
    }
    return result + "…";
}

std::string padded(std::string_view text, std::size_t columns, bool right) {
    const std::size_t used = width(text);
    const std::string space(columns > used ? columns - used : 0, ' ');
    return right ? space + std::string{text} : std::string{text} + space;
}

}  // namespace kontor::cli
