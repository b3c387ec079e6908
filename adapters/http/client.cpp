#include "http/client.hpp"

#include <boost/asio/post.hpp>

#include <vector>

namespace kontor::http_client {

namespace asio = boost::asio;

Client::Client(const Settings& settings, StreamFactory& streams)
    : work_{io_.get_executor()}, addresses_{io_, settings.url.host, settings.url.port}, pool_{io_, settings.connections, settings.idle_timeout},
      host_{io_, streams, addresses_, pool_, settings.reading.origin, settings.max_answer}, thread_{[this] { io_.run(); }} {}

Client::~Client() { stop(Instant{}); }

void Client::send(JobKey job, Request request, std::stop_token stop, Exchange::Ended ended) {
    {
        const std::scoped_lock lock{mutex_};
        if (!stopped_) ++open_;
        else return ended(NotSent{"the engine stops"});
    }
    asio::post(io_, [this, job, request = std::move(request), stop = std::move(stop), ended = std::move(ended)]() mutable {
        begin(job, std::move(request), stop, std::move(ended));
    });
}

void Client::begin(JobKey job, Request request, const std::stop_token& stop, Exchange::Ended ended) {
    auto ending = std::make_shared<std::weak_ptr<Exchange>>();
    auto exchange = std::make_shared<Exchange>(host_, std::move(request), [this, job, ending, ended = std::move(ended)](Ending result) {
        forget(job, ending->lock().get());
        ended(std::move(result));
        const std::scoped_lock lock{mutex_};
        --open_;
        changed_.notify_all();
    });
    *ending = exchange;
    auto on_stop = std::make_unique<OnStop>(stop, [this, ending] {
        asio::post(io_, [ending] {
            if (const auto found = ending->lock()) found->give_up("nobody waits for the answer any more");
        });
    });
    under_way_.emplace(job, UnderWay{exchange, std::move(on_stop)});
    exchange->start();
}

void Client::forget(JobKey job, const Exchange* exchange) {
    const auto [first, last] = under_way_.equal_range(job);
    for (auto it = first; it != last; ++it) {
        if (it->second.exchange.get() != exchange) continue;
        under_way_.erase(it);
        return;
    }
}

void Client::cancel(JobKey job) {
    asio::post(io_, [this, job] {
        std::vector<std::shared_ptr<Exchange>> found;   // giving up takes them out of the map
        const auto [first, last] = under_way_.equal_range(job);
        for (auto it = first; it != last; ++it) found.push_back(it->second.exchange);
        for (const auto& exchange : found) exchange->give_up("cancelled");
    });
}

void Client::give_up_all() {
    pool_.close();
    while (!under_way_.empty()) {
        const auto exchange = under_way_.begin()->second.exchange;
        exchange->give_up("the engine stops");
    }
}

void Client::stop(Instant deadline) {
    {
        std::unique_lock lock{mutex_};
        stopped_ = true;
        changed_.wait_until(lock, deadline, [&] { return open_ == 0; });
    }
    // io_.stop() and not the end of all work: a name service that does not answer would hold us up.
    asio::post(io_, [this] {
        give_up_all();
        io_.stop();
    });
    const std::scoped_lock lock{joining_};   // not mutex_: what is given up takes that one
    if (thread_.joinable()) thread_.join();
}

bool Client::is_stopped() const {
    const std::scoped_lock lock{mutex_};
    return stopped_;
}

}  // namespace kontor::http_client
