#include "runtime/bucket/end_desk.hpp"

#include "runtime/bucket/bucket.hpp"

namespace kontor::runtime {
namespace {

constexpr Duration after_an_error = std::chrono::seconds{1};

bool has_ended(lifecycle::Instance phase) {
    return phase == lifecycle::Instance::completed || phase == lifecycle::Instance::cancelled || phase == lifecycle::Instance::failed;
}

}  // namespace

Outcome outcome_of(const Live& live) {
    const core::State& state = live.state;
    if (state.phase == lifecycle::Instance::failed) return Failed{state.failure ? state.failure->code : std::string{}};
    if (state.phase == lifecycle::Instance::cancelled) return Cancelled{state.cancelling ? state.cancelling->reason : std::string{}};
    return Completed{state.scope(core::root_of(state.key)).variables, state.end_event ? live.version->process()[*state.end_event].id : std::string{}};
}

void EndDesk::listen(InstanceKey key, std::uint64_t id, std::function<void(const Outcome&)> listener) {
    // First listen, then look: an end in between is told once, by whichever finds the listener.
    waiting_[key].listeners.emplace(id, std::move(listener));
    if (!bucket_.is_in_memory(key)) look_for(key);   // else its end is still to come
}

void EndDesk::forget(InstanceKey key, std::uint64_t id) {
    const auto it = waiting_.find(key);
    if (it != waiting_.end() && it->second.listeners.erase(id) > 0 && it->second.listeners.empty()) waiting_.erase(it);
}

void EndDesk::report(InstanceKey key, const Live& live) {
    auto waiting = waiting_.extract(key);
    if (!waiting) return;
    for (auto& [id, listener] : waiting.mapped().listeners)
        bucket_.shell().workshop.callbacks().post([listener = std::move(listener), outcome = outcome_of(live)] { listener(outcome); });
}

void EndDesk::look_for_all() {
    for (const auto& [key, waiting] : waiting_) look_for(key);
}

void EndDesk::look_for(InstanceKey key) {
    Shell& shell = bucket_.shell();
    bucket_.read([&shell, key] { return read_instance(shell.store, shell.definitions, key); },
                 [this, key](const Result<std::optional<Live>>& found) {
                     if (!found) return look_again(key, found.error());
                     if (!*found) waiting_.erase(key);
                     else if ((*found)->state.ended()) report(key, **found);
                 });
}

/// Unless it can never be read: retention has dropped its journal, or it is damaged.
void EndDesk::look_again(InstanceKey key, const Error& why) {
    const auto it = waiting_.find(key);
    if (it == waiting_.end() || bucket_.drains()) return;
    Shell& shell = bucket_.shell();
    shell.log(LogLevel::warning, std::string{"whether an instance has ended cannot be read: "} + why.what(), key);
    if (why.code() != Code::unavailable) return void(waiting_.erase(it));
    it->second.alarm = shell.workshop.clock().alarm(shell.now() + after_an_error, [this, key] {
        bucket_.post([this, key] {
            if (waiting_.contains(key)) look_for(key);
        });
    });
}

void EndDesk::look_for_ended() {
    if (bucket_.is_here() || waiting_.empty() || std::exchange(looking_, true)) return;
    std::vector<InstanceKey> keys;
    for (const auto& [key, waiting] : waiting_) keys.push_back(key);
    bucket_.read(
        [&store = bucket_.shell().store, keys = std::move(keys)] {
            std::vector<InstanceKey> ended;
            for (const InstanceKey key : keys)
                if (const auto row = store.instance(key); row && has_ended(row->phase)) ended.push_back(key);
            return ended;
        },
        [this](const Result<std::vector<InstanceKey>>& ended) {
            looking_ = false;
            if (!ended) return;   // the store is away: looked at again before long
            for (const InstanceKey key : *ended)
                if (waiting_.contains(key)) look_for(key);
        });
}

void EndDesk::close() {
    for (auto& [key, waiting] : waiting_) waiting.alarm.reset();
}

}  // namespace kontor::runtime
