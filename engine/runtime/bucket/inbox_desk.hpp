#pragma once
/// A bucket's inbox: messages on their way to instances, what other nodes have sent, and what the host recorded in a transaction of its own.
#include "ports/rows.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kontor::runtime {

class Bucket;

/// Takes each row up once, and of many only so many at a time. The commit of what comes of a row consumes it. On its bucket's strand.
class InboxDesk {
public:
    explicit InboxDesk(Bucket& bucket) : bucket_{bucket} {}

    /// A row that has just become durable.
    void receive(const ports::InboxRow&);
    /// Reads the inbox for rows that somebody else has put there.
    void look() { look_behind(0); }
    /// The same, now and then.
    void look_after();
    /// A row was consumed; or it was not, and is looked at again later.
    void is_done(const std::string& id);
    /// Its row is still there for the next owner.
    void leave_to_others(const std::string& id) { at_work_.erase(id); }
    /// Another node gets the bucket.
    void leave();

private:
    struct Receive;

    void look_behind(std::uint64_t arrival);
    void go_on();
    void take_up(const std::vector<ports::InboxRow>&);
    void take_up(const ports::InboxRow&);

    Bucket& bucket_;
    std::set<std::string> at_work_;         ///< rows
    std::optional<std::uint64_t> rest_;     ///< there are more, behind this arrival
    std::size_t looks_ = 0;                 ///< that are reading
    bool look_again_ = false;
    std::set<std::string> done_;            ///< rows that were consumed during those looks: what they read of them is old
    std::set<std::string> found_[2];        ///< rows that a look has found, of this time and the time before
    Instant found_turned_{};
};

}  // namespace kontor::runtime
