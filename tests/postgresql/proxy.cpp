#include "postgresql/proxy.hpp"

#include "support/ports.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

namespace kontor::test {

namespace {

/// Closes when it goes.
struct Socket {
    int number;
    explicit Socket(int n) : number{n} {}
    ~Socket() { ::close(number); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
};

bool send_all(const Socket& to, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(to.number, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

/// What has come; empty at the end.
std::string receive(const Socket& from) {
    std::string bytes(1 << 20, '\0');
    const auto count = ::recv(from.number, bytes.data(), bytes.size(), 0);
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
}

/// "Ready for query, in no transaction" ends every answer.
bool is_whole(const std::string& answer) { return answer.ends_with(std::string_view{"Z\0\0\0\5I", 6}); }

}  // namespace

Proxy::Proxy(int server_port) : server_port_{server_port}, listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    auto address = loopback(0);
    socklen_t size = sizeof address;
    const bool bound = ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0;
    if (!bound || ::listen(listener_, 20) != 0) throw std::runtime_error{"no port"};
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    threads_.emplace_back([this] { accept_all(); });
}

Proxy::~Proxy() {
    ends_ = true;
    threads_.front().join();   // after it nobody adds one
    for (std::size_t n = 1; n < threads_.size(); ++n) threads_[n].join();
    ::close(listener_);
}

void Proxy::accept_all() {
    while (!ends_) {
        pollfd watched{listener_, POLLIN, 0};
        if (::poll(&watched, 1, 10) != 1) continue;
        const int client = ::accept(listener_, nullptr, nullptr);
        const std::lock_guard lock{mutex_};
        threads_.emplace_back([this, client] { serve(client); });
    }
}

void Proxy::serve(int number) {
    const Socket server{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const Socket client{number};
    const auto address = loopback(server_port_);
    if (!lets_in_ || ::connect(server.number, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
    while (!ends_) {
        pollfd watched[] = {{client.number, POLLIN, 0}, {server.number, POLLIN, 0}};
        if (::poll(watched, 2, 10) <= 0) continue;
        if (watched[1].revents != 0) {
            const std::string bytes = receive(server);
            if (bytes.empty() || !send_all(client, bytes)) return;
        }
        if (watched[0].revents == 0) continue;
        const std::string bytes = receive(client);
        if (bytes.empty()) return;
        switch (next_.exchange(Cut::none)) {
            case Cut::none:
                if (!send_all(server, bytes)) return;
                break;
            case Cut::before: return;
            case Cut::half:
                send_all(server, std::string_view{bytes}.substr(0, bytes.size() / 2));
                ::shutdown(client.number, SHUT_RDWR);
                while (!ends_ && !receive(server).empty()) {}   // until the server ends it
                return;
            case Cut::after:
                send_all(server, bytes);
                for (std::string answer; !is_whole(answer);) {
                    const std::string more = receive(server);
                    if (more.empty()) return;
                    answer += more;
                }
                return;
        }
    }
}

}  // namespace kontor::test
