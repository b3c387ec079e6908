#include "web/server.hpp"

#include "web/connection.hpp"

#include <kontor/error.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <thread>

namespace kontor::web {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

tcp::endpoint endpoint_of(const std::string& listen) {
    const auto colon = listen.rfind(':');
    std::uint16_t port = 0;
    error_code error;
    asio::ip::address address;
    if (colon != std::string::npos) {
        const char* end = listen.data() + listen.size();
        const auto [stop, failed] = std::from_chars(listen.data() + colon + 1, end, port);
        std::string host = listen.substr(0, colon);
        if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
        if (host == "localhost") host = "127.0.0.1";
        address = asio::ip::make_address(host, error);
        if (failed == std::errc{} && stop == end && !error) return {address, port};
    }
    throw Error{Code::bad_input, "\"" + listen + "\" is no address to listen at; write for example 127.0.0.1:8080"};
}

}  // namespace

struct Server::Inside {
    Inside(ServerOptions given, Handler answer) : options{std::move(given)}, handler{std::move(answer)}, acceptor{*context} {
        const tcp::endpoint endpoint = endpoint_of(options.listen);
        try {
            acceptor.open(endpoint.protocol());
            acceptor.set_option(tcp::acceptor::reuse_address{true});
            acceptor.bind(endpoint);
            acceptor.listen();
        } catch (const boost::system::system_error& error) {
            throw Error{Code::unavailable, "cannot listen at " + options.listen + ": " + error.code().message()};
        }
        local = acceptor.local_endpoint();
        asio::co_spawn(*context, accept(), asio::detached);
        thread = std::thread{[this] { context->run(); }};
    }

    asio::awaitable<void> accept() {
        for (;;) {
            error_code error;
            tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
            if (!acceptor.is_open()) co_return;
            if (error || open->size() >= most_connections) {
                // Out of file descriptors, or full: whoever came is let go, and the next one is looked at a little later.
                asio::steady_timer pause{*context, std::chrono::milliseconds{50}};
                co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
                continue;
            }
            socket.set_option(tcp::no_delay{true}, error);
            asio::co_spawn(*context, serve(std::move(socket), Home{context}, open, options, handler), asio::detached);
        }
    }

    /// Half of what the process may open: the other half is for those whom it calls, and for its files.
    static std::size_t allowed(std::size_t wanted) {
        rlimit files{};
        if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY) return wanted;
        return std::min<std::size_t>(wanted, std::max<std::size_t>(static_cast<std::size_t>(files.rlim_cur) / 2, 1));
    }

    const ServerOptions options;
    const std::size_t most_connections = allowed(options.connections);
    const Handler handler;
    // Shared with nobody for long: a reply that outlives the server finds it gone.
    const std::shared_ptr<asio::io_context> context = std::make_shared<asio::io_context>(1);
    tcp::acceptor acceptor;
    tcp::endpoint local;
    const std::shared_ptr<Sockets> open = std::make_shared<Sockets>();
    std::thread thread;
};

Server::Server(ServerOptions options, Handler handler) : inside_{std::make_unique<Inside>(std::move(options), std::move(handler))} {}
Server::~Server() { stop(); }

std::uint16_t Server::port() const noexcept { return inside_->local.port(); }

std::string Server::url() const {
    const auto address = inside_->local.address();
    const std::string host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
    return "http://" + host + ":" + std::to_string(port());
}

void Server::stop() {
    if (!inside_->thread.joinable()) return;
    asio::post(*inside_->context, [inside = inside_.get()] {
        error_code ignored;
        inside->acceptor.close(ignored);
        for (tcp::socket* socket : *inside->open) socket->close(ignored);
        inside->context->stop();
    });
    inside_->thread.join();
}

}  // namespace kontor::web
