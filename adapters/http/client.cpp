#include "http/client.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <functional>
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
        else return ended(NotSent{"the engine stops", true});
    }
    // dispatch: a request that follows another one on this thread is there at once, so no cancel() can slip in between.
    asio::dispatch(io_, [this, job, request = std::move(request), stop = std::move(stop), ended = std::move(ended)]() mutable {
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
            if (const auto found = ending->lock()) found->cancel("nobody waits for the answer any more");
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
        std::vector<std::shared_ptr<Exchange>> found;   // what is cancelled leaves the map
        const auto [first, last] = under_way_.equal_range(job);
        for (auto it = first; it != last; ++it) found.push_back(it->second.exchange);
        for (const auto& exchange : found) exchange->cancel("cancelled");
    });
}

void Client::cancel_if(const std::function<bool(const Exchange&)>& condition, const std::string& why) {
    std::vector<std::shared_ptr<Exchange>> found;   // what is cancelled leaves the map
    for (const auto& [job, under_way] : under_way_)
        if (condition(*under_way.exchange)) found.push_back(under_way.exchange);
    for (const auto& exchange : found) exchange->cancel(why);
}

void Client::stop(Instant deadline) {
    {
        std::unique_lock lock{mutex_};
        stopped_ = true;
        asio::post(io_, [this] { cancel_if(std::mem_fn(&Exchange::is_pausing), "the engine stops"); });
        changed_.wait_until(lock, deadline, [&] { return open_ == 0; });
    }
    // io_.stop() and not the end of all work: a name service that does not answer would hold us up.
    asio::post(io_, [this] {
        pool_.close();
        cancel_if([](const Exchange&) { return true; }, "the engine stops");
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
