#pragma once
/// Which of several servers holds what was written last. Private to postgresql/.
///
/// A standby that takes over begins another timeline, with a higher number. The server that it took over from may come back by itself, as a
/// second primary that can be written to: who knows the higher number does not go there again.
#include <atomic>
#include <cstdint>
#include <string>

namespace kontor::store::postgresql {

class Connection;

/// The highest that this process has seen. Any thread.
class Timeline {
public:
    /// Throws Error{unavailable} if that is the timeline of a server that was replaced.
    void require_newest(std::uint32_t timeline, const std::string& name);
    /// Whether a connection that was made there is still one to the newest.
    [[nodiscard]] bool is_newest(std::uint32_t timeline) const noexcept { return timeline >= newest_; }

private:
    std::atomic<std::uint32_t> newest_{0};
};

/// 0 if the server tells none: a standby, or a service that keeps its log elsewhere. Throws Failure.
std::uint32_t timeline_of(Connection&);

}  // namespace kontor::store::postgresql
