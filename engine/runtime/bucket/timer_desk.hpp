#pragma once
/// A bucket's timers: those of the next minutes in memory, the others in the store.
#include "ports/store.hpp"
#include "runtime/bucket/timers.hpp"

#include <memory>
#include <vector>

namespace kontor::runtime {

class Bucket;

/// On its bucket's strand.
class TimerDesk {
public:
    explicit TimerDesk(Bucket& bucket) : bucket_{bucket} {}

    /// Reads those of the next minutes.
    void look();
    /// What a commit has made durable.
    void settle(const std::vector<std::uint64_t>& gone, const std::vector<ports::TimerRow>& put);
    /// None fires any more.
    void close() { alarm_.reset(); }
    /// Another node gets the bucket.
    void leave();

private:
    void set_alarm();
    void fire();

    Bucket& bucket_;
    Timers timers_;
    std::shared_ptr<void> alarm_;
    Instant alarm_at_ = Instant::max();
    bool looking_ = false;
    ports::TimerCursor read_{};             ///< behind the last page, if that was not all of them
};

}  // namespace kontor::runtime
