#include "runtime/bucket/timers.hpp"

namespace kontor::runtime {

void Timers::put(const ports::TimerRow& row) {
    if (looking_) changed_.insert(row.key);
    keep(row);
}

void Timers::drop(std::uint64_t key) {
    if (looking_) changed_.insert(key);
    forget(key);
}

void Timers::keep(const ports::TimerRow& row) {
    forget(row.key);
    if (row.due > horizon_ || firing_.contains({row.due, row.key})) return;
    by_due_.emplace(row.due, row.key);
    by_key_.emplace(row.key, row);
}

void Timers::forget(std::uint64_t key) {
    const auto it = by_key_.find(key);
    if (it == by_key_.end()) return;
    by_due_.erase({it->second.due, key});
    by_key_.erase(it);
}

std::vector<ports::TimerRow> Timers::take_due(Instant now, std::size_t limit) {
    std::vector<ports::TimerRow> due;
    while (!by_due_.empty() && by_due_.begin()->first <= now && due.size() < limit) {
        const auto it = by_key_.find(by_due_.begin()->second);
        due.push_back(it->second);
        firing_.insert(*by_due_.begin());
        by_key_.erase(it);
        by_due_.erase(by_due_.begin());
    }
    return due;
}

void Timers::fired(const ports::TimerRow& row) { firing_.erase({row.due, row.key}); }

Instant Timers::next() const { return by_due_.empty() ? next_look_ : std::min(next_look_, by_due_.begin()->first); }

}  // namespace kontor::runtime
