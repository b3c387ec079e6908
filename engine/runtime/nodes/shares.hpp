#pragma once
/// How the nodes of a store share its buckets: everybody computes the same from what the store tells, so nobody has to ask.
#include "ports/census.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace kontor::runtime {

struct Shares {
    std::vector<std::uint32_t> to_take{};      ///< free ones, and those that are the node's own already
    std::vector<std::uint32_t> to_give_up{};
    std::vector<std::uint32_t> to_probe{};     ///< held here by an epoch that is over: the fence will say so, and they are taken later
    std::size_t missing = 0;                   ///< others have not given them up yet, or are not known to be gone
};

/// Engines have as many buckets as each other, up to one; guests have some only where there is no engine. `held` gives the epoch by which
/// the node holds a bucket, 0 if it does not: what it still holds it must not take, or it would go on with what it knew before.
template <class Held>
Shares shares_of(const ports::Census& census, std::string_view node, const Held& held);

/// How many buckets are the node's.
std::size_t share_of(const ports::Census&, std::string_view node);
/// Where the node begins to look for free ones: nodes that take at the same time seldom want the same.
std::uint32_t first_of(const ports::Census&, std::string_view node);

template <class Held>
Shares shares_of(const ports::Census& census, std::string_view node, const Held& held) {
    Shares shares;
    const auto buckets = static_cast<std::uint32_t>(census.buckets.size());
    const std::size_t share = share_of(census, node);
    std::size_t mine = 0;
    for (std::uint32_t bucket = 0; bucket < buckets; ++bucket) {
        const auto& holding = census.buckets[bucket];
        const bool is_mine = holding.node == node;
        const std::uint64_t epoch = held(bucket);
        if (epoch != 0 && (!is_mine || epoch != holding.epoch)) {
            shares.to_probe.push_back(bucket);
        } else if (is_mine) {
            if (++mine > share) shares.to_give_up.push_back(bucket);
            if (epoch == 0) shares.to_take.push_back(bucket);
        }
    }
    for (std::uint32_t n = 0; n < buckets && mine < share; ++n) {
        const std::uint32_t bucket = (first_of(census, node) + n) % buckets;
        if (!census.buckets[bucket].is_free || census.buckets[bucket].node == node || held(bucket) != 0) continue;
        shares.to_take.push_back(bucket);
        ++mine;
    }
    shares.missing = (mine < share ? share - mine : 0) + shares.to_probe.size();
    return shares;
}

}  // namespace kontor::runtime
