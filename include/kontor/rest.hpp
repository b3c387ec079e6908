#pragma once
/// The engine over HTTP: a REST interface in the shape of Camunda 8's, and live changes as server-sent events.
#include <kontor/engine.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kontor {

/// What a route of the host's own is asked, and answers.
struct RestRequest {
    std::string method{};
    std::string path{};                                          ///< decoded, without the query
    std::vector<std::pair<std::string, std::string>> query{};
    std::string body{};
};
struct RestResponse {
    int status = 200;
    std::string content_type = "application/json";
    std::string body{};
};
/// A page or an endpoint beside the engine's. `path` is whole, or ends with `/*`. The handler may block; it runs on a thread of the
/// server's pool. What it throws is answered as the engine's own errors are.
struct RestRoute {
    std::string method{};
    std::string path{};
    std::function<RestResponse(const RestRequest&)> handler{};
};

struct RestOptions {
    std::string listen = "127.0.0.1:8080";    ///< an address and a port; port 0 is a free one
    std::size_t body_limit = 4u << 20;        ///< bytes
    unsigned threads = 4;                     ///< for what has to wait for the store
    std::vector<RestRoute> routes{};
    /// Names by which it is reached besides its own address, for example that of a proxy in front of it. A request that a browser sends for
    /// a page of another site is refused, and on a loopback address one that is meant for another name.
    std::vector<std::string> hosts{};
};

/// Listens from construction to stop(). Knows no users: whoever reaches the address may do everything, so it belongs on a loopback
/// address or behind something that authenticates, which names the actor in the header `Kontor-Actor: USER[:GROUP,...]`.
/// port() and url() may be called from several threads, stop() from one.
class RestServer {
public:
    /// The engine must outlive the server. Throws Error{bad_input} for an address that is none, Error{unavailable} if it cannot listen.
    RestServer(Engine& engine, RestOptions options = {});
    ~RestServer();
    RestServer(const RestServer&) = delete;
    RestServer& operator=(const RestServer&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept;
    /// `http://127.0.0.1:8080`
    [[nodiscard]] std::string url() const;
    /// Closes all connections and waits for requests that a thread is working on. Blocks; not for handlers, nor for routes. The destructor does it
    /// too.
    void stop();

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace kontor
