#pragma once
/// The due times of one bucket: the near ones in memory, the others in the store.
#include "ports/rows.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace kontor::runtime {

/// Not thread-safe: belongs to its bucket.
class Timers {
public:
    /// Replaces the one with that key. Beyond the horizon it is left to the store. One that is firing is not taken again: whoever reads
    /// the store while a commit takes long finds its row there still.
    void put(const ports::TimerRow&);
    void drop(std::uint64_t key);
    /// Takes out at most `limit` that are due: they are firing until fired().
    std::vector<ports::TimerRow> take_due(Instant now, std::size_t limit);
    void fired(const ports::TimerRow&);
    /// Whether take_due() would find any.
    [[nodiscard]] bool has_due(Instant now) const { return !by_due_.empty() && by_due_.begin()->first <= now; }
    /// That are taken and have not fired yet.
    [[nodiscard]] std::size_t firing() const noexcept { return firing_.size(); }
    /// When something is to be done next: the earliest due time, or the next look into the store.
    [[nodiscard]] Instant next() const;

    /// Those that are due until then are kept here. To be called before the store is read, so that what is committed meanwhile is kept too.
    void begin_look(Instant horizon) {
        horizon_ = std::max(horizon_, horizon);
        looking_ = true;
    }
    /// One that the look has found. Old news if its timer has been put or dropped since the look began.
    void found(const ports::TimerRow& row) {
        if (!changed_.contains(row.key)) keep(row);
    }
    void end_look() {
        looking_ = false;
        changed_.clear();
    }
    /// When the store has to be read again.
    [[nodiscard]] Instant next_look() const noexcept { return next_look_; }
    void look_again(Instant at) noexcept { next_look_ = at; }

private:
    void keep(const ports::TimerRow&);
    void forget(std::uint64_t key);

    std::set<std::pair<Instant, std::uint64_t>> by_due_;
    std::unordered_set<std::uint64_t> changed_;      ///< since the look began that is under way
    bool looking_ = false;
    std::unordered_map<std::uint64_t, ports::TimerRow> by_key_;
    std::set<std::pair<Instant, std::uint64_t>> firing_;
    Instant horizon_ = Instant::min();
    Instant next_look_ = Instant::min();
};

}  // namespace kontor::runtime
