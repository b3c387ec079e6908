#pragma once
/// Connections for reads that run beside commits and beside each other. Private to sqlite/: includes SOCI.
#include "store/sqlite/connection.hpp"

#include <condition_variable>
#include <mutex>

namespace kontor::store {

/// Any thread. Opens connections when they are first needed.
class ReadPool {
public:
    ReadPool(std::string file, std::size_t most, std::chrono::milliseconds busy_timeout)
        : file_{std::move(file)}, most_{most == 0 ? 1 : most}, busy_timeout_{busy_timeout} {}

    /// Calls `read` with a connection of its own; waits while all are in use.
    template <class Read>
    auto with(const Read& read) {
        const Borrowed borrowed{*this};
        return read(*borrowed.connection);
    }

private:
    struct Borrowed {
        explicit Borrowed(ReadPool& from) : pool{from}, connection{from.take()} {}
        ~Borrowed() { pool.give_back(std::move(connection)); }
        Borrowed(const Borrowed&) = delete;
        Borrowed& operator=(const Borrowed&) = delete;
        ReadPool& pool;
        std::unique_ptr<Connection> connection;
    };

    std::unique_ptr<Connection> take();
    void give_back(std::unique_ptr<Connection>) noexcept;

    std::string file_;
    std::size_t most_;
    std::chrono::milliseconds busy_timeout_;
    std::mutex mutex_;
    std::condition_variable free_;
    std::size_t in_use_ = 0;
    std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace kontor::store
