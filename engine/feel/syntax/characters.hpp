#pragma once
/// Characters of FEEL's grammar (DMN 1.5, 10.3.1.2 rules 28 to 30 and 61 to 62), read from UTF-8.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kontor::feel {

struct CodePoint {
    char32_t value = 0;
    std::size_t length = 0;   ///< in bytes; 0 at the end
};
/// The code point at an offset; a byte that is not UTF-8 stands for itself.
CodePoint code_point(std::string_view text, std::size_t offset) noexcept;
void append_utf8(std::string& out, char32_t code_point);
/// In code points.
std::size_t length(std::string_view utf8) noexcept;

bool is_space(char32_t) noexcept;
bool is_name_start(char32_t) noexcept;
bool is_name_part(char32_t) noexcept;
/// A letter, digits, underscores only, and no keyword: the parser reads it without knowing it.
bool is_plain_name(std::string_view) noexcept;
bool is_keyword(std::string_view) noexcept;
/// Without spaces at its ends and with single spaces inside.
std::string normalized_name(std::string_view);

}  // namespace kontor::feel
