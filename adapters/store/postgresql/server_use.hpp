#pragma once
/// What a PostgreSQL server has used since it was started: for measurements.
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace kontor::store {

struct ServerUse {
    std::optional<double> cpu_seconds{};   ///< user and system, of all its processes; nothing if they cannot be seen from here
    std::uint64_t log_bytes = 0;           ///< written to the write-ahead log
};

/// Has a connection of its own. One thread at a time.
class ServerMeter {
public:
    /// Throws Error{unavailable} if the server cannot be reached.
    explicit ServerMeter(std::string_view connection);
    ~ServerMeter();
    ServerMeter(ServerMeter&&) noexcept;
    ServerMeter& operator=(ServerMeter&&) noexcept;
    /// Of the whole server, whoever uses it. Throws Error{unavailable}.
    [[nodiscard]] ServerUse read() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kontor::store
