#pragma once
/// Threads that stop together: when one fails, all do, and its exception is thrown.
#include "crowd/server.hpp"

#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace loan {

class Team {
public:
    ~Team() { stop(); }
    [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
    void add(std::function<void()> work) {
        threads_.emplace_back([this, work = std::move(work)] { guarded(work); });
    }
    /// On this thread. Throws what any of them has thrown.
    void lead(const std::function<void()>& work) {
        guarded(work);
        stop();
        if (failure_) std::rethrow_exception(failure_);
    }

private:
    void guarded(const std::function<void()>& work) {
        try {
            work();
        } catch (const Stopped&) {   // somebody else's failure, or the end
        } catch (...) {
            const std::scoped_lock lock{mutex_};
            if (!failure_) failure_ = std::current_exception();
            stop_.request_stop();
        }
    }
    void stop() {
        stop_.request_stop();
        threads_.clear();   // joins
    }
    std::stop_source stop_;
    std::mutex mutex_;
    std::exception_ptr failure_;
    std::vector<std::jthread> threads_;
};

}  // namespace loan
