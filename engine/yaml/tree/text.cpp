#include "yaml/tree/text.hpp"

#include <algorithm>

namespace kontor::yaml {

namespace {

constexpr std::size_t block = 1024;

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

Text::Text(std::string content) : content_{std::move(content)}, line_starts_{0} {
    std::size_t continuations = 0;
    for (std::size_t i = 0; i < content_.size(); ++i) {
        if (i % block == 0) continuation_bytes_.push_back(continuations);
        if (content_[i] == '\n') line_starts_.push_back(i + 1);
        if (continues_character(content_[i])) ++continuations;
    }
    continuation_bytes_.push_back(continuations);
}

std::size_t Text::continuation_bytes_before(std::size_t offset) const noexcept {
    const std::size_t start = offset / block * block;
    const auto tail = std::string_view{content_}.substr(start, offset - start);
    return continuation_bytes_[offset / block] + static_cast<std::size_t>(std::ranges::count_if(tail, continues_character));
}

std::size_t Text::line_start(std::size_t offset) const noexcept {
    return *std::prev(std::ranges::upper_bound(line_starts_, offset)); }

Position Text::position(std::size_t offset) const noexcept {
    offset = std::min(offset, content_.size());
    const auto line = std::ranges::upper_bound(line_starts_, offset) - line_starts_.begin();
    const std::size_t start = line_start(offset);
    const std::size_t column = offset - start - (continuation_bytes_before(offset) - continuation_bytes_before(start)) + 1;
    return {.line = static_cast<std::uint32_t>(line), .column = static_cast<std::uint32_t>(column)};
}

std::string_view Text::line_of(std::size_t offset) const noexcept {
    const std::size_t start = line_start(offset);
    std::size_t end = content_.find('\n', start);
    if (end == std::string::npos) end = content_.size();
    if (end > start && content_[end - 1] == '\r') --end;
    return std::string_view{content_}.substr(start, end - start);
}

}  // namespace kontor::yaml
