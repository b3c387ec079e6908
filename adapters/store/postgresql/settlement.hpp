#pragma once
/// What makes the outcome of an unknown commit final. Private to postgresql/.
///
/// Behind a broken connection the server's process may still have the whole commit before it, unread. Looking at the bucket's row, even under
/// its lock, says nothing about what that process will do next. So outcome() adds one to the row's `settled`, and the fence of a commit
/// compares it: what was sent before does not fit any more. The process itself is asked to end, so that its locks go at once.
#include "ports/store.hpp"
#include "store/postgresql/connection.hpp"

#include <mutex>
#include <vector>

namespace kontor::store::postgresql {

/// Any thread.
class Settlement {
public:
    /// The number that a commit of this process expects in the bucket's row.
    [[nodiscard]] std::int64_t of(std::uint32_t bucket) const;
    void set(std::uint32_t bucket, std::int64_t settled);

    /// Its commit is unknown.
    void note_lost(const Backend&);
    /// Ends those processes of the server. Throws Failure.
    void end_lost(Connection&);

private:
    mutable std::mutex mutex_;
    std::vector<std::int64_t> settled_;
    std::vector<Backend> lost_;
};

}  // namespace kontor::store::postgresql
