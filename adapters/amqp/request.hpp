#pragma once
/// What is sent, and the id by which its answer is found.
#include "amqp/settings.hpp"

#include <kontor/service.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kontor::amqp_client {

/// One message to publish. Texts of the properties have at most 255 bytes.
struct Request {
    std::string exchange{};
    std::string routing_key{};
    std::string correlation_id{};
    std::string message_id{};
    std::string type{};
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
    Instant deadline{};          ///< what is left until then when it is sent is its expiration
};

/// `KEY.ATTEMPT`, and `.query` behind it for a question. Leads to the call after a restart too.
struct Correlation {
    std::string key{};           ///< the idempotency key
    int attempt = 0;
    bool is_query = false;
    [[nodiscard]] std::string text() const;
    static std::optional<Correlation> parse(std::string_view text);
};

/// Throw Error{bad_input} for names that AMQP cannot carry.
Request call_request(const Settings& settings, const ServiceCall& call);
/// Asks what became of the call; the body is an empty object.
Request query_request(const Settings& settings, const ServiceCall& call);

}  // namespace kontor::amqp_client
