// How a bucket begins, and how instances in it end.
#include "runtime/bucket.hpp"

namespace kontor::runtime {
namespace {
constexpr std::size_t instances_at_once = 1'000;
constexpr std::size_t messages_at_once = 10'000;
constexpr Duration after_an_error = std::chrono::seconds{1};
}

void Bucket::take() {
    const ports::Lease lease = shell_.store.take(number_, shell_.node);
    epoch_ = lease.epoch;
    next_sequence_ = durable_sequence_ = lease.next_sequence;
}

void Bucket::read_under_way() {
    under_way_.clear();
    live_.clear();
    for (InstanceKey after;;) {
        const auto keys = shell_.store.active_instances(number_, after, instances_at_once);
        for (const InstanceKey key : keys)
            if (auto live = read_instance(shell_.store, shell_.definitions, after = key)) {
                under_way_.emplace_back(key, core::open_effects(live->state));
                live_.emplace(key, std::move(*live));
            }
        if (keys.size() < instances_at_once) break;
    }
}

void Bucket::recover() {
    for (auto& [key, open] : std::exchange(under_way_, {})) recover_instance(key, std::move(open));
    look_after();
    post([this] { load_timers(); });
}

void Bucket::look_after() {
    post([this] { looked_up_[1] = std::exchange(looked_up_[0], {}); });
    look_into_inbox();
    look_for_wanted_messages();
}

void Bucket::look_for_wanted_messages() {
    read([this] { return shell_.store.messages_wanted(number_, messages_at_once); },
         [this](const Result<std::vector<ports::MessageRow>>& wanted) {
             if (!wanted) return shell_.log(LogLevel::error, std::string{"messages cannot be read: "} + wanted.error().what(), {});
             for (const auto& row : *wanted) look_for_message(row.key.name, row.key.correlation_key);
         });
}

/// Goes on with what was under way. Whether a call had an effect this engine cannot know.
void Bucket::recover_instance(InstanceKey key, std::vector<core::Effect> open) {
    post([this, key, open = std::move(open)] {
        std::vector<core::Effect> effects;
        for (const auto& effect : open) {
            if (const auto* call = std::get_if<core::CallService>(&effect))
                submit(Order{.instance = key, .command = core::LoseCall{call->job, "the engine was restarted", true, call->attempt}});
            else if (std::holds_alternative<core::PrepareCall>(effect) || std::holds_alternative<core::QueryService>(effect) ||
                     std::holds_alternative<core::RequestContinuation>(effect))
                effects.push_back(effect);
        }
        perform(key, effects);
    });
}

// ---- ends -------------------------------------------------------------------------------------------------------------------

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
        if (!live_.contains(key)) look_for_end(key);   // else its end is still to come
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

}  // namespace kontor::runtime
