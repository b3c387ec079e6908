#pragma once
/// All exchanges with one host, on one thread.
#include "http/exchange.hpp"
#include "http/settings.hpp"

#include <kontor/key.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <unordered_map>

namespace kontor::http_client {

/// Thread-safe. Only stop() blocks, and the destructor while the name service does.
class Client {
public:
    Client(const Settings& settings, StreamFactory& streams);
    ~Client();

    /// `ended` is called once, on this client's thread; or at once if the client has been stopped.
    void send(JobKey job, Request request, std::stop_token stop, Exchange::Ended ended);
    void cancel(JobKey job);
    /// Takes no more requests, waits for those under way (not for those that pause), and cancels what is left at `deadline`.
    void stop(Instant deadline);
    [[nodiscard]] bool is_stopped() const;

private:
    using OnStop = std::stop_callback<std::function<void()>>;
    struct UnderWay {
        std::shared_ptr<Exchange> exchange;
        std::unique_ptr<OnStop> on_stop;
    };
    void begin(JobKey job, Request request, const std::stop_token& stop, Exchange::Ended ended);
    void forget(JobKey job, const Exchange* exchange);
    void cancel_if(const std::function<bool(const Exchange&)>& condition, const std::string& why);

    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    Addresses addresses_;
    Pool pool_;
    Host host_;
    std::unordered_multimap<JobKey, UnderWay> under_way_{};   ///< of the thread
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t open_ = 0;        ///< requests that have not ended
    bool stopped_ = false;
    std::mutex joining_;
    std::thread thread_;
};

}  // namespace kontor::http_client
