#include "value/actor_text.hpp"

#include "value/utf8.hpp"

#include <kontor/error.hpp>

#include <algorithm>

namespace kontor {
namespace {

constexpr std::string_view example = "; write for example alice:commercial,risk";

bool is_control(unsigned char c) { return c < 0x20 || c == 0x7F; }

std::vector<std::string> parse_groups(std::string_view text) {
    std::vector<std::string> groups;
    while (!text.empty()) {
        const auto end = std::min(text.find(','), text.size());
        if (end > 0) groups.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return groups;
}

}  // namespace

Actor parse_actor(std::string_view text, std::string_view what) {
    if (utf8::find_invalid(text) != std::string_view::npos || std::ranges::any_of(text, is_control))
        throw Error{Code::bad_input, std::string{what} + " is no UTF-8 text without control characters" + std::string{example}};
    const auto colon = std::min(text.find(':'), text.size());
    if (colon == 0) throw Error{Code::bad_input, std::string{what} + " names nobody" + std::string{example}};
    return {std::string{text.substr(0, colon)}, parse_groups(text.substr(std::min(colon + 1, text.size())))};
}

}  // namespace kontor
