#include "amqp/broker.hpp"

#include "support/ports.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

namespace kontor::test {

namespace {

using namespace std::chrono_literals;

constexpr const char* server_program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

struct Descriptor {
    int number;
    ~Descriptor() { ::close(number); }
};

/// RabbitMQ opens its port before it can talk: only an answer to the protocol's header means that it is there.
bool answers(int port) {
    const Descriptor socket{::socket(AF_INET, SOCK_STREAM, 0)};
    const auto address = loopback(port);
    if (::connect(socket.number, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return false;
    const char header[] = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
    if (::send(socket.number, header, sizeof header, MSG_NOSIGNAL) != sizeof header) return false;
    pollfd watched{socket.number, POLLIN, 0};
    char first = 0;
    return ::poll(&watched, 1, 2000) == 1 && ::recv(socket.number, &first, 1, 0) == 1;
}

bool listens(int port) {
    const Descriptor socket{::socket(AF_INET, SOCK_STREAM, 0)};
    const auto address = loopback(port);
    return ::connect(socket.number, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

void set(const std::string& name, const std::string& value) { ::setenv(name.c_str(), value.c_str(), 1); }

/// A process of ours, in a group of its own, that does not outlive us.
template <class F>
pid_t spawn(const std::filesystem::path& log, F environment, std::vector<const char*> command) {
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error{"cannot fork"};
    if (child > 0) {
        ::setpgid(child, child);
        return child;
    }
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), in = ::open("/dev/null", O_RDONLY);
    ::dup2(in, 0);
    ::dup2(out, 1);
    ::dup2(out, 2);
    for (int descriptor = 3; descriptor < 256; ++descriptor) ::close(descriptor);
    environment();
    command.push_back(nullptr);
    ::execvp(command[0], const_cast<char* const*>(command.data()));
    ::_exit(127);
}

/// With those that it has started.
void end(pid_t& group) {
    if (group == 0) return;
    ::kill(-group, SIGKILL);
    ::waitpid(group, nullptr, 0);
    group = 0;
}

}  // namespace

Broker& Broker::instance() {
    static Broker broker;
    broker.start();
    return broker;
}

Broker::Broker() : port_{free_port()}, distribution_port_{free_port()}, epmd_port_{free_port()} {
    if (::access(server_program, X_OK) != 0)
        throw std::runtime_error{"these tests start a RabbitMQ of their own: apt-get install --no-install-recommends rabbitmq-server"};
    folder_ = std::filesystem::temp_directory_path() / ("kontor-rabbitmq-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_ / "home");
    std::ofstream{folder_ / "enabled_plugins"} << "[].\n";
    std::ofstream{folder_ / "rabbit.conf"} << "listeners.tcp.1 = 127.0.0.1:" << port_ << "\nlog.file.level = error\n";
    const std::string epmd_port = std::to_string(epmd_port_);
    epmd_ = spawn(folder_ / "epmd.log", [] {}, {"epmd", "-address", "127.0.0.1", "-port", epmd_port.c_str()});
}

Broker::~Broker() {
    kill();
    end(epmd_);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string Broker::url(const std::string& password) const { return "amqp://guest:" + password + "@127.0.0.1:" + std::to_string(port_); }

void Broker::start() {
    if (server_ != 0) return;
    const auto environment = [this] {
        const std::string folder = folder_.string();
        set("HOME", folder + "/home");
        set("RABBITMQ_NODENAME", "kontor" + std::to_string(port_) + "@localhost");
        set("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
        set("RABBITMQ_NODE_PORT", std::to_string(port_));
        set("RABBITMQ_DIST_PORT", std::to_string(distribution_port_));
        set("RABBITMQ_MNESIA_BASE", folder + "/mnesia");
        set("RABBITMQ_LOG_BASE", folder + "/log");
        set("RABBITMQ_CONFIG_FILE", folder + "/rabbit");
        set("RABBITMQ_ENABLED_PLUGINS_FILE", folder + "/enabled_plugins");
        set("RUNNING_UNDER_SYSTEMD", "true");   // one process, which stays ours: no shell that waits for it
        set("RABBITMQ_PID_FILE", folder + "/pid");
        set("ERL_EPMD_ADDRESS", "127.0.0.1");
        set("ERL_EPMD_PORT", std::to_string(epmd_port_));
        set("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-setcookie kontor -kernel inet_dist_use_interface {127,0,0,1} +S 2:2");
    };
    const auto until = std::chrono::steady_clock::now() + 90s;
    while (!listens(epmd_port_) && std::chrono::steady_clock::now() < until) ::poll(nullptr, 0, 20);
    server_ = spawn(folder_ / "server.log", environment, {server_program});
    wait_until_ready();
}

void Broker::wait_until_ready() {
    const auto until = std::chrono::steady_clock::now() + 120s;   // 5 s, but for a machine with much else to do
    while (!answers(port_)) {
        if (::waitpid(server_, nullptr, WNOHANG) == server_) {
            server_ = 0;
            throw std::runtime_error{"RabbitMQ ended at once: " + last_words()};
        }
        if (std::chrono::steady_clock::now() > until) throw std::runtime_error{"RabbitMQ does not answer: " + last_words()};
        ::poll(nullptr, 0, 50);
    }
}

std::string Broker::last_words() const {
    std::ifstream log{folder_ / "server.log"};
    const std::string text{std::istreambuf_iterator<char>{log}, {}};
    return text.substr(text.size() - std::min<std::size_t>(text.size(), 2000));
}

void Broker::kill() { end(server_); }

}  // namespace kontor::test
