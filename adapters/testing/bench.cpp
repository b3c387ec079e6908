#include "testing/bench.hpp"

#include <boost/asio/post.hpp>

namespace kontor::testing {

std::shared_ptr<void> ManualClock::alarm(Instant when, std::function<void()> then) {
    auto ring = std::make_shared<std::function<void()>>(std::move(then));
    alarms_.emplace(when, ring);
    return ring;
}

bool ManualClock::ring_next(Instant until) {
    while (!alarms_.empty() && alarms_.begin()->first <= until) {
        const auto [when, weak] = *alarms_.begin();
        alarms_.erase(alarms_.begin());
        const auto ring = weak.lock();
        if (!ring) continue;   // forgotten meanwhile
        now_ = std::max(now_, when);
        (*ring)();
        return true;
    }
    return false;
}

void Bench::Callbacks::post(std::function<void()> work) { boost::asio::post(context_, std::move(work)); }

bool Bench::help(const std::function<bool()>& done) {
    context_.restart();
    while (!done())
        if (context_.poll_one() == 0) return done();
    return true;
}

void Bench::settle() {
    context_.restart();
    context_.poll();
}

void Bench::close() {
    settle();
    given_up_ = true;
}

}  // namespace kontor::testing
