#pragma once
/// The options, checked once.
#include <kontor/amqp.hpp>

#include <string>
#include <string_view>

namespace kontor::amqp_client {

struct Address {
    std::string host{};
    int port = 5672;
    std::string vhost = "/";
    std::string user{};
    std::string password{};      ///< or `secret:NAME`
    /// `amqp://host:5672/vhost`: for messages, so without user and password.
    [[nodiscard]] std::string origin() const;
};

struct Settings {
    AmqpOptions options{};       ///< with reply_queue filled in
    Address address{};
    [[nodiscard]] std::string origin() const { return address.origin(); }
};

/// Throws Error{bad_input} for options that cannot work; the text never holds the URL, which may hold a password.
Settings checked(AmqpOptions options);

/// `pay.{service}` for a service.
std::string expanded(std::string_view key_template, std::string_view service);

/// AMQP's short strings, of which names and keys are made.
inline constexpr std::size_t longest_short_text = 255;

}  // namespace kontor::amqp_client
