#pragma once
/// A clock that the program moves, so that ten days of reflection pass while somebody watches.
#include <kontor/options.hpp>

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

/// Any thread. Alarms ring in a thread of its own, also those that are set for a time that has passed already.
class MovedClock final : public kontor::Clock {
public:
    explicit MovedClock(kontor::Instant now) : now_{now} {}

    [[nodiscard]] kontor::Instant now() const override {
        const std::scoped_lock lock{mutex_};
        return now_;
    }
    [[nodiscard]] std::shared_ptr<void> alarm(kontor::Instant when, std::function<void()> then) override {
        auto ring = std::make_shared<std::function<void()>>(std::move(then));
        const std::scoped_lock lock{mutex_};
        alarms_.emplace(when, ring);
        changed_.notify_all();
        return ring;
    }
    void advance(kontor::Duration by) {
        const std::scoped_lock lock{mutex_};
        now_ += by;
        changed_.notify_all();
    }

private:
    void ring(const std::stop_token& stop) {
        for (std::unique_lock lock{mutex_};;) {
            const bool due = changed_.wait(lock, stop, [this] { return !alarms_.empty() && alarms_.begin()->first <= now_; });
            if (!due) return;
            const auto alarm = alarms_.begin()->second.lock();   // nothing if it was forgotten meanwhile
            alarms_.erase(alarms_.begin());
            lock.unlock();
            if (alarm) (*alarm)();
            lock.lock();
        }
    }

    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    kontor::Instant now_;
    std::multimap<kontor::Instant, std::weak_ptr<std::function<void()>>> alarms_;
    std::jthread thread_{[this](const std::stop_token& stop) { ring(stop); }};
};
