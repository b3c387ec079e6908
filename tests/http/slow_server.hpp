#pragma once
/// A server in a process of its own, so that its memory and threads are not taken for the client's.
#include <chrono>
#include <string>

namespace kontor::test {

/// Holds every request until so many have come, and answers all of them with `{}` some time later.
class SlowServer {
public:
    /// The caller must have no threads.
    SlowServer(int requests, std::chrono::milliseconds after);
    ~SlowServer();
    SlowServer(const SlowServer&) = delete;
    SlowServer& operator=(const SlowServer&) = delete;

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    void wait_until_full() const;

private:
    int child_ = -1;
    int pipe_ = -1;
    int port_ = 0;
};

}  // namespace kontor::test
