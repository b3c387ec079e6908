#pragma once
/// What PostgreSQL's error codes mean for a caller (PostgreSQL's documentation, appendix A).
#include <cstdint>
#include <string_view>

namespace kontor::store::postgresql {

/// Whom an error blames. `nobody`: the server is away, full, busy or not as it should be, and the same may succeed later.
/// `statement`: what was sent cannot be done, now or later.
enum class Blame : std::uint8_t { nobody, statement };

/// Of a statement that failed while the connection held: nothing of its transaction was written.
Blame blame_of(std::string_view sqlstate) noexcept;
/// For people: what happened and what they can do about it. Empty if the server's own words are enough.
std::string_view advice_for(std::string_view sqlstate) noexcept;

namespace sqlstate {
inline constexpr std::string_view warning = "01000", division_by_zero = "22012", logarithm_of_zero = "2201E", check_violation = "23514",
                                  duplicate_table = "42P07", cannot_connect_now = "57P03", too_many_connections = "53300";
}

}  // namespace kontor::store::postgresql
