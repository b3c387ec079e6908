#pragma once
/// What InTransaction and once() ask of a session that belongs to the host. Each kind of database that holds stores has one of its own.
/// Private to store/.
#include <kontor/temporal.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace soci {
class session;
}

namespace kontor::store {

/// A store has at most this many buckets, always a power of two: what belongs to one of 256 belongs to that one modulo fewer.
inline constexpr std::uint32_t most_buckets = 256;

/// A row for the inbox.
struct HostRecord {
    std::uint32_t bucket = 0;   ///< of most_buckets
    std::string id{};
    std::string command{};
    Instant sent{};
};

/// Borrows the host's session: one thread at a time. Never ends or begins a transaction. Throws Error as <kontor/soci.hpp> says.
class HostSession {
public:
    virtual ~HostSession() = default;

    /// Into the inbox, unless a row with that id is there. In one statement, which reads the number of buckets as well.
    virtual void record(const HostRecord&) = 0;

    /// Throws Error{bad_input} unless the host has begun a transaction.
    virtual void require_transaction() = 0;
    /// Puts the key into kontor_once, which it makes if absent. Waits for the end of another transaction that has put it there; false if it is
    /// there afterwards.
    virtual bool claim(const std::string& key, Instant now) = 0;
    virtual void remember(const std::string& key, const std::string& result) = 0;
    /// Nothing if the key is there no more, or without a result.
    virtual std::optional<std::string> remembered(const std::string& key) = 0;
};

/// Throws Error{bad_input} for a session that is closed, or on a kind of database that holds no stores.
std::unique_ptr<HostSession> host_session(soci::session&);

}  // namespace kontor::store
