#include "amqp/receipts.hpp"

#include <kontor/error.hpp>

#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

namespace kontor::amqp_client {

namespace {
constexpr auto before_another_try = std::chrono::seconds{1};
}

Receipts::Receipts() : descriptor_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
    if (descriptor_ < 0) throw Error{Code::unavailable, "amqp(): no file descriptor to be had"};
}
Receipts::~Receipts() { ::close(descriptor_); }

void Receipts::begin_connection() {
    const std::scoped_lock lock{mutex_};
    open_ = 0;
    acknowledge_.clear();
    give_back_.clear();
    ++connection_;
}

std::uint64_t Receipts::connection() const {
    const std::scoped_lock lock{mutex_};
    return connection_;
}

void Receipts::hand_over() {
    const std::scoped_lock lock{mutex_};
    ++open_;
}

void Receipts::settled(std::uint64_t connection, std::uint64_t delivery, const Result<void>& result) {
    const bool not_now = !result && (result.error().retryable() || result.error().code() == Code::outcome_unknown);
    {
        const std::scoped_lock lock{mutex_};
        if (connection != connection_) return;
        --open_;
        if (not_now) give_back_.emplace(std::chrono::steady_clock::now() + before_another_try, delivery);
        else acknowledge_.push_back(delivery);
    }
    wake();
}

Receipts::Settled Receipts::take(SteadyTime now) {
    const std::scoped_lock lock{mutex_};
    Settled out{.acknowledge = std::exchange(acknowledge_, {})};
    const auto last = give_back_.upper_bound(now);
    for (auto it = give_back_.begin(); it != last; ++it) out.give_back.push_back(it->second);
    give_back_.erase(give_back_.begin(), last);
    return out;
}

std::size_t Receipts::open() const {
    const std::scoped_lock lock{mutex_};
    return open_;
}

SteadyTime Receipts::next_due() const {
    const std::scoped_lock lock{mutex_};
    return give_back_.empty() ? SteadyTime::max() : give_back_.begin()->first;
}

void Receipts::wake() const noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(descriptor_, &one, sizeof one);   // full: it is awake
}

void Receipts::sleep() const noexcept {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto taken = ::read(descriptor_, &count, sizeof count);
}

}  // namespace kontor::amqp_client
