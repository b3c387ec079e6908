#pragma once
/// A service at the broker, written with the plain client library: takes requests, sends answers. For one thread.
#include <amqp.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kontor::test {

class Peer {
public:
    using Headers = std::vector<std::pair<std::string, std::string>>;
    struct Message {
        std::string body{}, correlation_id{}, reply_to{}, message_id{}, type{}, content_type{}, expiration{};
        int delivery_mode = 0;
        std::map<std::string, std::string> headers{};
    };

    /// Declares the queue, durable, and listens to it; an empty one is not listened to.
    Peer(int port, std::string queue);
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    /// The next request; fails the test after twenty seconds.
    Message next();
    /// To the request's reply queue, persistent.
    void answer(const Message& request, const std::string& body, const Headers& headers = {});
    /// How many messages wait in a queue.
    int waiting(const std::string& queue);
    /// Declares a queue that holds nothing: every message to it is refused.
    void declare_full(const std::string& queue);

private:
    void declare(const std::string& queue, amqp_table_t arguments);
    amqp_connection_state_t state_;
};

}  // namespace kontor::test
