#include "runtime/nodes/shares.hpp"

#include <algorithm>

namespace kontor::runtime {
namespace {

/// Among those that share, and of how many; of none if others do.
std::pair<std::size_t, std::size_t> place_of(const ports::Census& census, std::string_view node) {
    const bool engines = std::ranges::any_of(census.nodes, [](const auto& n) { return !n.is_guest; });
    std::size_t place = 0;
    std::size_t count = 0;
    bool is_among = false;
    for (const auto& other : census.nodes) {
        if (engines && other.is_guest) continue;
        if (other.id == node) place = count, is_among = true;
        ++count;
    }
    return {place, is_among ? count : 0};
}

}  // namespace

std::size_t share_of(const ports::Census& census, std::string_view node) {
    const auto [place, count] = place_of(census, node);
    const std::size_t buckets = census.buckets.size();
    return count == 0 ? 0 : buckets / count + (place < buckets % count ? 1 : 0);
}

std::uint32_t first_of(const ports::Census& census, std::string_view node) {
    const auto [place, count] = place_of(census, node);
    return count == 0 ? 0 : static_cast<std::uint32_t>(place * census.buckets.size() / count);
}

}  // namespace kontor::runtime
