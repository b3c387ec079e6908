#pragma once
/// Connections that are lent to one thread at a time.
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace kontor::store {

/// Any thread. Opens connections when they are first needed, and forgets those that are not alive() any more.
template <class Connection>
class Pool {
public:
    using Open = std::function<std::unique_ptr<Connection>()>;

    Pool(std::size_t most, Open open) : most_{most == 0 ? 1 : most}, open_{std::move(open)} {}

    /// Calls `work` with a connection of its own; waits while all are in use.
    template <class Work>
    auto with(const Work& work) {
        const Borrowed borrowed{*this};
        return work(*borrowed.connection);
    }

private:
    struct Borrowed {
        explicit Borrowed(Pool& from) : pool{from}, connection{from.take()} {}
        ~Borrowed() { pool.give_back(std::move(connection)); }
        Borrowed(const Borrowed&) = delete;
        Borrowed& operator=(const Borrowed&) = delete;
        Pool& pool;
        std::unique_ptr<Connection> connection;
    };

    std::unique_ptr<Connection> take() {
        auto connection = idle();
        if (connection && connection->alive()) return connection;
        try {
            connection.reset();
            return open_();
        } catch (...) {
            give_back(nullptr);
            throw;
        }
    }
    std::unique_ptr<Connection> idle() {
        std::unique_lock lock{mutex_};
        free_.wait(lock, [&] { return in_use_ < most_; });
        idle_.reserve(most_);   // so that giving back cannot fail
        ++in_use_;
        if (idle_.empty()) return nullptr;
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
    }
    void give_back(std::unique_ptr<Connection> connection) noexcept {
        {
            const std::lock_guard lock{mutex_};
            --in_use_;
            if (connection) idle_.push_back(std::move(connection));
        }
        free_.notify_one();
    }

    std::size_t most_;
    Open open_;
    std::mutex mutex_;
    std::condition_variable free_;
    std::size_t in_use_ = 0;
    std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace kontor::store
