#include "http/stream.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>

namespace kontor::http_client {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

class PlainStream final : public Stream {
public:
    explicit PlainStream(asio::io_context& io) : socket_{io} {}

    void open(const Endpoints& endpoints, Opened opened) override {
        asio::async_connect(socket_, endpoints, [this, opened = std::move(opened)](error_code error, const tcp::endpoint&) {
            error_code ignored;
            if (!error) socket_.set_option(tcp::no_delay{true}, ignored);
            opened(error);
        });
    }
    void write(std::string_view bytes, Moved written) override { asio::async_write(socket_, asio::buffer(bytes), std::move(written)); }
    void read_some(std::span<char> room, Moved read) override {
        socket_.async_read_some(asio::buffer(room.data(), room.size()), std::move(read));
    }
    bool is_quiet() override { return http_client::is_quiet(socket_); }
    void close() noexcept override {
        error_code ignored;
        socket_.close(ignored);
    }

private:
    tcp::socket socket_;
};

class PlainStreams final : public StreamFactory {
public:
    std::unique_ptr<Stream> make(asio::io_context& io) override { return std::make_unique<PlainStream>(io); }
};

}  // namespace

std::unique_ptr<StreamFactory> plain_streams() { return std::make_unique<PlainStreams>(); }

bool is_quiet(tcp::socket& socket) {
    error_code error;
    socket.non_blocking(true, error);
    if (error) return false;
    char byte = 0;
    socket.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, error);
    return error == asio::error::would_block;
}

}  // namespace kontor::http_client
