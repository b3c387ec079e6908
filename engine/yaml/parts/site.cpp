#include "yaml/parts/site.hpp"

#include "value/temporal_text.hpp"

#include <algorithm>
#include <charconv>

namespace kontor::yaml {

namespace {

void report_ambiguous(const Site& site, const Node& node) {
    site.error(node, "ambiguous-scalar", quoted(node.text) + " means different things in different versions of YAML",
               "quote it, '" + node.text + "', or write true, false, null or a plain number");
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_kebab(std::string_view id) {
    if (id.empty() || id.back() == '-' || id.find("--") != id.npos || !(id.front() >= 'a' && id.front() <= 'z')) return false;
    return std::ranges::all_of(id, [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; });
}

/// checkCredit, Check_Credit -> check-credit
std::string to_kebab(std::string_view id) {
    std::string kebab;
    for (const char c : id) {
        const bool upper = c >= 'A' && c <= 'Z';
        const bool separator = !is_letter(c) && !is_digit(c);
        if ((upper || separator) && !kebab.empty() && kebab.back() != '-') kebab += '-';
        if (!separator) kebab += upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
    while (!kebab.empty() && kebab.back() == '-') kebab.pop_back();
    return kebab;
}

std::string to_camel(std::string_view name) {
    std::string camel;
    bool upper = false;
    for (const char c : name) {
        if (is_letter(c) || (is_digit(c) && !camel.empty()) || c == '_') {
            camel += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
            upper = false;
        } else {
            upper = !camel.empty();
        }
    }
    return camel;
}

/// P2BD: two banking days.
bool is_business_days(std::string_view text) {
    return text.size() > 3 && text.starts_with('P') && text.ends_with("BD")
        && std::ranges::all_of(text.substr(1, text.size() - 3), is_digit);
}

}  // namespace

std::optional<std::string> read_text(const Site& site, const Node& node, std::string_view what) {
    if (!node.is_scalar()) return site.wanted(what, "a text", node), std::nullopt;
    switch (spelling(node)) {
        case Spelling::text: break;
        case Spelling::ambiguous: return report_ambiguous(site, node), std::nullopt;
        case Spelling::expression:
            return site.error(node, "expression-misplaced", quoted(what) + " is a fixed text: an expression cannot stand here"),
                std::nullopt;
        default: return site.wanted(what, "a text", node, "quote it, '" + node.text + "'"), std::nullopt;
    }
    if (node.text.empty()) return site.error(node, "wrong-type", quoted(what) + " is empty"), std::nullopt;
    return node.text;
}

std::vector<std::string> read_texts(const Site& site, const Node& node, std::string_view what) {
    std::vector<std::string> texts;
    if (node.is_list()) {
        for (const Node& item : node.items)
            if (auto text = read_text(site, item, what)) texts.push_back(std::move(*text));
    } else if (node.is_scalar()) {
        if (auto text = read_text(site, node, what)) texts.push_back(std::move(*text));
    } else {
        site.wanted(what, "a text or a list of texts", node);
    }
    return texts;
}

std::optional<bool> read_flag(const Site& site, const Node& node, std::string_view what) {
    if (node.is_scalar() && spelling(node) == Spelling::boolean) return node.text == "true";
    site.wanted(what, "true or false", node);
    return std::nullopt;
}

bool read_yes(const Site& site, const Node& node, std::string_view what) {
    if (node.is_scalar() && spelling(node) == Spelling::boolean && node.text == "true") return true;
    site.wanted(what, "true", node, "write true, or leave the key out");
    return false;
}

std::optional<std::uint32_t> read_count(const Site& site, const Node& node, std::string_view what, std::uint32_t least) {
    std::uint32_t count = 0;
    const char* end = node.text.data() + node.text.size();
    const auto [stop, error] = std::from_chars(node.text.data(), end, count);
    const bool is_number = node.is_scalar() && spelling(node) == Spelling::number;
    if (is_number && error == std::errc{} && stop == end && count >= least && count <= 1'000'000'000) return count;
    site.wanted(what, "a whole number from " + std::to_string(least), node);
    return std::nullopt;
}

std::optional<Duration> read_duration(const Site& site, const Node& node, std::string_view what) {
    if (node.is_scalar() && is_business_days(node.text)) {
        site.error(node, "not-supported-yet", "banking days (" + quoted(node.text) + ") are not supported by this version yet",
            "write days, for example P2D");
        return std::nullopt;
    }
    const auto text = node.is_scalar() && !is_expression(node) ? parse_days_duration(node.text) : std::nullopt;
    constexpr std::int64_t longest_seconds = 100LL * 366 * 86'400;
    if (text && text->seconds >= 0 && text->nanoseconds >= 0 && text->seconds <= longest_seconds)
        return std::chrono::seconds{text->seconds} + std::chrono::milliseconds{text->nanoseconds / 1'000'000};
    const bool months = node.is_scalar() && parse_months_duration(node.text);
    site.wanted(what, "a duration such as PT30S, PT2M or P1D", node,
        months ? "months and years differ in length: write days" : "ISO 8601: P, days, T, hours, minutes, seconds");
    return std::nullopt;
}

std::optional<std::string> read_id(const Site& site, const Node& node, std::string_view what) {
    auto text = read_text(site, node, what);
    if (!text) return std::nullopt;
    const bool fits = (is_letter(text->front()) || text->front() == '_') &&
                      std::ranges::all_of(*text, [](char c) {
                          return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.'; });
    const std::string kebab = to_kebab(*text);
    const std::string hint = kebab.empty() ? "ids are kebab-case, for example check-credit" : "write " + quoted(kebab);
    if (!fits || text->size() > 200) {
        site.error(node, "invalid-id", quoted(*text) + " is no id: ids are made of letters, digits and `-`", hint);
        return std::nullopt;
    }
    if (!is_kebab(*text)) site.problems.warning(node.position, "id-style", "ids are kebab-case, " + quoted(*text) + " is not",
        hint);
    return text;
}

bool check_name(const Site& site, const Node& node, std::string_view what) {
    const bool fits = !node.text.empty() && node.text.size() <= 200
        && (is_letter(node.text.front()) || node.text.front() == '_') &&
                      std::ranges::all_of(node.text, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
    if (node.is_plain() && spelling(node) != Spelling::text) {
        report_ambiguous(site, node);
        return false;
    }
    if (fits) return true;
    const std::string camel = to_camel(node.text);
    const bool path = node.text.find('.') != node.text.npos;
    site.error(node, "invalid-name", quoted(node.text) + " cannot be the name of a " + std::string{what}
        + (path ? ": a target is a variable, never a path into one" : ""),
               camel.empty() || path ? "names are camelCase: letters, digits and _"
                   : "FEEL would read it as a calculation: write " + quoted(camel));
    return false;
}

}  // namespace kontor::yaml
