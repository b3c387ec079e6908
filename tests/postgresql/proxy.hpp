#pragma once
/// Stands between the store and its server, and breaks a connection when a test wants it.
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace kontor::test {

class Proxy {
public:
    /// What becomes of the next thing that a client says.
    enum class Cut {
        none,
        before,   ///< it goes nowhere, and both ends are closed
        half,     ///< the server gets the first half and waits for the rest; the client is cut off
        after     ///< the server gets it and answers; the answer goes nowhere, and both ends are closed
    };

    explicit Proxy(int server_port);
    ~Proxy();
    Proxy(const Proxy&) = delete;
    Proxy& operator=(const Proxy&) = delete;

    [[nodiscard]] int port() const noexcept { return port_; }
    void cut_next(Cut cut) noexcept { next_ = cut; }
    /// False: connections are closed as soon as they are made.
    void let_in(bool yes) noexcept { lets_in_ = yes; }

private:
    void accept_all();
    void serve(int client);

    int server_port_;
    int port_;
    int listener_;
    std::atomic<Cut> next_{Cut::none};
    std::atomic<bool> lets_in_{true};
    std::atomic<bool> ends_{false};
    std::mutex mutex_;
    std::vector<std::thread> threads_;
};

}  // namespace kontor::test
