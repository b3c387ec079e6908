#pragma once
/// The thread that holds the connection: connects again and again, sends, confirms, hands answers over and acknowledges them once they are
/// durable.
#include "amqp/calls.hpp"
#include "amqp/receipts.hpp"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>

namespace kontor::amqp_client {

/// Any thread; only stop() blocks.
class Client {
public:
    /// `inbound` has to live until stop() has returned.
    Client(const Settings& settings, Inbound& inbound);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void send(Calls::Call call);
    void cancel(JobKey job) { calls_.cancel(job); }
    [[nodiscard]] std::size_t unconfirmed() const { return calls_.unconfirmed(); }
    /// Waits until what has been committed is acknowledged, and says goodbye. May take as much longer as a connection attempt under way.
    void stop(Instant deadline);

private:
    void run();
    void be_without_connection();
    void work();
    [[nodiscard]] std::string password() const;
    bool acknowledge();
    /// Why the connection is lost; nothing if it is not.
    std::optional<std::string> read();
    std::optional<std::string> take(Incoming incoming);
    void take(Delivery delivery);
    void lose(const std::string& why);
    void wait(SteadyTime until);

    const Settings settings_;
    Inbound& inbound_;
    Calls calls_;
    const std::shared_ptr<Receipts> receipts_;
    // Of the thread.
    std::unique_ptr<Connection> connection_;
    bool blocked_ = false;
    bool draining_ = false;
    Duration pause_;
    std::string why_not_ = "there has been no connection yet";
    std::mt19937 random_{std::random_device{}()};
    // Between the threads.
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    bool ended_ = false;
    int socket_ = -1;                  ///< for stop(), which may have to cut it off
    SteadyTime stop_by_{};
    std::mutex joining_;
    std::thread thread_;
};

}  // namespace kontor::amqp_client
