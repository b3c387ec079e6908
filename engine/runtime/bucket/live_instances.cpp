#include "runtime/bucket/live_instances.hpp"

namespace kontor::runtime {
namespace {

/// Whoever comes back soon need not be read again.
constexpr std::size_t resting_in_memory = 64;

}  // namespace

Live* LiveInstances::find(InstanceKey key) {
    const auto it = live_.find(key);
    return it == live_.end() ? nullptr : &it->second;
}

const Live* LiveInstances::at_hand(InstanceKey key) const {
    const auto it = live_.find(key);
    return it == live_.end() || it->second.spoiled ? nullptr : &it->second;
}

void LiveInstances::use(Live& live) {
    if (!live.resting) return;
    resting_.erase(*live.resting);
    live.resting.reset();
}

bool LiveInstances::rest(InstanceKey key) {
    const auto it = live_.find(key);
    if (it == live_.end() || it->second.uncommitted > 0) return false;
    Live& live = it->second;
    if (live.spoiled || live.state.ended()) {
        erase(key);
        return true;
    }
    if (live.row.active || live.resting) return false;
    live.resting = resting_.insert(resting_.end(), key);
    if (resting_.size() > resting_in_memory) erase(resting_.front());
    return false;
}

void LiveInstances::erase(InstanceKey key) {
    const auto it = live_.find(key);
    if (it == live_.end()) return;
    use(it->second);
    live_.erase(it);
}

std::vector<InstanceKey> LiveInstances::drop_uncommitted() {
    std::vector<InstanceKey> spoiled;
    for (auto it = live_.begin(); it != live_.end();) {
        Live& live = it->second;
        if (live.spoiled) spoiled.push_back(it->first);
        if (live.uncommitted == 0 && !live.spoiled) {
            ++it;
            continue;
        }
        use(live);
        it = live_.erase(it);
    }
    return spoiled;
}

void LiveInstances::clear() {
    live_.clear();
    resting_.clear();
}

}  // namespace kontor::runtime
