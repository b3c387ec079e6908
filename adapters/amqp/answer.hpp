#pragma once
/// What came back, and what it means for the call. Pure.
#include "ports/service.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kontor::amqp_client {

/// A message from the reply queue.
struct Delivery {
    std::uint64_t tag = 0;
    std::string correlation_id{};
    std::optional<std::string> error{};         ///< the header kontor-error: the code of a business error
    std::optional<std::string> outcome{};       ///< kontor-outcome: failed, retry-later, permanent, never-happened, unknown
    std::optional<std::string> retry_after{};   ///< kontor-retry-after: seconds
    std::string body{};
    bool is_too_large = false;                  ///< the body was not kept
};

/// Of a call. What cannot be read is unknown: the call took effect, most likely.
ports::CallOutcome meaning_of_call(const Delivery& delivery);
/// Of a question: done, refused, never happened, or unknown.
ports::CallOutcome meaning_of_query(const Delivery& delivery);

}  // namespace kontor::amqp_client
