#include "simulation/node.hpp"

#include "journal/encoding.hpp"
#include "processes/checked.hpp"

#include <algorithm>

namespace kontor::simulation {

using namespace core;
using namespace std::chrono_literals;
using CrashPoint = Surroundings::CrashPoint;

State replay(const Surroundings& around, const std::vector<Row>& rows) {
    State state;
    journal::ChainVerifier chain{rows.front().instance};
    const model::Process* process = nullptr;
    for (const Row& row : rows) {
        if (!chain.add({row.position, row.bytes, row.link})) throw test::Violation{"the hash chain breaks at row " + std::to_string(row.position.sequence)};
        const Record record = journal::decode(row.position, row.bytes);
        if (!process) process = &around.definition(std::get<InstanceStarted>(record.events.front()).definition).process;
        apply(*process, state, record);
    }
    return state;
}

Node::Node(std::string name, Clock& clock, Store& store, Surroundings& around, std::uint64_t seed, std::uint32_t buckets)
    : name_{std::move(name)}, clock_{clock}, store_{store}, around_{around}, random_{seed}, bucket_count_{buckets} {
    wake();
}

void Node::later(Duration delay, std::function<void()> what) {
    clock_.after(delay, [this, life = life_, what = std::move(what)]() mutable {
        if (!alive_ || life != life_) return;
        if (clock_.now() < frozen_until_) return later(frozen_until_ - clock_.now(), std::move(what));
        what();
    });
}

void Node::wake() {
    alive_ = true;
    later(Duration{static_cast<std::int64_t>(random_.below(500))}, [this] { look_around(); });
}

void Node::crash(Duration down_for) {
    if (!alive_) return;
    alive_ = false;
    ++life_;
    buckets_.clear();
    clock_.after(down_for, [this] { wake(); });
}

void Node::freeze(Duration duration) { frozen_until_ = clock_.now() + duration; }

/// Keeps what it has, takes what nobody has.
void Node::look_around() {
    for (std::uint32_t bucket = 0; bucket < bucket_count_; ++bucket) {
        if (const auto it = buckets_.find(bucket); it != buckets_.end()) {
            // Whoever was away for too long does not know what it missed, so it starts again from what is durable.
            if (clock_.now() >= it->second.lease.until || !store_.renew(bucket, it->second.lease.epoch, clock_.now() + around_.lease_time()))
                buckets_.erase(it);
            else it->second.lease.until = clock_.now() + around_.lease_time();
        } else if (clock_.now() >= store_.lease(bucket).until) {
            own(bucket);
        }
    }
    later(around_.lease_time() / 4, [this] { look_around(); });
}

bool Node::may_act(std::uint32_t bucket) {
    const auto it = buckets_.find(bucket);
    return alive_ && it != buckets_.end() && clock_.now() < it->second.lease.until;
}

void Node::own(std::uint32_t bucket) {
    Owned& owned = buckets_[bucket];
    owned.lease = store_.take(bucket, clock_.now() + around_.lease_time());
    for (const auto& [key, rows] : store_.journal(bucket)) {
        Live live{replay(around_, rows), rows.back().link};
        if (!live.state.ended()) owned.instances.emplace(key, std::move(live));
    }
    recover(bucket);
}

void Node::recover(std::uint32_t bucket) {
    std::vector<std::pair<State, std::vector<Effect>>> open;
    for (const auto& [key, live] : buckets_[bucket].instances) open.emplace_back(live.state, open_effects(live.state));
    for (const auto& [state, effects] : open)
        for (const Effect& effect : effects) {
            if (!owns(bucket)) return;
            // A call that was under way may or may not have arrived.
            if (const auto* call = std::get_if<CallService>(&effect)) submit(bucket, {state.key, LoseCall{call->job, "restart", true}, {}, {}, {}});
            else around_.perform(*this, state, effect);
        }
}

bool Node::submit(std::uint32_t bucket, Request request) {
    if (!owns(bucket)) return false;
    buckets_[bucket].queue.push_back(std::move(request));
    later(0ms, [this, bucket] { pump(bucket); });
    return true;
}

void Node::look_for_messages(std::uint32_t bucket) {
    if (!owns(bucket)) return;
    for (const auto& [id, message] : store_.messages(bucket))
        for (const auto& [key, live] : buckets_[bucket].instances) {
            const auto& waits = live.state.waits;
            const auto wait = std::find_if(waits.begin(), waits.end(), [&](const auto& entry) {
                const auto* open = std::get_if<Wait::Subscription>(&entry.second.what);
                return open && open->message == message.name && open->correlation_key == message.key;
            });
            if (wait == waits.end()) continue;
            submit(bucket, {key, CorrelateMessage{wait->first, id, message.payload}, {}, id, {}});
            break;
        }
}

void Node::pump(std::uint32_t bucket) {
    if (!owns(bucket)) return;
    Owned& owned = buckets_[bucket];
    if (owned.in_flight || owned.queue.empty()) return;
    auto group = std::make_shared<InFlight>();
    group->batch = {bucket, owned.lease.epoch, owned.lease.next, {}, {}, {}};
    for (auto n = random_.between(1, 8); n > 0 && !owned.queue.empty(); --n) {
        Request request = std::move(owned.queue.front());
        owned.queue.pop_front();
        decide_into(*group, owned, std::move(request));
    }
    owned.in_flight = group;
    if (around_.crashes_at(CrashPoint::before_commit)) return crash(Duration{static_cast<std::int64_t>(random_.between(100, 20'000))});
    if (around_.freezes()) freeze(Duration{static_cast<std::int64_t>(random_.between(5'000, 90'000))});
    later(Duration{static_cast<std::int64_t>(random_.between(1, 20))}, [this, bucket, group] { commit(bucket, group); });
}

void Node::decide_into(InFlight& group, Owned& owned, Request request) {
    const bool starts = !request.instance;
    group.requests.push_back(request);
    if (starts) {
        const auto& durable = store_.requests(group.batch.bucket);
        if (const auto done = durable.find(request.id); done != durable.end()) return group.answers.emplace_back(request.answer, Answer{done->second, {}}), void();
        if (const auto same = group.batch.requests.find(request.id); same != group.batch.requests.end())
            return group.answers.emplace_back(request.answer, Answer{same->second, {}}), void();
    }
    const bool consumed = std::find(group.batch.consumed.begin(), group.batch.consumed.end(), request.message_id) != group.batch.consumed.end();
    if (!request.message_id.empty() && (consumed || !store_.messages(group.batch.bucket).contains(request.message_id))) return;
    Live live;
    if (const auto in_group = group.states.find(request.instance); in_group != group.states.end()) live = in_group->second;
    else if (const auto known = owned.instances.find(request.instance); known != owned.instances.end()) live = known->second;
    else if (!starts) return group.answers.emplace_back(request.answer, Answer{request.instance, "ended"}), void();
    const auto* start = std::get_if<StartInstance>(&request.command);
    const model::Definition& definition = around_.definition(start ? start->definition : live.state.definition);
    const Position position{group.batch.bucket, group.batch.end()};
    const Decision decision = decide(definition, live.state, request.command, {position, clock_.now(), "store"});
    if (const auto* rejection = decision.rejection()) return group.answers.emplace_back(request.answer, Answer{request.instance, rejection->rule}), void();
    const InstanceKey key = decision.state.key;
    if (starts) live.head = journal::first_link(key);
    std::string bytes = journal::encode({position, key, decision.accepted()->at, decision.accepted()->events});
    live.head = journal::extend(live.head, position, bytes);
    live.state = decision.state;
    group.batch.rows.push_back({position, key, std::move(bytes), live.head});
    group.states.insert_or_assign(key, std::move(live));
    if (starts) group.batch.requests.emplace(request.id, key);
    if (!request.message_id.empty()) group.batch.consumed.push_back(request.message_id);
    group.effects.emplace_back(decision.state, decision.accepted()->effects);
    group.answers.emplace_back(request.answer, Answer{key, {}});
}

bool Node::is_current(std::uint32_t bucket, const std::shared_ptr<InFlight>& group) {
    const auto it = buckets_.find(bucket);
    return it != buckets_.end() && it->second.in_flight == group;
}

void Node::commit(std::uint32_t bucket, const std::shared_ptr<InFlight>& group) {
    // Whether this node still owns the bucket is for the store to say: a frozen one believes that it does.
    const Commit result = store_.commit(group->batch, around_.next_fault());
    if (result == Commit::done && around_.crashes_at(CrashPoint::after_commit)) return crash(Duration{static_cast<std::int64_t>(random_.between(100, 20'000))});
    later(Duration{static_cast<std::int64_t>(random_.between(0, 10))}, [this, bucket, group, result] {
        if (!is_current(bucket, group)) return;
        if (result == Commit::fenced) buckets_.erase(bucket);
        else if (result == Commit::unknown) look_up(bucket, group);
        else committed(bucket, group);
    });
}

/// The bucket row tells whether the batch was committed.
void Node::look_up(std::uint32_t bucket, const std::shared_ptr<InFlight>& group) {
    Owned& owned = buckets_[bucket];
    const Lease& lease = store_.lease(bucket);
    if (lease.epoch != owned.lease.epoch) return buckets_.erase(bucket), void();
    if (lease.next == group->batch.end() && !group->batch.rows.empty()) return committed(bucket, group);
    owned.in_flight.reset();
    for (auto it = group->requests.rbegin(); it != group->requests.rend(); ++it) owned.queue.push_front(std::move(*it));
    pump(bucket);
}

void Node::committed(std::uint32_t bucket, const std::shared_ptr<InFlight>& group) {
    Owned& owned = buckets_[bucket];
    owned.lease.next = group->batch.end();
    owned.in_flight.reset();
    for (auto& [key, live] : group->states) {
        if (live.state.ended()) owned.instances.erase(key);
        else owned.instances.insert_or_assign(key, live);
    }
    for (const auto& [answer, what] : group->answers)
        if (answer) answer(what);
    for (const auto& [state, effects] : group->effects)
        for (const Effect& effect : effects) {
            if (around_.crashes_at(CrashPoint::amid_effects)) return crash(Duration{static_cast<std::int64_t>(random_.between(100, 20'000))});
            if (!may_act(bucket)) return buckets_.erase(bucket), void();   // too late: whoever owns the bucket next derives them again
            around_.perform(*this, state, effect);
        }
    if (!group->batch.rows.empty()) look_for_messages(bucket);   // what was refused just now would be refused again
    pump(bucket);
}

std::vector<const State*> Node::states() const {
    std::vector<const State*> all;
    for (const auto& [bucket, owned] : buckets_)
        for (const auto& [key, live] : owned.instances) all.push_back(&live.state);
    return all;
}

}  // namespace kontor::simulation
