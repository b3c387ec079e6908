#pragma once
/// Our own tree of a YAML document: what the readers walk. No type of the YAML library appears in it.
#include "yaml/tree/text.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::yaml {

struct Entry;

struct Node {
    enum class Kind : std::uint8_t { null, scalar, list, map };
    /// How a scalar is written: plain text, quoted, or a block (`|`, `>`).
    enum class Style : std::uint8_t { plain, single_quoted, double_quoted, block };

    Kind kind = Kind::null;
    Style style = Style::plain;
    bool in_brackets = false;       ///< a list or map written as [] or {}; a scalar directly inside one
    bool broken = false;            ///< an error about it has been reported: readers stay silent
    std::uint32_t offset = 0;       ///< of its first byte
    Position position;
    std::string text;               ///< of a scalar
    std::vector<Node> items;        ///< of a list
    std::vector<Entry> entries;     ///< of a map; keys are scalars and unique

    [[nodiscard]] bool is_scalar() const noexcept { return kind == Kind::scalar; }
    [[nodiscard]] bool is_list() const noexcept { return kind == Kind::list; }
    [[nodiscard]] bool is_map() const noexcept { return kind == Kind::map; }
    [[nodiscard]] bool is_null() const noexcept { return kind == Kind::null; }
    [[nodiscard]] bool is_plain() const noexcept { return kind == Kind::scalar && style == Style::plain; }
    [[nodiscard]] const Entry* find(std::string_view key) const noexcept;
};

struct Entry {
    Node key;
    Node value;
};

/// What a node is, in a message: `a list`, `a mapping`, `the text "x"`.
std::string describe(const Node&);
/// Where character `index` (in bytes) of a scalar's text stands in the source.
Position position_in(const Text&, const Node& scalar, std::size_t index);
/// The offset in the source of the first byte behind a plain scalar.
std::size_t end_of_plain(const Text&, const Node& scalar);

}  // namespace kontor::yaml
