#pragma once
/// Makes connections, and leaves a server that is away alone for a while. Private to postgresql/.
#include "store/postgresql/connection.hpp"

#include <mutex>

namespace kontor::store::postgresql {

/// The server is there, and lets nobody in yet: it starts, has no connection free, or is a standby that may be about to take over.
class NotReady : public Error {
public:
    explicit NotReady(const std::string& why) : Error{Code::unavailable, why} {}
};

/// Any thread.
class Connector {
public:
    Connector(Address address, std::chrono::milliseconds busy_timeout) : address_{std::move(address)}, busy_timeout_{busy_timeout} {}

    [[nodiscard]] const std::string& name() const noexcept { return address_.name(); }
    /// Throws Error{unavailable}, or NotReady, without asking the server if that has just failed: pauses grow from 20 ms to a second.
    std::unique_ptr<Connection> connect(Connection::Role);

private:
    using SteadyClock = std::chrono::steady_clock;
    void require_time() const;
    void note_failure(const std::string& why, bool is_there);
    [[noreturn]] static void refuse(const std::string& why, bool is_there);

    Address address_;
    std::chrono::milliseconds busy_timeout_;
    Known known_;
    mutable std::mutex mutex_;
    SteadyClock::time_point next_attempt_{};
    std::chrono::milliseconds pause_{0};
    std::string why_;
    bool is_there_ = false;
};

}  // namespace kontor::store::postgresql
