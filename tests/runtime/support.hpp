#pragma once
/// For tests of the runtime with its threads: a store that outlives engines and misbehaves on demand, a clock that the test moves, and
/// conditions to wait for.
#include "store/memory/memory_store.hpp"

#include <kontor/kontor.hpp>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace kontor::test {

/// Whether the condition comes true in time. Looks often; a test that fails takes the whole patience.
bool until(const std::function<bool()>& condition, std::chrono::seconds patience = std::chrono::seconds{20});

/// Between an engine and its store. Cut, every call waits, as if the process stood still; what others signal is not heard.
class Wire {
public:
    void cut();
    void mend();
    void pass();
    [[nodiscard]] bool is_cut() const;
    /// Calls that wait.
    [[nodiscard]] int waiting() const;

private:
    mutable std::mutex mutex_;
    std::condition_variable mended_;
    bool cut_ = false;
    int waiting_ = 0;
};

/// Shared by a test and the engines that it opens, one after the other or side by side.
struct Disk {
    explicit Disk(std::uint32_t buckets = 4) : memory{{.buckets = buckets}} {}
    store::MemoryStore memory;
    /// Called before each read of that name, without any lock: may wait or throw. Thread-safe.
    void before_read(std::function<void(std::string_view name)> hook);
    void read(std::string_view name);
    /// For Options::store.
    [[nodiscard]] Store store(std::shared_ptr<Wire> wire = nullptr);

private:
    std::mutex mutex_;
    std::function<void(std::string_view)> hook_;
};

/// Stands still unless it is moved, either way. Alarms ring on a thread of its own.
class TestClock final : public Clock {
public:
    explicit TestClock(Instant now);
    ~TestClock() override;
    [[nodiscard]] Instant now() const override;
    [[nodiscard]] std::shared_ptr<void> alarm(Instant when, std::function<void()> then) override;
    void move(Duration by);

private:
    struct Ring;
    void run();

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Instant now_;
    std::multimap<Instant, std::weak_ptr<Ring>> alarms_;
    bool over_ = false;
    std::thread thread_;
};

/// Closed until opened; for handlers that the test holds.
class Gate {
public:
    void open();
    void pass();
    [[nodiscard]] int waiting() const;

private:
    mutable std::mutex mutex_;
    std::condition_variable opened_;
    int waiting_ = 0;
    bool open_ = false;
};

/// The code of the Error that it throws; Code::ok if none.
Code code_of(const std::function<void()>& work);

}  // namespace kontor::test
