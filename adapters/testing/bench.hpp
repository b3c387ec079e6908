#pragma once
/// A workshop with one thread, that of whoever asks for something, and a clock that stands still unless it is moved.
#include "runtime/machine/workshop.hpp"

#include <map>

namespace kontor::testing {

/// Not thread-safe.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Instant now) : now_{now} {}

    [[nodiscard]] Instant now() const override { return now_; }
    [[nodiscard]] std::shared_ptr<void> alarm(Instant when, std::function<void()> then) override;

    /// The earliest alarm, if it is set for `until` or before: moves the clock to it and rings. False if there is none.
    bool ring_next(Instant until);
    void set(Instant now) noexcept { now_ = now; }

private:
    using Alarms = std::multimap<Instant, std::weak_ptr<std::function<void()>>>;
    Instant now_;
    Alarms alarms_;
};

/// Borrows the clock, which outlives restarts.
class Bench final : public runtime::Workshop {
public:
    explicit Bench(ManualClock& clock) : clock_{clock} {}

    boost::asio::io_context& work() override { return context_; }
    boost::asio::io_context& reads() override { return context_; }
    boost::asio::io_context& commits() override { return context_; }
    Executor& callbacks() override { return callbacks_; }
    Clock& clock() override { return clock_; }

    bool help(const std::function<bool()>& done) override;
    bool pause(Duration) override { return !given_up_; }
    void give_up() override { given_up_ = true; }
    void close() override;

    /// Does everything that there is to do at this moment.
    void settle();

private:
    class Callbacks final : public Executor {
    public:
        explicit Callbacks(boost::asio::io_context& context) : context_{context} {}
        void post(std::function<void()> work) override;

    private:
        boost::asio::io_context& context_;
    };

    ManualClock& clock_;
    boost::asio::io_context context_{1};
    Callbacks callbacks_{context_};
    bool given_up_ = false;
};

}  // namespace kontor::testing
