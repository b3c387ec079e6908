#pragma once
/// Who acts, as an option or a header says it.
#include <kontor/instance.hpp>

#include <string>
#include <string_view>

namespace kontor {

/// `alice`, or `alice:commercial,risk` with groups. Throws Error{bad_input}, which begins with `what` (the option or header), for a text that
/// names no user, and for one that is not UTF-8 or holds control characters.
Actor parse_actor(std::string_view text, std::string_view what);

}  // namespace kontor
