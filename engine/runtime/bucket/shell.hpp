#pragma once
/// What the parts of one engine share.
#include "ports/store.hpp"
#include "runtime/calls/dispatcher.hpp"
#include "runtime/commit/committer.hpp"
#include "runtime/instance/definitions.hpp"
#include "runtime/machine/meter.hpp"
#include "runtime/machine/workshop.hpp"

#include <atomic>
#include <functional>
#include <string>
#include <string_view>

namespace kontor::runtime {

class Bucket;
class PostOffice;
class Signals;

struct Shell {
    ports::Store& store;
    Workshop& workshop;
    Committer& committer;
    Dispatcher& dispatcher;
    Definitions& definitions;
    PostOffice& post;
    Signals& signals;
    const Meter& meter;
    ports::StoreInfo info;
    std::string node;                     ///< names this engine among those that use the store
    std::size_t queue = 10'000;
    bool records_only = false;            ///< nothing is called and no timer fires
    std::function<void(LogLevel, std::string_view, InstanceKey)> log;
    std::function<Bucket&(std::uint32_t)> bucket;
    std::function<void(std::uint32_t bucket)> on_commit;   ///< something new is durable: for subscriptions

    /// When this node's lease is over, as far as it knows: others may have its buckets then.
    std::atomic<Instant> lease_until{Instant::max()};
    std::atomic<Instant> lease_from{};    ///< when it was renewed

    [[nodiscard]] Instant now() const { return workshop.clock().now(); }
    [[nodiscard]] bool lease_is_over() const { return now() >= lease_until.load(); }
    [[nodiscard]] bool lease_is_half_over() const { return now() - lease_from.load() >= lease_until.load() - now(); }
};

/// The bucket that owns a name, the same on every machine and for ever: FNV-1a, folded.
std::uint32_t bucket_of(std::string_view text, std::uint32_t buckets);

}  // namespace kontor::runtime
