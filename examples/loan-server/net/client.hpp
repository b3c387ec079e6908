#pragma once
/// Requests to one HTTP server.
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace loan {

struct Reply {
    int status = 0;
    std::string body{};
    int retry_after = 0;              ///< seconds; 0: the server did not say
};

/// The server could not be reached, or went away before it had answered: whether the request took effect is not known.
struct Unreachable {
    std::string why{};
};

/// Keeps its connection. For one thread.
class WebClient {
public:
    using Headers = std::vector<std::pair<std::string, std::string>>;

    /// Throws std::invalid_argument for what is no `http://` address.
    explicit WebClient(const std::string& base_url, std::chrono::seconds patience = std::chrono::seconds{30});
    ~WebClient();
    WebClient(WebClient&&) noexcept;

    /// Throws Unreachable.
    Reply request(const std::string& method, const std::string& path, const std::string& body = {}, const Headers& headers = {});

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace loan
