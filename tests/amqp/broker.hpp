#pragma once
/// A RabbitMQ of the tests' own: free ports, a temporary folder, gone with the program. Never the machine's.
#include <filesystem>
#include <string>

#include <sys/types.h>

namespace kontor::test {

class Broker {
public:
    /// The one of this program, started when it is first wanted. Throws std::runtime_error that says how to install it.
    static Broker& instance();
    Broker();
    ~Broker();
    Broker(const Broker&) = delete;
    Broker& operator=(const Broker&) = delete;

    /// Waits until it answers. Does nothing if it runs.
    void start();
    /// As a power failure would.
    void kill();
    [[nodiscard]] int port() const noexcept { return port_; }
    /// `amqp://guest:guest@127.0.0.1:PORT`
    [[nodiscard]] std::string url(const std::string& password = "guest") const;

private:
    void wait_until_ready();
    [[nodiscard]] std::string last_words() const;

    std::filesystem::path folder_;
    int port_, distribution_port_, epmd_port_;
    pid_t epmd_ = 0;
    pid_t server_ = 0;   ///< leads a process group
};

}  // namespace kontor::test
