#pragma once
/// The nodes of a store that only this process uses, with their leases.
#include "ports/census.hpp"

#include <kontor/temporal.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::store {

/// Not thread-safe.
class Presences {
public:
    /// The system's clock unless set.
    void set_clock(std::function<Instant()> now) { now_ = std::move(now); }
    void renew(const ports::Node& node, Duration lease) { nodes_[node.id] = {node.is_guest, now_() + lease}; }
    void leave(std::string_view node);
    [[nodiscard]] bool is_here(std::string_view node) const { return is_here_at(node, now_()); }
    /// What is asked of it later is answered as of now: a lease that ends between two questions of a census has ended in both or in neither.
    [[nodiscard]] Presences at_this_moment() const;
    [[nodiscard]] std::vector<ports::Node> nodes() const;

private:
    [[nodiscard]] bool is_here_at(std::string_view node, Instant) const;

    struct Present {
        bool is_guest = false;
        Instant until{};
    };
    std::function<Instant()> now_ = [] { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); };
    std::map<std::string, Present, std::less<>> nodes_;
};

}  // namespace kontor::store
