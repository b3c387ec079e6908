#pragma once
/// The header Retry-After (RFC 9110, 10.2.3).
#include <kontor/temporal.hpp>

#include <optional>
#include <string_view>

namespace kontor::http_client {

/// How long to wait: at least a second, so that a service that says 0 is not called in a tight loop, and at most a day.
/// Takes seconds and the date that RFC 9110 prefers (`Sun, 06 Nov 1994 08:49:37 GMT`); nothing for anything else.
std::optional<Duration> parse_retry_after(std::string_view text, Instant now);

}  // namespace kontor::http_client
