#pragma once
/// A small HTTP server: every request goes to one function.
#include <functional>
#include <memory>
#include <string>

namespace loan {

struct Request {
    std::string method{};
    std::string path{};               ///< decoded, without the query
    std::string idempotency_key{};
    std::string body{};
};
struct Response {
    int status = 200;
    std::string body{};               ///< JSON
    int retry_after = 0;              ///< seconds; 0: says nothing of it
};
using Handler = std::function<Response(const Request&)>;

/// Listens from construction to destruction. The handler is called from several threads and may block.
class WebServer {
public:
    /// `listen`: an address and a port; port 0 is a free one. Throws std::runtime_error if it cannot listen there.
    WebServer(const std::string& listen, Handler handler);
    ~WebServer();
    WebServer(const WebServer&) = delete;
    WebServer& operator=(const WebServer&) = delete;

    /// `http://127.0.0.1:8081`
    [[nodiscard]] std::string url() const;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace loan
