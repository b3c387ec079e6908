#pragma once
/// XPath's notation of regular expressions in Boost's.
#include <optional>
#include <string>
#include <string_view>

namespace kontor::feel {

/// Nothing for what XPath does not have, although Boost does: look-around, `\b`, possessive quantifiers, and for what is malformed.
std::optional<std::string> translate_pattern(std::string_view pattern, bool without_spaces);

}  // namespace kontor::feel
