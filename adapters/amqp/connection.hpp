#pragma once
/// One connection to a broker, ready to publish and to be answered: the only user of rabbitmq-c. For one thread, which must call next()
/// often, since heartbeats are sent and looked for in there.
#include "amqp/answer.hpp"
#include "amqp/request.hpp"
#include "amqp/settings.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>

namespace kontor::amqp_client {

/// No connection. The text holds the origin and the broker's words, never a password.
class NoConnection : public std::runtime_error {
public:
    NoConnection(const std::string& why, bool is_refusal) : std::runtime_error{why}, is_refusal_{is_refusal} {}
    /// The broker is there and says no, so that waiting will hardly help.
    [[nodiscard]] bool is_refusal() const noexcept { return is_refusal_; }

private:
    bool is_refusal_;
};

// What a broker says.
struct Confirmed { std::uint64_t tag = 0; bool multiple = false; };
struct Refused { std::uint64_t tag = 0; bool multiple = false; };
/// Nobody takes messages with this routing key. Its confirmation still comes, afterwards.
struct Returned { std::string correlation_id{}; std::string why{}; };
/// The broker has no room: nothing should be published until it says otherwise.
struct Blocked { bool is_blocked = false; };
struct Lost { std::string why{}; };
using Incoming = std::variant<Delivery, Confirmed, Refused, Returned, Blocked, Lost>;

class Connection {
public:
    /// Connects, logs in, declares the reply queue and listens to it. Blocks, for each step up to connect_timeout. Throws NoConnection.
    Connection(const Settings& settings, const std::string& password);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// The tag that its confirmation will have; nothing if the connection broke, in which case the broker has no whole message. Blocks while
    /// the broker reads nothing.
    std::optional<std::uint64_t> publish(const Request& request, Instant now);
    /// False: the connection broke.
    bool acknowledge(std::uint64_t delivery);
    bool give_back(std::uint64_t delivery);
    /// What has arrived whole, without waiting.
    std::optional<Incoming> next();
    /// Something has been read already, so that waiting for the socket would be waiting too long.
    [[nodiscard]] bool has_input() const;
    [[nodiscard]] int socket() const;
    /// Says goodbye, waiting up to `patience` for the answer.
    void close(Duration patience);

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace kontor::amqp_client
