#include "bench/holdings.hpp"

#include <algorithm>
#include <map>

#include <unistd.h>

namespace kontor::bench {

Onlooker::Onlooker(ports::Store& store) : store_{store}, self_{.id = "onlooker-" + std::to_string(::getpid()), .is_guest = true} {}

Onlooker::~Onlooker() {
    try {
        store_.leave(self_.id);
    } catch (const std::exception&) {   // the store is away: the lease runs out by itself
    }
}

ports::Census Onlooker::look() { return store_.renew(self_, std::chrono::seconds{10}); }

bool are_even(const ports::Census& census, std::size_t engines) {
    std::map<std::string, std::size_t> counts;
    for (const auto& node : census.nodes)
        if (!node.is_guest) counts[node.id] = 0;
    for (const auto& bucket : census.buckets) {
        const auto owner = bucket.is_free ? counts.end() : counts.find(bucket.node);
        if (owner == counts.end()) return false;
        ++owner->second;
    }
    if (counts.size() != engines) return false;
    const auto [fewest, most] = std::ranges::minmax_element(counts, {}, [](const auto& one) { return one.second; });
    return most->second - fewest->second <= 1;
}

std::size_t held_by(const ports::Census& census, std::string_view name) {
    const std::string start = std::string{name} + "-";   // the engine adds what makes it unique
    return static_cast<std::size_t>(std::ranges::count_if(census.buckets, [&](const auto& bucket) { return bucket.node.starts_with(start); }));
}

std::size_t changed(const ports::Census& before, const ports::Census& after) {
    std::size_t count = 0;
    for (std::size_t n = 0; n < after.buckets.size(); ++n) count += after.buckets[n].epoch != before.buckets[n].epoch;
    return count;
}

}  // namespace kontor::bench
