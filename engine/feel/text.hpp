#pragma once
/// Values as text.
#include "feel/feel.hpp"

namespace kontor::feel {

/// What string() gives: as to_feel(), but text on its own is not quoted, and dates and durations are their ISO 8601 text.
std::string to_plain_text(const Value&);

}  // namespace kontor::feel
