#include "http/server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/write.hpp>

#include <sys/socket.h>

namespace kontor::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

std::size_t content_length(const std::string& head) {
    const auto at = head.find("Content-Length: ");
    return at == head.npos ? 0 : std::stoul(head.substr(at + 16));
}

const tcp::endpoint any_port{asio::ip::address_v4::loopback(), 0};

}  // namespace

Peer::Peer(Socket socket, asio::ssl::context* tls, int number) : socket_{std::move(socket)}, number_{number} {
    error_code ignored;
    socket_.set_option(tcp::no_delay{true}, ignored);   // what was sent is there
    if (tls) tls_.emplace(socket_, *tls);
}

bool Peer::shake_hands() {
    error_code error;
    if (tls_) tls_->handshake(asio::ssl::stream_base::server, error);
    return !error;
}

std::size_t Peer::read_some(char* to, std::size_t size) {
    error_code error;
    const auto count = tls_ ? tls_->read_some(asio::buffer(to, size), error) : socket_.read_some(asio::buffer(to, size), error);
    return error ? 0 : count;
}

std::string Peer::request() {
    char part[4096];
    for (;;) {
        const auto end = buffer_.find("\r\n\r\n");
        if (end != buffer_.npos) {
            const auto whole = end + 4 + content_length(buffer_.substr(0, end + 2));
            if (buffer_.size() >= whole) {
                std::string request = buffer_.substr(0, whole);
                buffer_.erase(0, whole);
                return request;
            }
        }
        const auto count = read_some(part, sizeof part);
        if (count == 0) return {};
        buffer_.append(part, count);
    }
}

bool Peer::send(std::string_view bytes) {
    error_code error;
    tls_ ? asio::write(*tls_, asio::buffer(bytes), error) : asio::write(socket_, asio::buffer(bytes), error);
    return !error;
}

void Peer::wait_for_close() {
    char part[4096];
    while (read_some(part, sizeof part) > 0) {}
}

void Peer::close() {
    const std::scoped_lock lock{mutex_};
    error_code ignored;
    socket_.close(ignored);
}

void Peer::reset() {
    error_code ignored;
    socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
    close();
}

void Peer::cut() {
    const std::scoped_lock lock{mutex_};
    error_code ignored;
    if (socket_.is_open()) socket_.shutdown(tcp::socket::shutdown_both, ignored);
}

Server::Server(Script script, asio::ssl::context* tls) : acceptor_{io_, any_port}, tls_{tls}, script_{std::move(script)} {
    port_ = acceptor_.local_endpoint().port();
    accepting_ = std::thread{[this] { accept(); }};
}

void Server::accept() {
    for (;;) {
        error_code error;
        tcp::socket socket = acceptor_.accept(error);
        if (error || closing_) return;
        const auto peer = std::make_shared<Peer>(std::move(socket), tls_, ++connections_);
        const std::scoped_lock lock{mutex_};
        peers_.push_back(peer);
        threads_.emplace_back([this, peer] {
            if (peer->shake_hands()) script_(*peer);
            peer->close();
        });
    }
}

Server::~Server() {
    closing_ = true;
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);   // Linux: ends a blocking accept
    accepting_.join();
    for (const auto& peer : peers_) peer->cut();
    for (auto& thread : threads_) thread.join();
}

std::string Server::url() const {
    return tls_ ? "https://localhost:" + std::to_string(port_) : "http://127.0.0.1:" + std::to_string(port_);
}

std::string answer(int status, std::string_view body, std::string_view more) {
    return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string{more} + "\r\n" +
           std::string{body};
}

Server::Script always(std::string text) {
    return [text = std::move(text)](Peer& peer) {
        while (!peer.request().empty() && peer.send(text)) {}
    };
}

int closed_port() {
    asio::io_context io;
    const tcp::acceptor acceptor{io, any_port};
    return acceptor.local_endpoint().port();
}

}  // namespace kontor::test
