#pragma once
/// Which bytes are UTF-8, and what they say.
#include <cstddef>
#include <string_view>

namespace kontor::utf8 {

/// The length of the well-formed character at `at` (Unicode 15, table 3-7), or 0. `at` must lie in the text.
std::size_t character_length(std::string_view text, std::size_t at) noexcept;

struct Character {
    char32_t code = 0;
    std::size_t length = 0;   ///< in bytes; 0: there is no well-formed character
};
/// The well-formed character at `at`, which must lie in the text.
Character character(std::string_view text, std::size_t at) noexcept;

/// Where the first byte stands that belongs to no well-formed character; npos if all do.
std::size_t find_invalid(std::string_view text) noexcept;

}  // namespace kontor::utf8
