/// Which YAML versions agree on a spelling, and which do not.
#include "yaml/parts/site.hpp"

#include <algorithm>
#include <array>

namespace kontor::yaml {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string lower(std::string_view text) {
    std::string result{text};
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return result;
}

/// A number by the grammar of JSON (RFC 8259, 6).
bool is_json_number(std::string_view text) {
    std::size_t at = 0;
    const auto digits = [&] {
        const std::size_t first = at;
        while (at < text.size() && is_digit(text[at])) ++at;
        return at > first;
    };
    if (at < text.size() && text[at] == '-') ++at;
    if (at + 1 < text.size() && text[at] == '0' && is_digit(text[at + 1])) return false;
    if (!digits()) return false;
    if (at < text.size() && text[at] == '.' && (++at, !digits())) return false;
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
        if (!digits()) return false;
    }
    return at == text.size();
}

/// 2026-03-01, alone or with a time behind it: a time stamp in YAML 1.1.
bool is_date(std::string_view text) {
    constexpr std::string_view form = "dddd-dd-dd";
    if (text.size() < form.size()) return false;
    for (std::size_t i = 0; i < form.size(); ++i)
        if (form[i] == 'd' ? !is_digit(text[i]) : text[i] != form[i]) return false;
    if (text.size() == form.size()) return true;
    const std::string_view rest = text.substr(form.size() + 1);
    const char separator = text[form.size()];
    return (separator == 'T' || separator == 't' || separator == ' ') && rest.size() >= 5 && is_digit(rest[0]) &&
           std::ranges::all_of(rest, [](char c) { return is_digit(c)
               || std::string_view{":.+-Z "}.find(c) != std::string_view::npos; });
}

/// Numbers of YAML 1.1 or 1.2 that are none in JSON: 01067, 1_000, 0x1F, 0o17, 12:30, .5, 5., +1, .inf, .nan.
bool is_other_number(std::string_view text) {
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    const std::string small = lower(text);
    if (small == ".inf" || small == ".nan") return true;
    if (text.starts_with('.')) return text.size() > 1 && is_digit(text[1])
        && std::ranges::all_of(text.substr(1), [](char c) {
            return is_digit(c) || c == '_' || c == 'e' || c == 'E' || c == '+' || c == '-'; });
    if (text.empty() || !is_digit(text.front())) return false;
    if (small.starts_with("0x") || small.starts_with("0o") || small.starts_with("0b"))
        return small.size() > 2 && std::ranges::all_of(small.substr(2),
            [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || c == '_'; });
    return std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '_' || c == ':' || c == '.'; }) &&
           std::ranges::count(text, '.') <= 1;
}

bool is_other_word(std::string_view text) {
    constexpr std::array<std::string_view, 7> words{"yes", "no", "on", "off", "true", "false", "null"};
    return text == "~" || (text.size() <= 5 && std::ranges::find(words, lower(text)) != words.end());
}

}  // namespace

Spelling spelling(const Node& node) {
    if (!node.is_scalar()) return node.is_null() ? Spelling::null : Spelling::text;
    if (node.text.starts_with('=')) return Spelling::expression;
    if (!node.is_plain()) return Spelling::text;
    if (node.text == "null") return Spelling::null;
    if (node.text == "true" || node.text == "false") return Spelling::boolean;
    if (is_json_number(node.text)) return Spelling::number;
    if (is_date(node.text)) return Spelling::date;
    if (is_other_word(node.text) || is_other_number(node.text)) return Spelling::ambiguous;
    return Spelling::text;
}

bool is_expression(const Node& node) { return node.is_scalar() && node.text.starts_with('='); }

bool contains_expression(const Node& node) {
    return is_expression(node) || std::ranges::any_of(node.items, contains_expression) ||
           std::ranges::any_of(node.entries, [](const Entry& e) { return contains_expression(e.value); });
}

}  // namespace kontor::yaml
