#pragma once
/// A credit bureau that speaks just enough HTTP/1.1 for this example: one request per connection, one after the other.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <iostream>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

class Bureau {
public:
    Bureau() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* any = reinterpret_cast<sockaddr*>(&address);
        if (listener_ < 0 || bind(listener_, any, size) != 0 || listen(listener_, 16) != 0 || getsockname(listener_, any, &size) != 0)
            throw std::runtime_error{"the bureau finds no port"};
        port_ = ntohs(address.sin_port);
        worker_ = std::thread{[this] { serve(); }};
    }
    ~Bureau() {
        shutdown(listener_, SHUT_RDWR);
        worker_.join();
        close(listener_);
    }
    Bureau(const Bureau&) = delete;
    Bureau& operator=(const Bureau&) = delete;

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    /// Different keys that were seen: what the inquiries on a client's record would be. After the last answer.
    [[nodiscard]] std::size_t inquiries() const { return keys_.size(); }

private:
    void serve() {
        for (int peer; (peer = accept(listener_, nullptr, nullptr)) >= 0; close(peer)) {
            const std::string answer = answer_to(read_request(peer));
            (void)!write(peer, answer.data(), answer.size());
        }
    }
    static std::string header(const std::string& request, const std::string& name) {
        const auto at = request.find("\r\n" + name + ": ");
        if (at == request.npos) return {};
        const auto begin = at + name.size() + 4;
        return request.substr(begin, request.find("\r\n", begin) - begin);
    }
    static std::string read_request(int peer) {
        std::string request;
        char part[4096];
        for (;;) {
            const auto head = request.find("\r\n\r\n");
            if (head != request.npos) {
                const auto length = header(request, "Content-Length");
                if (request.size() >= head + 4 + (length.empty() ? 0 : std::stoul(length))) return request;
            }
            const auto count = read(peer, part, sizeof part);
            if (count <= 0) return request;
            request.append(part, static_cast<std::size_t>(count));
        }
    }
    std::string answer_to(const std::string& request) {
        keys_.insert(header(request, "Idempotency-Key"));
        if (++requests_ <= 2) {
            std::cout << "bureau: down\n";
            return say("503 Service Unavailable", "");
        }
        if (request.find("Nemo") != request.npos) return say("422 Unprocessable Content", R"({"code":"UNKNOWN_PERSON"})");
        std::cout << "bureau: " << request.substr(0, request.find(" HTTP")) << '\n';
        return say("200 OK", R"({"score":735})");
    }
    static std::string say(const std::string& status, const std::string& body) {
        return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\nConnection: close\r\n\r\n" + body;
    }

    int listener_ = socket(AF_INET, SOCK_STREAM, 0);
    int port_ = 0;
    int requests_ = 0;
    std::set<std::string> keys_;
    std::thread worker_;
};
