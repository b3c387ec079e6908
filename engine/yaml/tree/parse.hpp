#pragma once
/// Text to tree, in bounded time and memory. The only use of the YAML library stands in parse.cpp.
#include "yaml/problems.hpp"
#include "yaml/tree/node.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kontor::yaml {

/// What one file may be. Real process files have some ten kilobytes; a limit that is passed is an error, never a slow answer.
/// The worst
/// text of this size that is known takes 0.5 s and 250 MB: the parser keeps all tokens behind an open bracket.
struct Limits {
    std::size_t bytes = 2u << 20;
    std::size_t depth = 64;
    std::size_t events = 200'000;   ///< scalars, and beginnings and ends of lists and mappings
};

struct Document {
    Text text;
    Node root;
};

/// Checks of the raw text: size, UTF-8, control characters. False after a report. Costs at most one pass over `limits.bytes`.
bool guard(std::string_view content, const Limits& limits, Problems& problems);
/// Reads one document. Refuses what makes YAML ambiguous or dangerous: anchors, aliases, tags, merge keys, duplicate keys, keys
/// that are
/// no text, a second document, passed limits. Nothing after a report that leaves no usable tree.
std::optional<Document> parse(std::string_view content, Problems& problems, const Limits& limits = {});

}  // namespace kontor::yaml
