#pragma once
/// Answers whose fate is known, on their way from the engine's threads to the connection's. Outlives the adapter, since a commit may.
#include "amqp/calls.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace kontor::amqp_client {

/// Any thread; nothing blocks.
class Receipts {
public:
    Receipts();
    ~Receipts();
    Receipts(const Receipts&) = delete;
    Receipts& operator=(const Receipts&) = delete;

    /// A new connection: tags of the one before mean nothing any more.
    void begin_connection();
    [[nodiscard]] std::uint64_t connection() const;
    /// One more delivery is with the engine.
    void hand_over();
    /// What became of it: durable or never to count, so that the broker can forget it; or not now.
    void settled(std::uint64_t connection, std::uint64_t delivery, const Result<void>& result);

    struct Settled {
        std::vector<std::uint64_t> acknowledge{};
        std::vector<std::uint64_t> give_back{};   ///< only after a pause, so that an engine that cannot take it is not flooded
    };
    Settled take(SteadyTime now);
    /// How many are with the engine.
    [[nodiscard]] std::size_t open() const;
    [[nodiscard]] SteadyTime next_due() const;

    /// Becomes readable when there is something to do; wake() makes it so, too.
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    void wake() const noexcept;
    void sleep() const noexcept;

private:
    mutable std::mutex mutex_;
    std::uint64_t connection_ = 0;
    std::size_t open_ = 0;
    std::vector<std::uint64_t> acknowledge_;
    std::multimap<SteadyTime, std::uint64_t> give_back_;
    int descriptor_;
};

}  // namespace kontor::amqp_client
