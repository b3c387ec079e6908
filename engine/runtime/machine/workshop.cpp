#include "runtime/machine/workshop.hpp"

#include "runtime/machine/system_clock.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

namespace kontor::runtime {
namespace {

namespace asio = boost::asio;

/// A context with threads that run it until it is closed and has nothing left to do.
class Crew {
public:
    explicit Crew(unsigned size) : context_{static_cast<int>(size)}, open_{context_.get_executor()} {
        for (unsigned i = 0; i < size; ++i) threads_.emplace_back([this] { context_.run(); });
    }
    ~Crew() { close(); }
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    asio::io_context& context() noexcept { return context_; }
    /// Returns when all that was posted before has been done, by whichever thread.
    void flush() {
        const auto here = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(threads_.size()) + 1);   // the last to leave drops it
        for (std::size_t i = 0; i < threads_.size(); ++i) asio::post(context_, [here] { here->arrive_and_wait(); });
        here->arrive_and_wait();
    }
    /// Leaves undone what is planned for later.
    void stop() {
        context_.stop();
        close();
    }
    void close() {
        open_.reset();
        for (auto& thread : threads_)
            if (thread.joinable()) thread.join();
    }

private:
    asio::io_context context_;
    asio::executor_work_guard<asio::io_context::executor_type> open_;
    std::vector<std::thread> threads_;
};

class PoolExecutor final : public Executor {
public:
    explicit PoolExecutor(unsigned threads) : pool_{threads} {}
    ~PoolExecutor() override { pool_.join(); }
    void post(std::function<void()> work) override {
        {
            const std::shared_lock lock{mutex_};
            if (!closed_) return asio::post(pool_, std::move(work));
        }
        work();   // what is still called back to says that the engine has stopped
    }
    void close() {
        {
            const std::unique_lock lock{mutex_};
            closed_ = true;
        }
        pool_.join();
    }

private:
    asio::thread_pool pool_;
    std::shared_mutex mutex_;
    bool closed_ = false;
};

/// A clock whose alarms ring no more once it is closed. Dropping an alarm does not stop one that rings just now, on whatever thread the host's
/// clock has: whoever takes the engine apart has to wait for it.
class ClosableClock final : public Clock {
public:
    explicit ClosableClock(std::shared_ptr<Clock> clock) : clock_{std::move(clock)} {}
    [[nodiscard]] Instant now() const override { return clock_->now(); }
    [[nodiscard]] std::shared_ptr<void> alarm(Instant when, std::function<void()> then) override {
        return clock_->alarm(when, [door = door_, then = std::move(then)] {
            const std::shared_lock lock{door->mutex};
            if (!door->closed) then();
        });
    }
    void close() {
        const std::unique_lock lock{door_->mutex};
        door_->closed = true;
    }

private:
    struct Door {
        std::shared_mutex mutex;
        bool closed = false;
    };
    std::shared_ptr<Clock> clock_;
    std::shared_ptr<Door> door_ = std::make_shared<Door>();
};

constexpr unsigned default_handler_threads = 8;

/// Half of the machine: the other half writes, and runs handlers. More threads than there is room for only wake each other up.
unsigned working_threads() { return std::max(1U, std::thread::hardware_concurrency() / 2); }

class Threads final : public Workshop {
public:
    Threads(std::shared_ptr<Executor> executor, unsigned threads, std::shared_ptr<Clock> clock)
        : clock_{clock ? std::move(clock) : std::make_shared<SystemClock>(alarms_.context())},
          pool_{executor ? nullptr : std::make_shared<PoolExecutor>(threads ? threads : default_handler_threads)},
          executor_{executor ? std::move(executor) : pool_} {}

    asio::io_context& work() override { return work_.context(); }
    asio::io_context& reads() override { return reads_.context(); }
    asio::io_context& care() override { return care_.context(); }
    asio::io_context& commits() override { return commits_.context(); }
    Executor& callbacks() override { return *executor_; }
    Clock& clock() override { return clock_; }

    bool help(const std::function<bool()>&) override { return true; }
    bool pause(Duration length) override {
        std::unique_lock lock{mutex_};
        return !changed_.wait_for(lock, length, [this] { return given_up_; });
    }
    void give_up() override {
        const std::scoped_lock lock{mutex_};
        given_up_ = true;
        changed_.notify_all();
    }
    void close() override {
        give_up();
        // What is left to do flows between the crews: round it goes, then nothing can come any more. Nothing new is taken since before.
        for (int round = 0; round < 3; ++round) flush();
        clock_.close();
        alarms_.stop();
        if (pool_) pool_->close();
        for (int round = 0; round < 3; ++round) flush();
        care_.close();
        reads_.close();
        commits_.close();
        work_.close();
    }

private:
    void flush() {
        for (Crew* crew : {&reads_, &work_, &commits_, &work_}) crew->flush();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool given_up_ = false;
    Crew work_{working_threads()};
    Crew reads_{4};
    Crew care_{1};
    Crew commits_{1};
    Crew alarms_{1};
    ClosableClock clock_;
    std::shared_ptr<PoolExecutor> pool_;      ///< null: the host's
    std::shared_ptr<Executor> executor_;
};

}  // namespace

std::unique_ptr<Workshop> threaded_workshop(std::shared_ptr<Executor> executor, unsigned threads, std::shared_ptr<Clock> clock) {
    return std::make_unique<Threads>(std::move(executor), threads, std::move(clock));
}

}  // namespace kontor::runtime
