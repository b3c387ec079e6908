#pragma once
/// How a store is opened.
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace kontor::store {

/// `owner` may write; of a SQLite file, one process at a time. `reader` may only ask, beside owners, and never changes the schema.
enum class Access : std::uint8_t { owner, reader };

struct Options {
    Access access = Access::owner;
    bool restored = false;                       ///< of an owner: opens also what was restored from a backup, to look after it
    std::uint32_t buckets = 16;                  ///< of a store that is created now: a power of two up to 256
    std::size_t read_connections = 4;            ///< how many reads run at the same time; further ones wait
    std::size_t write_connections = 3;           ///< PostgreSQL: for commits, leases and signals
    std::chrono::milliseconds busy_timeout{5000};   ///< how long to wait for another process's lock, and for a server's answer
    std::chrono::milliseconds patience{10'000};  ///< PostgreSQL: how long to wait for a server that starts, or has no connection free, when it is opened
};

}  // namespace kontor::store
