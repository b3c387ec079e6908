#include "store/sqlite/read_pool.hpp"

namespace kontor::store {

std::unique_ptr<Connection> ReadPool::take() {
    std::unique_lock lock{mutex_};
    free_.wait(lock, [&] { return in_use_ < most_; });
    idle_.reserve(most_);   // so that giving back cannot fail
    ++in_use_;
    if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
    }
    lock.unlock();
    try {
        return std::make_unique<Connection>(file_, Connection::Role::reader, busy_timeout_);
    } catch (...) {
        give_back(nullptr);
        throw;
    }
}

void ReadPool::give_back(std::unique_ptr<Connection> connection) noexcept {
    {
        const std::lock_guard lock{mutex_};
        --in_use_;
        if (connection) idle_.push_back(std::move(connection));
    }
    free_.notify_one();
}

}  // namespace kontor::store
