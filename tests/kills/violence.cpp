#include "kills/violence.hpp"

#include <csignal>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace kontor::test {
namespace {

using namespace std::chrono_literals;

void require_success(int status) {
    if (status != 0) throw std::runtime_error{"an engine ended by itself with status " + std::to_string(status)};
}

}  // namespace

Node::Node(const Load& load) : process_{::fork()} {
    if (process_ < 0) throw std::runtime_error{"no process for an engine"};
    if (process_ > 0) return;
    const std::string count = std::to_string(load.applications);
    const std::string lease = std::to_string(load.lease.count());
    ::execl("/proc/self/exe", "test_kills", "--child", load.folder.c_str(), count.c_str(), load.store.c_str(), lease.c_str(), nullptr);
    ::_exit(127);
}

Node::~Node() { kill(); }

void Node::kill() {
    if (process_ == 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
}

void Node::freeze() const { ::kill(process_, SIGSTOP); }
void Node::thaw() const { ::kill(process_, SIGCONT); }

bool Node::ends(std::chrono::milliseconds patience, int& status) {
    for (const auto end = std::chrono::steady_clock::now() + patience;; std::this_thread::sleep_for(1ms)) {
        int raw = 0;
        if (::waitpid(process_, &raw, WNOHANG) == process_) {
            process_ = 0;
            status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
            return true;
        }
        if (std::chrono::steady_clock::now() >= end) return false;
    }
}

void kill_again_and_again(const Load& load, int kills, std::mt19937& random, int& killed) {
    for (int i = 0; i < kills; ++i) {
        Node node{load};
        int status = 0;
        if (!node.ends(std::chrono::milliseconds{50 + random() % 300}, status)) ++killed;
        require_success(status);
    }
    Node last{load};
    int status = 0;
    if (!last.ends(2min, status)) throw std::runtime_error{"the engine does not finish what is open"};
    require_success(status);
}

std::string torment(const Load& load, int nodes, int blows, std::mt19937& random, Server& server) {
    std::vector<std::unique_ptr<Node>> cluster;
    for (int n = 0; n < nodes; ++n) cluster.push_back(std::make_unique<Node>(load));
    int killed = 0, frozen = 0, crashed = 0, finished = 0;
    int status = 0;
    for (int blow = 0; blow < blows; ++blow) {
        auto& victim = cluster[random() % cluster.size()];
        if (victim->ends(std::chrono::milliseconds{50 + random() % 400}, status)) {   // nothing was left to do
            require_success(status);
            ++finished;
            victim = std::make_unique<Node>(load);
        } else if (blow % 7 == 6) {
            server.crash();
            server.start();
            ++crashed;
        } else if (random() % 2 == 0) {
            victim->kill();
            victim = std::make_unique<Node>(load);
            ++killed;
        } else {
            victim->freeze();
            std::this_thread::sleep_for(load.lease * (11 + random() % 10) / 10);   // longer than its lease: the others take over
            victim->thaw();
            ++frozen;
        }
    }
    for (auto& node : cluster) {
        if (!node->ends(3min, status)) throw std::runtime_error{"the engines do not finish what is open"};
        require_success(status);
    }
    return std::to_string(killed) + " kills, " + std::to_string(frozen) + " freezes, " + std::to_string(crashed) + " crashes of the server" +
           (finished ? ", " + std::to_string(finished) + " had nothing left to do" : "");
}

ServerPair::ServerPair() : primary{std::make_unique<Server>()}, standby{std::make_unique<Server>(Server::Standby{*primary})} {
    primary->wait_for_standby(true);
}

std::string ServerPair::url() const { return primary->url_with(*standby); }

void ServerPair::fail_over() {
    const int port = primary->port();
    primary.reset();
    standby->promote();
    primary = std::move(standby);
    standby = std::make_unique<Server>(Server::Standby{*primary, port});
    primary->wait_for_standby(true);
}

std::string fail_over_again_and_again(const Load& load, int nodes, int rounds, std::mt19937& random, ServerPair& servers) {
    std::vector<std::unique_ptr<Node>> cluster;
    for (int n = 0; n < nodes; ++n) cluster.push_back(std::make_unique<Node>(load));
    int killed = 0, finished = 0;
    int status = 0;
    for (int round = 0; round < rounds; ++round) {
        auto& victim = cluster[random() % cluster.size()];
        const bool dies_too = random() % 3 == 0;
        if (victim->ends(std::chrono::milliseconds{300 + random() % 700}, status)) {   // nothing was left to do
            require_success(status);
            ++finished;
            victim = std::make_unique<Node>(load);
        }
        if (dies_too) {
            victim->kill();
            ++killed;
        }
        servers.fail_over();
        if (dies_too) victim = std::make_unique<Node>(load);
    }
    for (auto& node : cluster) {
        if (!node->ends(3min, status)) throw std::runtime_error{"the engines do not finish what is open"};
        require_success(status);
    }
    return std::to_string(rounds) + " failovers, " + std::to_string(killed) + " kills" +
           (finished ? ", " + std::to_string(finished) + " had nothing left to do" : "");
}

}  // namespace kontor::test
