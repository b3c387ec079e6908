#pragma once
/// What this process was told is durable, and whether the database still knows it. Private to postgresql/.
///
/// A standby that takes over without having had all commits is a store that has forgotten something: services have seen calls that it knows nothing
/// of, and it would give their keys to others. Of a bucket that is still this process's, the database cannot know less than was confirmed.
#include "ports/store.hpp"

#include <mutex>
#include <optional>
#include <vector>

namespace kontor::store::postgresql {

/// Any thread.
class Confirmed {
public:
    /// Of one bucket. Within an epoch batches are numbered upwards, and nobody else writes.
    struct Mark {
        std::uint64_t epoch = 0;
        std::uint64_t batch = 0;
        /// Whether a database where the bucket is at `now` has forgotten this.
        [[nodiscard]] bool is_ahead_of(const Mark& now) const noexcept { return epoch > now.epoch || (epoch == now.epoch && batch > now.batch); }
    };

    void note(const ports::Batch&);
    void note_taken(std::uint32_t bucket, std::uint64_t epoch);
    /// The last batch that was confirmed to that owner of the bucket; 0 if none was.
    [[nodiscard]] std::uint64_t batch_of(const ports::Advance&) const;
    /// By bucket. What is read afterwards must not be behind it.
    [[nodiscard]] std::vector<Mark> marks() const;

private:
    void raise(std::uint32_t bucket, const Mark&);
    mutable std::mutex mutex_;
    std::vector<Mark> marks_;
};

}  // namespace kontor::store::postgresql
