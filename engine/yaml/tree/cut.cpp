#include "yaml/tree/cut.hpp"

#include <algorithm>

namespace kontor::yaml {

bool is_left_open(std::string_view expression) {
    int depth = 0;
    bool in_quotes = false;
    for (std::size_t i = 0; i < expression.size(); ++i) {
        const char c = expression[i];
        if (in_quotes && c == '\\') ++i;
        else if (c == '"') in_quotes = !in_quotes;
        else if (in_quotes) continue;
        else if (c == '(' || c == '[' || c == '{') ++depth;
        else if (c == ')' || c == ']' || c == '}') --depth;
    }
    return in_quotes || depth > 0;
}

namespace {

bool is_space(char c) { return c == ' ' || c == '\t'; }

void report_cut(Position at, std::string_view text, std::string_view cutter, Problems& problems) {
    problems.error(at, "expression-cut-by-yaml",
                   "YAML ends this expression at `" + std::string{cutter} + "` and leaves " + quoted(text),
                   "put the whole expression in single quotes, '= ...', or behind `>-`");
}

/// The character that ended a plain scalar, as people see it; empty if nothing did.
std::string_view cutter_behind(const Text& text, std::size_t end) {
    std::size_t at = end;
    while (is_space(text.at(at))) ++at;
    if (text.at(at) == '#' && at > end) return " #";
    if (text.at(at) == ':') return ": ";
    constexpr std::string_view marks = ",[]{}";
    const auto found = marks.find(text.at(at));
    return text.at(at) == '\0' || found == marks.npos ? std::string_view{} : marks.substr(found, 1);
}

bool is_cut(const Text& text, const Node& node) {
    return node.is_plain() && node.text.starts_with('=') && is_left_open(node.text)
        && !cutter_behind(text, end_of_plain(text, node)).empty();
}

/// A cut in `{}` turns what follows into keys without values: they are part of the expression.
void drop_rests(Node& map, std::size_t first) {
    const auto rests = std::remove_if(map.entries.begin() + static_cast<std::ptrdiff_t>(first), map.entries.end(),
                                      [](const Entry& e) { return e.value.is_null(); });
    map.entries.erase(rests, map.entries.end());
}

void report_cuts_in_list(const Text& text, Node& list, Problems& problems) {
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        report_cuts(text, list.items[i], problems);
        if (list.items[i].broken && list.in_brackets) {
            list.items.resize(i + 1);   // the other items are its rest
            return;
        }
    }
}

void report_cuts_in_map(const Text& text, Node& map, Problems& problems) {
    for (std::size_t i = 0; i < map.entries.size(); ++i) {
        Entry& entry = map.entries[i];
        if (entry.key.is_plain() && entry.key.text.starts_with('=')) {
            const bool colon = !entry.value.is_null();
            report_cut(entry.key.position, entry.key.text, colon ? ": " : ",", problems);
            map.broken = entry.value.broken = true;
            continue;
        }
        report_cuts(text, entry.value, problems);
        if (entry.value.broken && map.in_brackets) drop_rests(map, i + 1);
    }
}

}  // namespace

void report_cuts(const Text& text, Node& node, Problems& problems) {
    if (node.is_list()) return report_cuts_in_list(text, node, problems);
    if (node.is_map()) return report_cuts_in_map(text, node, problems);
    if (!is_cut(text, node)) return;
    report_cut(node.position, node.text, cutter_behind(text, end_of_plain(text, node)), problems);
    node.broken = true;
}

bool report_cut_syntax(const Text& text, std::size_t offset, std::size_t last_expression, bool in_brackets, Problems& problems) {
    // The parser stops at or soon behind the character that cut; its last expression, or one earlier in this line, is the victim.
    const std::size_t line = text.line_start(offset);
    const std::string_view before = text.content().substr(line, offset - line);
    std::size_t start = last_expression;
    if (start == static_cast<std::size_t>(-1) || start < line) {
        start = before.npos;
        for (const std::string_view opening : {": =", "- =", "[=", "{=", "[ =", "{ =", ", ="})
            if (const auto found = before.rfind(opening); found != before.npos) start = line + before.find('=', found);
    }
    if (start == before.npos || start >= offset) return false;
    std::size_t end = start;
    const auto is_mark = [&](char c) { return in_brackets && std::string_view{",[]{}"}.find(c) != std::string_view::npos; };
    while (end < offset && text.at(end) != '\n' && !is_mark(text.at(end)) &&
           !(text.at(end) == ':' && is_space(text.at(end + 1))) && !(text.at(end) == '#' && is_space(text.at(end - 1))))
        ++end;
    std::string_view left = text.content().substr(start, end - start);
    while (!left.empty() && is_space(left.back())) left.remove_suffix(1);
    const std::string_view cutter = cutter_behind(text, end);
    if (cutter.empty()) return false;
    report_cut(text.position(start), left, cutter, problems);
    return true;
}

}  // namespace kontor::yaml
