#include "http/slow_server.hpp"

#include "http/server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <stdexcept>
#include <vector>

namespace kontor::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

class Holding {
public:
    Holding(int requests, std::chrono::milliseconds after, int report)
        : acceptor_{io_, {asio::ip::address_v4::loopback(), 0}}, timer_{io_}, requests_{requests}, after_{after}, report_{report} {}

    void run() {
        tell(acceptor_.local_endpoint().port());
        accept();
        io_.run();
    }

private:
    struct Connection {
        explicit Connection(tcp::socket accepted) : socket{std::move(accepted)} {}
        tcp::socket socket;
        char bytes[1024] = {};
    };

    void tell(int number) const {
        if (::write(report_, &number, sizeof number) != sizeof number) ::_exit(1);
    }
    void accept() {
        acceptor_.async_accept([this](error_code error, tcp::socket socket) {
            if (error) ::_exit(1);
            connections_.push_back(std::make_unique<Connection>(std::move(socket)));
            hold(*connections_.back());
            accept();
        });
    }
    /// A request of these tests is one small segment.
    void hold(Connection& connection) {
        connection.socket.async_read_some(asio::buffer(connection.bytes), [this](error_code error, std::size_t) {
            if (!error && ++held_ == requests_) answer_all();
        });
    }
    void answer_all() {
        tell(held_);
        timer_.expires_after(after_);
        timer_.async_wait([this](error_code) {
            for (const auto& connection : connections_) {
                error_code ignored;
                asio::write(connection->socket, asio::buffer(text_), ignored);
            }
        });
    }

    asio::io_context io_;
    tcp::acceptor acceptor_;
    asio::steady_timer timer_;
    int requests_;
    std::chrono::milliseconds after_;
    int report_;
    int held_ = 0;
    std::vector<std::unique_ptr<Connection>> connections_;
    const std::string text_ = answer(200, "{}");
};

int read_number(int pipe) {
    int number = 0;
    if (::read(pipe, &number, sizeof number) != sizeof number) throw std::runtime_error{"the slow server has gone"};
    return number;
}

}  // namespace

SlowServer::SlowServer(int requests, std::chrono::milliseconds after) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error{"no pipe"};
    child_ = ::fork();
    if (child_ < 0) throw std::runtime_error{"no fork"};
    if (child_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::close(ends[0]);
        Holding{requests, after, ends[1]}.run();
        ::_exit(0);
    }
    ::close(ends[1]);
    pipe_ = ends[0];
    port_ = read_number(pipe_);
}

SlowServer::~SlowServer() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    ::close(pipe_);
}

void SlowServer::wait_until_full() const { (void)read_number(pipe_); }

}  // namespace kontor::test
