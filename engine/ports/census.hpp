#pragma once
/// Who shares a store: nodes with their leases, and which of them has which bucket.
#include <cstdint>
#include <string>
#include <vector>

namespace kontor::ports {

/// An engine among those that use a store. No two have the same id, not even one after the other.
struct Node {
    std::string id{};
    bool is_guest = false;            ///< a tool: it takes no bucket where an engine is
    friend bool operator==(const Node&, const Node&) = default;
};

/// As of the database's clock: nodes whose clocks differ agree.
struct Census {
    struct Holding {
        std::string node{};           ///< empty: nobody's
        std::uint64_t epoch = 0;
        bool is_free = true;          ///< nobody has it, or its node is gone: has not renewed its lease in time, has no connection left
    };
    std::vector<Node> nodes{};        ///< whose lease runs, by id; the one that asked is among them
    std::vector<Holding> buckets{};
    std::size_t deployments = 0;      ///< how many there are: some may have come from another node
};

}  // namespace kontor::ports
