#include "http/pool.hpp"

namespace kontor::http_client {

using std::chrono::steady_clock;

Pool::Pool(boost::asio::io_context& io, std::size_t limit, Duration idle_timeout)
    : sweeper_{io}, limit_{limit}, idle_timeout_{idle_timeout} {}

void Pool::want(Customer& customer) {
    if (in_use_ >= limit_) return waiting_.push_back(&customer);
    ++in_use_;
    customer.served(take_idle());
}

void Pool::leave(Customer& customer) { std::erase(waiting_, &customer); }

void Pool::give_back(std::unique_ptr<Stream> reusable) {
    if (reusable && idle_timeout_ > Duration{0}) {
        idle_.push_back({std::move(reusable), steady_clock::now() + idle_timeout_});
        if (idle_.size() == 1) sweep();
    }
    if (waiting_.empty()) {
        --in_use_;
        return;
    }
    Customer& next = *waiting_.front();
    waiting_.pop_front();
    next.served(take_idle());
}

void Pool::close() {
    idle_timeout_ = Duration{0};
    idle_.clear();
    sweeper_.cancel();
}

/// The one used last: it is the least likely to have been closed, and the others may grow old and go.
std::unique_ptr<Stream> Pool::take_idle() {
    const auto now = steady_clock::now();
    while (!idle_.empty()) {
        Idle last = std::move(idle_.back());
        idle_.pop_back();
        if (now < last.until && last.stream->is_quiet()) return std::move(last.stream);
    }
    return nullptr;
}

void Pool::sweep() {
    const auto now = steady_clock::now();
    while (!idle_.empty() && idle_.front().until <= now) idle_.pop_front();
    if (idle_.empty()) return;
    sweeper_.expires_at(idle_.front().until);
    sweeper_.async_wait([this](error_code cancelled) {
        if (!cancelled) sweep();
    });
}

}  // namespace kontor::http_client
