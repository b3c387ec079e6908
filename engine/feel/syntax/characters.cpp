#include "feel/syntax/characters.hpp"

#include "value/utf8.hpp"

#include <algorithm>

namespace kontor::feel {

CodePoint code_point(std::string_view text, std::size_t offset) noexcept {
    if (offset >= text.size()) return {};
    const auto lead = static_cast<unsigned char>(text[offset]);
    if (lead < 0x80) return {lead, 1};
    const auto [code, length] = utf8::character(text, offset);
    return length == 0 ? CodePoint{lead, 1} : CodePoint{code, length};
}

void append_utf8(std::string& out, char32_t c) {
    if (c < 0x80) {
        out.push_back(static_cast<char>(c));
    } else if (c < 0x800) {
        out.push_back(static_cast<char>(0xC0 | (c >> 6)));
        out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        out.push_back(static_cast<char>(0xE0 | (c >> 12)));
        out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3F)));
        out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
    } else {
        out.push_back(static_cast<char>(0xF0 | (c >> 18)));
        out.push_back(static_cast<char>(0x80 | ((c >> 12) & 0x3F)));
        out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3F)));
        out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
    }
}

std::size_t length(std::string_view utf8) noexcept {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_space(char32_t c) noexcept {
    return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 || c == 0x180E || (c >= 0x2000 && c <= 0x200B) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

bool is_name_start(char32_t c) noexcept {
    if (c < 0x80) return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
    return c >= 0xC0 && c != 0xD7 && c != 0xF7 && !is_space(c);
}

bool is_name_part(char32_t c) noexcept { return is_name_start(c) || (c >= '0' && c <= '9') || c == 0xB7; }

bool is_keyword(std::string_view word) noexcept {
    constexpr std::string_view keywords[] = {"and", "between", "else", "every", "external", "false", "for", "function", "if", "in", "instance",
                                             "null", "of", "or", "return", "satisfies", "some", "then", "true"};
    return std::binary_search(std::begin(keywords), std::end(keywords), word);
}

bool is_plain_name(std::string_view name) noexcept {
    std::size_t at = 0;
    for (auto c = code_point(name, at); c.length; at += c.length, c = code_point(name, at))
        if (!(at == 0 ? is_name_start(c.value) : is_name_part(c.value))) return false;
    return !name.empty() && !is_keyword(name);
}

std::string normalized_name(std::string_view text) {
    std::string name;
    bool space = false;
    std::size_t at = 0;
    for (auto c = code_point(text, at); c.length; at += c.length, c = code_point(text, at)) {
        if (is_space(c.value)) {
            space = !name.empty();
            continue;
        }
        if (space) name.push_back(' ');
        space = false;
        name.append(text.substr(at, c.length));
    }
    return name;
}

}  // namespace kontor::feel
