#pragma once
/// What the crowd knows about its applications while it waits.
#include <mutex>
#include <set>
#include <string>

namespace loan {

/// Any thread.
class Applications {
public:
    void sent(const std::string& instance) {
        const std::scoped_lock lock{mutex_};
        instances_.insert(instance);
    }
    [[nodiscard]] bool is_ours(const std::string& instance) const {
        const std::scoped_lock lock{mutex_};
        return instances_.contains(instance);
    }
    [[nodiscard]] int sent() const {
        const std::scoped_lock lock{mutex_};
        return static_cast<int>(instances_.size());
    }

private:
    mutable std::mutex mutex_;
    std::set<std::string> instances_;   // their keys
};

}  // namespace loan
