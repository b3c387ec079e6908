#pragma once
/// A server that behaves as a test says, badly above all. A thread for each connection, so that a script reads like a conversation.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace kontor::test {

/// The server's end of one connection.
class Peer {
public:
    using Socket = boost::asio::ip::tcp::socket;
    Peer(Socket socket, boost::asio::ssl::context* tls, int number);

    /// Head and body of the next request, empty once the client has closed.
    std::string request();
    /// Whether the client still took it.
    bool send(std::string_view bytes);
    /// Until the client closes.
    void wait_for_close();
    void close();
    void reset();          ///< RST instead of FIN
    [[nodiscard]] int number() const noexcept { return number_; }   ///< the how manieth connection, from 1

    bool shake_hands();
    void cut();            ///< from another thread: what blocks ends

private:
    std::size_t read_some(char* to, std::size_t size);

    std::mutex mutex_;     // of closing
    Socket socket_;
    std::optional<boost::asio::ssl::stream<Socket&>> tls_;
    int number_;
    std::string buffer_;
};

class Server {
public:
    using Script = std::function<void(Peer&)>;
    explicit Server(Script script, boost::asio::ssl::context* tls = nullptr);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::string url() const;
    [[nodiscard]] int port() const noexcept { return port_; }
    [[nodiscard]] int connections() const noexcept { return connections_; }

private:
    void accept();

    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::ssl::context* tls_;
    Script script_;
    int port_ = 0;
    std::atomic<int> connections_{0};
    std::atomic<bool> closing_{false};
    std::mutex mutex_;
    std::vector<std::shared_ptr<Peer>> peers_;
    std::vector<std::thread> threads_;
    std::thread accepting_;
};

/// An answer with a right Content-Length. `more` holds further headers, each with its line end.
std::string answer(int status, std::string_view body, std::string_view more = "");
/// A script that gives the same answer to every request.
Server::Script always(std::string text);
/// A port on which nobody listens.
int closed_port();

}  // namespace kontor::test
