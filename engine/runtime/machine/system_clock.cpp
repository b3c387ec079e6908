#include "runtime/machine/system_clock.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <mutex>

namespace kontor::runtime {
namespace {

/// How late an alarm may be after the clock was set forward.
constexpr Duration longest_sleep = std::chrono::seconds{10};

/// Sleeps by the steady clock, in pieces, since the system's may be set while it sleeps.
class Alarm : public std::enable_shared_from_this<Alarm> {
public:
    Alarm(boost::asio::io_context& context, const Clock& clock, Instant when, std::function<void()> then)
        : timer_{context}, clock_{clock}, when_{when}, then_{std::move(then)} {}

    void sleep() {
        const std::scoped_lock lock{mutex_};
        if (!then_) return;
        timer_.expires_after(std::clamp(when_ - clock_.now(), Duration{0}, longest_sleep));
        timer_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
            if (!cancelled) self->wake();
        });
    }
    void cancel() {
        const std::scoped_lock lock{mutex_};
        then_ = nullptr;
        timer_.cancel();
    }

private:
    void wake() {
        if (clock_.now() < when_) return sleep();
        std::function<void()> then;
        {
            const std::scoped_lock lock{mutex_};
            then = std::exchange(then_, nullptr);
        }
        if (then) then();
    }

    std::mutex mutex_;
    boost::asio::steady_timer timer_;
    const Clock& clock_;
    const Instant when_;
    std::function<void()> then_;
};

}  // namespace

Instant SystemClock::now() const { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

std::shared_ptr<void> SystemClock::alarm(Instant when, std::function<void()> then) {
    auto alarm = std::make_shared<Alarm>(context_, *this, when, std::move(then));
    alarm->sleep();
    return {nullptr, [alarm](void*) { alarm->cancel(); }};
}

}  // namespace kontor::runtime
