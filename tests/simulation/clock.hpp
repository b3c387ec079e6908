#pragma once
/// Virtual time: whatever is to happen waits in one queue, and the clock jumps from one thing to the next.
#include <kontor/temporal.hpp>

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

namespace kontor::simulation {

class Clock {
public:
    [[nodiscard]] Instant now() const noexcept { return now_; }
    void at(Instant when, std::function<void()> what) { queue_.push({std::max(when, now_), ++count_, std::move(what)}); }
    void after(Duration delay, std::function<void()> what) { at(now_ + delay, std::move(what)); }

    /// Does what is due until then; the clock stands there afterwards.
    void run_until(Instant until) {
        while (!queue_.empty() && queue_.top().when <= until) {
            Entry next = queue_.top();
            queue_.pop();
            now_ = next.when;
            next.what();
        }
        now_ = std::max(now_, until);
    }

private:
    struct Entry {
        Instant when;
        std::uint64_t number;   // things of one instant happen in the order in which they were planned
        std::function<void()> what;
        bool operator<(const Entry& other) const { return when != other.when ? when > other.when : number > other.number; }
    };
    Instant now_{std::chrono::sys_days{std::chrono::March / 2 / 2026}};
    std::uint64_t count_ = 0;
    std::priority_queue<Entry> queue_;
};

}  // namespace kontor::simulation
