#include <kontor/key.hpp>

#include <kontor/error.hpp>

#include <charconv>
#include <limits>

namespace kontor::detail {

std::uint64_t parse_key(std::string_view text, std::string_view what) {
    // One text per key: a leading zero would make two names for the same thing.
    std::uint64_t value = 0;
    const bool plain = !text.empty() && text.front() >= '1' && text.front() <= '9';
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (!plain || error != std::errc{} || end != text.data() + text.size() || value > std::numeric_limits<std::int64_t>::max()) {
        throw Error{Code::bad_input, "not a key of " + std::string{what.front() == 'i' ? "an " : "a "} + std::string{what}};
    }
    return value;
}

}  // namespace kontor::detail
