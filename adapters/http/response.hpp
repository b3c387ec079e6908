#pragma once
/// What came back, and what it means for the call.
#include "ports/service.hpp"

#include <kontor/http.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace kontor::http_client {

/// A whole final answer; 1xx are not.
struct Response {
    int status = 0;
    std::optional<std::string> retry_after{};   ///< the header as it came
    std::string body{};
    bool has_length = true;   ///< false: the body ended with the connection, so that an empty one may be a lost one
};

/// What of the options decides the meaning.
struct Reading {
    std::string origin{};     ///< for messages
    std::map<int, HttpMeaning> statuses{};
    std::optional<Duration> accepted_within{};
};

/// Of a call (POST). Messages hold the status and nothing else of the answer; a business error's own are the answer's.
ports::CallOutcome meaning_of_call(const Response& response, const Reading& reading, Instant now);
/// Of a query (GET by idempotency key): done, refused, never happened, or unknown.
ports::CallOutcome meaning_of_query(const Response& response, const Reading& reading);

/// Whether a query that was answered so may be answered better later.
bool is_worth_asking_again(int status) noexcept;

/// What a status means by itself: for business_error, if the body has a code.
HttpMeaning default_meaning(int status, bool has_retry_after) noexcept;

}  // namespace kontor::http_client
