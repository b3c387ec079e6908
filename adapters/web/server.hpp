#pragma once
/// The server: listens, and hands every request to one handler.
#include "web/message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace kontor::web {

struct ServerOptions {
    std::string listen = "127.0.0.1:0";                 ///< an address and a port; port 0 is a free one. IPv6 in brackets.
    std::size_t body_limit = 4u << 20;                  ///< bytes; larger requests are refused with 413
    std::size_t connections = 10'000;                   ///< further clients are let go; never more than half of the files that may be open
    std::chrono::milliseconds request_timeout{20'000};  ///< from the first byte of a request to its last
    std::chrono::milliseconds idle_timeout{60'000};     ///< between two requests
};

/// Runs on a thread of its own from construction to stop().
class Server {
public:
    /// Throws Error{bad_input} for an address that is none, Error{unavailable} if it cannot listen there.
    Server(ServerOptions, Handler);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept;
    /// `http://127.0.0.1:8080`
    [[nodiscard]] std::string url() const;
    /// Closes all connections and ends the thread. Not for handlers.
    void stop();

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace kontor::web
