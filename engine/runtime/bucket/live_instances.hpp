#pragma once
/// The instances of one bucket that are in memory.
#include "runtime/instance/live.hpp"

#include <list>
#include <unordered_map>
#include <vector>

namespace kontor::runtime {

/// Not thread-safe: belongs to its bucket. One that is needed stays: somebody works on it, or what was decided of it is not durable. One that
/// only waits may stay too, and leaves when others have been used since. An ended one leaves at once.
class LiveInstances {
public:
    /// Null if it is not in memory.
    [[nodiscard]] Live* find(InstanceKey);
    /// Null if it is not in memory with its state as decided.
    [[nodiscard]] const Live* at_hand(InstanceKey) const;
    [[nodiscard]] bool contains(InstanceKey key) const { return live_.contains(key); }
    /// In place of the one that may be there.
    Live& put(InstanceKey key, Live live) { return live_.insert_or_assign(key, std::move(live)).first->second; }
    /// Unless it is there.
    void found(InstanceKey key, Live live) { live_.emplace(key, std::move(live)); }

    /// Somebody needs it now.
    void use(Live&);
    /// Nobody does any more. True if it has left memory.
    bool rest(InstanceKey);
    void erase(InstanceKey);
    /// Those of which something is not durable; returns the spoiled among them.
    std::vector<InstanceKey> drop_uncommitted();
    void clear();

private:
    std::unordered_map<InstanceKey, Live> live_;
    std::list<InstanceKey> resting_;       ///< in memory although nobody needs them, the longest unused first
};

}  // namespace kontor::runtime
