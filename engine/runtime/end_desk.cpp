// How instances end, and who is told.
#include "runtime/bucket.hpp"

namespace kontor::runtime {
namespace {
constexpr Duration after_an_error = std::chrono::seconds{1};

bool has_ended(lifecycle::Instance phase) {
    return phase == lifecycle::Instance::completed || phase == lifecycle::Instance::cancelled || phase == lifecycle::Instance::failed;
}
}

Outcome outcome_of(const Live& live) {
    const core::State& state = live.state;
    if (state.phase == lifecycle::Instance::failed) return Failed{state.failure ? state.failure->code : std::string{}};
    if (state.phase == lifecycle::Instance::cancelled) return Cancelled{state.cancelling ? state.cancelling->reason : std::string{}};
    return Completed{state.scope(core::root_of(state.key)).variables, state.end_event ? live.version->process()[*state.end_event].id : std::string{}};
}

void Bucket::report_end(InstanceKey key, const Live& live) {
    const auto it = listeners_.find(key);
    if (it == listeners_.end()) return;
    for (auto& [id, listener] : it->second)
        shell_.workshop.callbacks().post([listener = std::move(listener), outcome = outcome_of(live)] { listener(outcome); });
    listeners_.erase(it);
}

void Bucket::on_end(InstanceKey key, std::uint64_t id, std::function<void(const Outcome&)> listener) {
    // First listen, then look: an end in between is told once, by whichever finds the listener.
    post([this, key, id, listener = std::move(listener)]() mutable {
        listeners_[key].emplace(id, std::move(listener));
        if (!held_ || !live_.contains(key)) look_for_end(key);   // else its end is still to come
    });
}

void Bucket::forget_listener(InstanceKey key, std::uint64_t id) {
    post([this, key, id] {
        const auto it = listeners_.find(key);
        if (it != listeners_.end() && it->second.erase(id) > 0 && it->second.empty()) listeners_.erase(it);
    });
}

void Bucket::look_for_end(InstanceKey key) {
    read([this, key] { return read_instance(shell_.store, shell_.definitions, key); },
         [this, key](const Result<std::optional<Live>>& found) {
             if (found && !*found) listeners_.erase(key);
             if (found && *found && (*found)->state.ended()) report_end(key, **found);
             if (found || draining_ || !listeners_.contains(key)) return;
             shell_.log(LogLevel::warning, std::string{"whether an instance has ended cannot be read: "} + found.error().what(), key);
             listeners_alarms_[key] = shell_.workshop.clock().alarm(shell_.now() + after_an_error, [this, key] {
                 post([this, key] {
                     listeners_alarms_.erase(key);
                     if (listeners_.contains(key)) look_for_end(key);
                 });
             });
         });
}

/// While another node has the bucket, ends are found in the store. One look at a time: what is signalled meanwhile is seen by the next.
void Bucket::look_for_ends() {
    post([this] {
        if (held_ || listeners_.empty() || std::exchange(looking_for_ends_, true)) return;
        std::vector<InstanceKey> keys;
        for (const auto& [key, listeners] : listeners_) keys.push_back(key);
        read([this, keys = std::move(keys)] {
                 std::vector<InstanceKey> ended;
                 for (const InstanceKey key : keys)
                     if (const auto row = shell_.store.instance(key); row && has_ended(row->phase)) ended.push_back(key);
                 return ended;
             },
             [this](const Result<std::vector<InstanceKey>>& ended) {
                 looking_for_ends_ = false;
                 if (!ended) return;   // the store is away: looked at again before long
                 for (const InstanceKey key : *ended)
                     if (listeners_.contains(key)) look_for_end(key);
             });
    });
}

}  // namespace kontor::runtime
