#pragma once
/// A source text and its lines: turns byte offsets into the lines and columns that people count.
#include "model/element.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kontor::yaml {

using model::Position;

/// Immutable. Lines end with LF or CR LF. Columns count characters (code points), not bytes.
class Text {
public:
    explicit Text(std::string content);
    [[nodiscard]] std::string_view content() const noexcept { return content_; }
    /// The byte at `offset`, or 0 behind the end (no text that is accepted contains a 0).
    [[nodiscard]] char at(std::size_t offset) const noexcept { return offset < content_.size() ? content_[offset] : '\0'; }
    [[nodiscard]] Position position(std::size_t offset) const noexcept;
    /// The whole line of `offset`, without its end.
    [[nodiscard]] std::string_view line_of(std::size_t offset) const noexcept;
    [[nodiscard]] std::size_t line_start(std::size_t offset) const noexcept;

private:
    [[nodiscard]] std::size_t continuation_bytes_before(std::size_t offset) const noexcept;

    std::string content_;
    std::vector<std::size_t> line_starts_;
    std::vector<std::size_t> continuation_bytes_;   ///< before each block: a position costs no walk along a long line
};

}  // namespace kontor::yaml
