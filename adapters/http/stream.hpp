#pragma once
/// A connection, plain or with TLS. All of it belongs to the thread of its io_context.
#include <kontor/http.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::http_client {

using boost::system::error_code;
using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

/// One operation at a time. A stream must live until its operation has called back, which close() brings about soon.
class Stream {
public:
    using Opened = std::function<void(error_code)>;
    using Moved = std::function<void(error_code, std::size_t bytes)>;

    virtual ~Stream() = default;
    /// Connects to the first endpoint that answers and, with TLS, agrees on keys and checks the certificate.
    virtual void open(const Endpoints& endpoints, Opened opened) = 0;
    /// All of `bytes`, which must stay where they are.
    virtual void write(std::string_view bytes, Moved written) = 0;
    virtual void read_some(std::span<char> room, Moved read) = 0;
    /// Of a connection that waits for its next request: nothing has come, not even its end.
    [[nodiscard]] virtual bool is_quiet() = 0;
    virtual void close() noexcept = 0;
    /// For people; after a failed open().
    [[nodiscard]] virtual std::string explain(error_code error) { return error.message(); }
    /// Whether this error of the first read says that the server refused the connection itself (its certificate, for example).
    [[nodiscard]] virtual bool is_refusal(error_code) const { return false; }
};

class StreamFactory {
public:
    virtual ~StreamFactory() = default;
    virtual std::unique_ptr<Stream> make(boost::asio::io_context& io) = 0;
};

std::unique_ptr<StreamFactory> plain_streams();
/// TLS 1.2 and later. Throws Error{bad_input} if a certificate file cannot be used. `host` is the name that certificates must have.
std::unique_ptr<StreamFactory> tls_streams(const HttpOptions& options, const std::string& host);

/// nothing_to_read on a socket that is still open.
bool is_quiet(boost::asio::ip::tcp::socket& socket);

}  // namespace kontor::http_client
