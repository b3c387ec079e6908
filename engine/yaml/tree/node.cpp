#include "yaml/tree/node.hpp"

#include "yaml/problems.hpp"

#include <algorithm>

namespace kontor::yaml {

const Entry* Node::find(std::string_view wanted) const noexcept {
    const auto found = std::ranges::find(entries, wanted, [](const Entry& e) -> std::string_view { return e.key.text; });
    return found == entries.end() ? nullptr : &*found;
}

std::string describe(const Node& node) {
    switch (node.kind) {
        case Node::Kind::null: return "nothing";
        case Node::Kind::list: return "a list";
        case Node::Kind::map: return "a mapping";
        case Node::Kind::scalar: break;
    }
    return quoted(node.text);
}

namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// The first byte of a scalar's content: behind the quote, or behind the line of `|`.
std::size_t content_start(const Text& text, const Node& scalar) {
    if (scalar.style == Node::Style::plain) return scalar.offset;
    if (scalar.style != Node::Style::block) return scalar.offset + 1;
    std::size_t at = scalar.offset;
    while (text.at(at) != '\n' && text.at(at) != '\0') ++at;
    while (is_space(text.at(at))) ++at;
    return at;
}

/// Walks source and text side by side. Folding and indentation turn one run of white space into another, so such runs match
/// as wholes; an escape ends the walk, which then gives the nearest place known.
std::size_t offset_in(const Text& source, const Node& scalar, std::size_t index) {
    std::size_t at = content_start(source, scalar);
    for (std::size_t i = 0; i < std::min(index, scalar.text.size());) {
        if (is_space(scalar.text[i])) {
            while (i < index && i < scalar.text.size() && is_space(scalar.text[i])) ++i;
            if (i == index && scalar.style == Node::Style::plain && i < scalar.text.size() && is_space(scalar.text[i])) return at;
            while (is_space(source.at(at))) ++at;
            continue;
        }
        if (source.at(at) != scalar.text[i]) return at;
        at += scalar.style == Node::Style::single_quoted && scalar.text[i] == '\'' ? 2 : 1;
        ++i;
    }
    return at;
}

}  // namespace

Position position_in(const Text& source, const Node& scalar, std::size_t index) {
    return source.position(offset_in(source, scalar, index));
}

std::size_t end_of_plain(const Text& source, const Node& scalar) { return offset_in(source, scalar, scalar.text.size()); }

}  // namespace kontor::yaml
