#pragma once
/// Clients of a server on the loopback address.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace kontor::web::test {

/// A client without manners: it sends bytes and reads bytes.
class Client {
public:
    explicit Client(std::uint16_t port) { socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port}); }
    Client& send(const std::string& text) {
        boost::asio::write(socket_, boost::asio::buffer(text));
        return *this;
    }
    /// All until the text has come; empty if the connection ends before.
    std::string until(const std::string& text) {
        boost::system::error_code error;
        const std::size_t count = boost::asio::read_until(socket_, boost::asio::dynamic_buffer(buffer_), text, error);
        if (error) return {};
        std::string read = buffer_.substr(0, count);
        buffer_.erase(0, count);
        return read;
    }
    std::string rest() {
        boost::system::error_code error;
        boost::asio::read(socket_, boost::asio::dynamic_buffer(buffer_), error);
        return std::exchange(buffer_, {});
    }
    void close() { socket_.close(); }

private:
    boost::asio::io_context context_;
    boost::asio::ip::tcp::socket socket_{context_};
    std::string buffer_;
};

struct Got {
    int status = 0;
    std::string head;
    std::string body;
};

/// One request on a connection of its own. `headers` are whole lines.
inline Got ask(std::uint16_t port, const std::string& method, const std::string& target, const std::string& body = {}, const std::string& headers = {}) {
    const std::string all = Client{port}
                                .send(method + ' ' + target + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n" + headers +
                                      "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body)
                                .rest();
    const auto end = all.find("\r\n\r\n");
    if (end == std::string::npos) return {};
    return {std::stoi(all.substr(9, 3)), all.substr(0, end + 2), all.substr(end + 4)};
}

}  // namespace kontor::web::test
