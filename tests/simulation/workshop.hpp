#pragma once
/// Where the work of one engine is done: in queues that the world steps one handler at a time, instead of threads.
#include "runtime/machine/workshop.hpp"
#include "simulation/time.hpp"

#include <array>
#include <map>
#include <memory>

namespace kontor::simulation {

/// The clock of one machine: the world's, but for what it is wrong by.
class NodeClock final : public Clock {
public:
    explicit NodeClock(const Time& time) : time_{time} {}
    [[nodiscard]] Instant now() const override { return time_.now() + wrong_by_; }
    [[nodiscard]] std::shared_ptr<void> alarm(Instant when, std::function<void()> then) override;

    void set_wrong_by(Duration by) noexcept { wrong_by_ = by; }
    /// Rings one that is due; false if none is.
    bool ring();
    /// When the next one is due, in the world's time.
    [[nodiscard]] Instant next() const { return alarms_.empty() ? Instant::max() : alarms_.begin()->first - wrong_by_; }

private:
    const Time& time_;
    Duration wrong_by_{};
    std::multimap<Instant, std::weak_ptr<std::function<void()>>> alarms_;
};

/// Whether an engine is still there, and whether some of its code is in the middle of something, further down on the world's stack.
struct Presence {
    bool gone = false;
    bool runs = false;      ///< Engine::run() has returned
    int amid = 0;
};
class Amid {
public:
    explicit Amid(Presence& presence) : presence_{presence} { ++presence_.amid; }
    ~Amid() { --presence_.amid; }
    Amid(const Amid&) = delete;
    Amid& operator=(const Amid&) = delete;

private:
    Presence& presence_;
};

/// Of one engine. Once that is gone, what is left in the queues happens to nobody.
class SteppedWorkshop final : public runtime::Workshop {
public:
    static constexpr std::size_t buckets = 4;

    SteppedWorkshop(Time& time, Presence& presence, Duration clock_is_wrong_by);

    /// Each bucket asks once, and gets a queue of its own: threads let buckets overtake each other, and so does this.
    boost::asio::io_context& work() override { return work_[asked_++ % work_.size()]->context; }
    boost::asio::io_context& reads() override { return reads_.context; }
    boost::asio::io_context& care() override { return care_.context; }
    boost::asio::io_context& commits() override { return commits_.context; }
    Executor& callbacks() override { return callbacks_; }
    Clock& clock() override { return clock_; }
    NodeClock& node_clock() noexcept { return clock_; }

    bool help(const std::function<bool()>& done) override;
    bool pause(Duration) override;
    void give_up() override { given_up_ = true; }
    void close() override;

    /// One handler of a queue that is picked at random.
    bool step(test::Random&);
    [[nodiscard]] Instant next() const { return clock_.next(); }

private:
    struct Queue {
        boost::asio::io_context context{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
        /// One handler, if there is one; also from within another one of this queue.
        bool step() {
            if (context.stopped()) context.restart();   // it stops when nothing seems to be left, and cannot count what nested ones do
            return context.poll_one() > 0;
        }
    };
    class Callbacks final : public Executor {
    public:
        void post(std::function<void()> work) override { waiting_.push_back(std::move(work)); }
        /// Any of them: a pool of threads has no order.
        bool step(test::Random*);

    private:
        std::vector<std::function<void()>> waiting_;
    };
    bool step_queue(std::size_t number, test::Random*);
    /// Of a queue with one thread: not while that is in the middle of something.
    static bool step_alone(Queue&, bool& busy);

    Time& time_;
    Presence& presence_;
    NodeClock clock_;
    std::array<std::unique_ptr<Queue>, buckets> work_;
    Queue reads_;
    Queue care_;
    Queue commits_;
    Callbacks callbacks_;
    std::size_t asked_ = 0;
    bool committing_ = false;
    bool caring_ = false;
    bool given_up_ = false;
};

}  // namespace kontor::simulation
