// The nodes of the memory store, their leases and what they tell each other.
#include "store/memory/memory_store.hpp"

#include <kontor/error.hpp>

#include <algorithm>

namespace kontor::store {

void MemoryStore::set_clock(std::function<Instant()> now) {
    const std::lock_guard lock{mutex_};
    presences_.set_clock(std::move(now));
}

ports::Census MemoryStore::renew(const ports::Node& node, Duration lease) {
    require_text("the name of the node", node.id);
    const auto lock = enter();
    presences_.renew(node, lease);
    const Presences here = presences_.at_this_moment();
    ports::Census census{.nodes = here.nodes(), .buckets = {}, .deployments = deployments_.size()};
    for (std::uint32_t bucket = 0; bucket < owners_.size(); ++bucket)
        census.buckets.push_back({owners_[bucket], buckets_[bucket].epoch, !here.is_here(owners_[bucket])});
    return census;
}

std::optional<ports::Lease> MemoryStore::take_free(std::uint32_t bucket, std::string_view node, std::uint64_t epoch) {
    require_text("the name of the node", node);
    const auto lock = enter();
    if (bucket >= buckets_.size()) throw Error{Code::bad_input, "there is no bucket " + std::to_string(bucket)};
    if (buckets_[bucket].epoch != epoch || (owners_[bucket] != node && presences_.is_here(owners_[bucket]))) return std::nullopt;
    return give(bucket, node);
}

void MemoryStore::release(std::uint32_t bucket, std::uint64_t epoch) {
    const auto lock = enter();
    if (bucket < buckets_.size() && buckets_[bucket].epoch == epoch) owners_[bucket].clear();
}

void MemoryStore::leave(std::string_view node) {
    const auto lock = enter();
    presences_.leave(node);
    std::ranges::replace(owners_, std::string{node}, std::string{});
}

void MemoryStore::signal(std::string_view text) {
    static_cast<void>(enter());   // may fail on demand
    ears_.tell(text);
}

std::shared_ptr<void> MemoryStore::listen(std::function<void(std::string_view)> heard) { return ears_.add(std::move(heard)); }

}  // namespace kontor::store
