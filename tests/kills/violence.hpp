#pragma once
/// What is done to the engines under load: killed, stopped, started again; and to their server.
#include "postgresql_server/server.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <random>
#include <string>

#include <sys/types.h>

namespace kontor::test {

/// What all engines of a run are given.
struct Load {
    std::filesystem::path folder;
    int applications = 0;
    std::string store;
    std::chrono::milliseconds lease{10'000};
};

/// A process with an engine, killed in the end unless it has ended by itself.
class Node {
public:
    explicit Node(const Load&);
    ~Node();
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    void kill();
    void freeze() const;
    void thaw() const;
    /// Whether it ends by itself within that time, with which status.
    bool ends(std::chrono::milliseconds patience, int& status);

private:
    pid_t process_ = 0;
};

/// Runs one engine, again and again killed after a moment; what has become of it in the end. Counts kills.
void kill_again_and_again(const Load&, int kills, std::mt19937&, int& killed);

/// Runs several engines side by side: one after the other is killed and replaced, or stands still for longer than its lease; now and then the
/// server crashes. Returns what was done, in words.
std::string torment(const Load&, int nodes, int blows, std::mt19937&, Server&);

/// Two servers of which one streams to the other, which has each commit before it is confirmed.
struct ServerPair {
    ServerPair();
    [[nodiscard]] std::string url() const;
    /// The primary crashes, the standby takes over, and where the primary was comes a standby.
    void fail_over();

    std::unique_ptr<Server> primary;
    std::unique_ptr<Server> standby;
};

/// Runs engines side by side; again and again their primary is gone, now and then with one of them at the same time. Returns what was done.
std::string fail_over_again_and_again(const Load&, int nodes, int rounds, std::mt19937&, ServerPair&);

}  // namespace kontor::test
