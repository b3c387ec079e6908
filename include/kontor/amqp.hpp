#pragma once
/// Calls services by request and reply over AMQP 0-9-1 (RabbitMQ): a JSON object is sent, a JSON object comes back.
/// What a service has to keep to: docs/how-to/call-a-service-over-amqp.md.
#include <kontor/service.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace kontor {

struct AmqpOptions {
    /// `amqp://user:password@host:5672/vhost`. The password may be `secret:NAME`, asked for at every connection. No TLS yet.
    std::string url{};
    /// Names this engine to the broker: the same after a restart, another one for every engine at the broker. The reply queue has its name.
    std::string name{};
    std::string exchange{};                        ///< must exist; empty: the default one, where a routing key is the name of a queue
    std::string routing_key = "{service}";         ///< `{service}` is the service's name
    std::string query_routing_key = "{service}.query";   ///< for questions after an unknown outcome; empty: the service cannot be asked
    std::string reply_queue{};                     ///< declared durable, read by this engine alone; empty: `kontor.replies.NAME`

    int prefetch = 256;                            ///< answers that wait for their commit at once; 1 to 65535
    Duration heartbeat = std::chrono::seconds{10};         ///< a broker that is silent for twice this is gone; whole seconds, at least 1
    Duration connect_timeout = std::chrono::seconds{5};    ///< of each step: the socket, the login
    Duration first_pause = std::chrono::milliseconds{250}; ///< between two connections; doubles,
    Duration longest_pause = std::chrono::seconds{15};     ///< up to this
    Duration wait_for_broker = std::chrono::seconds{10};   ///< how long a call waits for a connection before it fails without having been sent
    std::size_t max_waiting = 10'000;              ///< calls that wait to be sent; further ones come again later
    std::size_t max_answer = 1u << 20;             ///< bytes
};

/// An adapter for one broker, with one connection and one thread. Throws Error{Code::bad_input} for options that cannot work; a broker that
/// is away is an error of the calls, not of this. Any thread. For one engine.
std::shared_ptr<Adapter> amqp(AmqpOptions options);

}  // namespace kontor
