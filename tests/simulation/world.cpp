#include "simulation/world.hpp"

#include "processes/generator.hpp"
#include "simulation/checks.hpp"

namespace kontor::simulation {

using namespace core;
using namespace std::chrono_literals;

namespace {

template <class... F>
struct Overload : F... {
    using F::operator()...;
};

}  // namespace

World::World(std::uint64_t seed) : random_{seed}, fleet_{clock_, random_.next()} {
    for (const char* name : {"first", "second"}) {
        test::Random shape = random_.fork();
        definitions_.emplace(name, test::random_process(shape, {.size = static_cast<unsigned>(random_.between(8, 20)), .depth = 3}));
    }
    for (const char* name : {"node-1", "node-2"}) nodes_.push_back(std::make_unique<Node>(name, clock_, store_, *this, random_.next(), buckets));
    for (auto n = random_.between(2, 5); n > 0; --n)
        clients_.push_back({"K-" + std::to_string(clients_.size()), random_.chance(50) ? "first" : "second", static_cast<std::uint32_t>(clients_.size()) % buckets, {}});
}

Fault World::next_fault() {
    if (++commits_ > 20'000) throw test::Violation{"the cluster commits and commits and comes to no end"};
    if (!faults_ || !random_.chance(6)) return Fault::none;
    return random_.pick<Fault>({Fault::before, Fault::torn, Fault::after});
}

bool World::crashes_at(CrashPoint) {
    if (!faults_ || !random_.chance(1)) return false;
    ++report_.crashes;
    return true;
}

// ---- what nodes wish -----------------------------------------------------------------------------------------------------------

Call World::call_of(const State& state, ElementKey job) const {
    const ElementInstance& instance = state.at(job);
    const auto* call = model::service_call(definition(state.definition).process[instance.element].kind);
    return {call->service, call->contract, state.key_prefix + "-" + job.str(), job, instance.job->attempt, instance.job->input};
}

void World::perform(Node& node, const State& state, const Effect& effect) {
    const InstanceKey key = state.key;
    const std::uint32_t bucket = created_at(key).bucket;
    const auto submit = [&node, key, bucket](Command command) { node.submit(bucket, {key, std::move(command), {}, {}, {}}); };
    const Fleet::Reply by_connection = [&node, key, bucket, life = node.life()](Command command) {
        if (node.alive() && node.life() == life) node.submit(bucket, {key, std::move(command), {}, {}, {}});
    };
    const Fleet::Reply by_key = [this, key](Command command) { send(key, std::move(command)); };
    const auto at = [&](Instant due, Command command) { node.later(due - clock_.now(), [=, c = std::move(command)] { submit(c); }); };
    std::visit(Overload{[&](const PrepareCall& e) { submit(StartAttempt{e.job}); },
                        [&](const CallService& e) {
                            if (!state.find(e.job) || !state.at(e.job).job) return;   // it has ended in the same row
                            Call call = call_of(state, e.job);
                            call.attempt = e.attempt;
                            fleet_.call(call, by_connection, by_key);
                            at(clock_.now() + call_timeout, LoseCall{e.job, "timeout", false, e.attempt});
                        },
                        [&](const QueryService& e) {
                            if (state.find(e.job)) fleet_.query(call_of(state, e.job), by_connection);
                        },
                        [&](const WakeJob& e) { at(e.due, WakeUpJob{e.job}); }, [&](const ScheduleTimer& e) { at(e.due, FireTimer{e.wait}); },
                        [&](const OpenSubscription&) { node.later(0ms, [&node, bucket] { node.look_for_messages(bucket); }); },
                        [&](const RequestContinuation&) { submit(Continue{}); }, [](const auto&) {}},
               effect);
}

void World::send(InstanceKey key, Command command, OnAnswer answer) {
    const std::uint32_t bucket = created_at(key).bucket;
    for (const auto& node : nodes_)
        if (node->owns(bucket) && node->submit(bucket, {key, std::move(command), {}, {}, std::move(answer)})) return;
}

// ---- clients, people, messages -----------------------------------------------------------------------------------------------------

void World::start(std::size_t index) {
    Client& client = clients_[index];
    if (client.instance) return;
    const StartInstance command{client.definition, client.id, {{"key", client.id}, {"a", index % 2 == 0}, {"n", static_cast<std::int64_t>(index)}}, {"client", {}}, {}, {}};
    for (const auto& node : nodes_)
        if (node->owns(client.bucket)) {
            node->submit(client.bucket, {{}, command, client.id, {}, [this, index](const Answer& answer) {
                                             Client& asked = clients_[index];
                                             if (asked.instance && asked.instance != answer.instance)
                                                 throw test::Violation{"request " + asked.id + " started two instances"};
                                             asked.instance = answer.instance;
                                         }});
            break;
        }
    clock_.after(20s, [this, index] { start(index); });   // no answer: the same request again
}

std::vector<const State*> World::open_states() const {
    std::vector<const State*> all;
    for (const auto& node : nodes_)
        if (node->alive())
            for (const State* state : node->states()) all.push_back(state);
    return all;
}

void World::serve_task(const State& state, ElementKey task, bool fairly) {
    const bool alone = fairly || random_.chance(70);
    const std::vector<std::string> users = {"alice", "bob", "carol", "dave", "eve"};
    const Actor who{fairly && !state.at(task).task->assignee.empty() ? state.at(task).task->assignee : random_.pick(users), {"clerks"}};
    const CompleteTask done{task, Variables{{"a", random_.chance(50)}, {"n", random_.below(10)}}, who};
    const OnAnswer note = [this, task](const Answer& answer) {
        if (answer.refused.empty() && ++tasks_done_[task] > 1) throw test::Violation{"user task " + task.str() + " was completed twice"};
    };
    send(state.key, done, note);
    if (!alone) send(state.key, done, note);
    if (!fairly && random_.chance(10)) send(state.key, AssignTask{task, random_.pick<std::string>({"alice", "bob", ""}), who});
}

bool World::took_effect(const State& state, ElementKey job) const {
    const auto entry = fleet_.ledger().find(state.key_prefix + "-" + job.str());
    return entry != fleet_.ledger().end() && entry->second.effects > 0;
}

void World::resolve(const State& state, IncidentKey key, const Incident& incident, bool fairly) {
    const bool hopeless = incident.kind == IncidentKind::unhandled_error || incident.kind == IncidentKind::deadlock;
    if (hopeless && !patient_) return;
    Variables corrections;
    if (incident.kind == IncidentKind::no_flow || (fairly && random_.chance(50))) corrections.set("n", 1);
    send(state.key, ResolveIncident{key, {"operator", {}}, corrections, took_effect(state, incident.element)});
}

void World::publish(const std::string& key, std::uint32_t bucket, const std::string& name, bool twice) {
    const Message message{"message-" + std::to_string(++messages_), name, key, Variables{{"a", random_.chance(50)}, {"n", random_.below(10)}}};
    for (int n = 0; n < (twice ? 2 : 1); ++n) store_.publish(bucket, message);
    for (const auto& node : nodes_) node->look_for_messages(bucket);
}

void World::people_work(bool fairly) {
    for (const State* state : open_states()) {
        for (const auto& [key, instance] : state->elements)
            if (instance.task && (fairly || random_.chance(30))) serve_task(*state, key, fairly);
        for (const auto& [key, incident] : state->incidents)
            if (fairly || random_.chance(30)) resolve(*state, key, incident, fairly);
    }
}

void World::something_happens() {
    const auto choice = random_.below(100);
    if (choice < 30) return people_work(false);
    if (choice < 45) {
        const Client& client = random_.pick(clients_);
        return publish(client.id, client.bucket, "m" + std::to_string(random_.below(3)), random_.chance(20));
    }
    if (choice < 51) {
        ++report_.crashes;
        return random_.pick(std::vector<Node*>{nodes_[0].get(), nodes_[1].get()})->crash(milliseconds(100, 60'000));
    }
    if (choice < 57) return nodes_[random_.below(2)]->freeze(milliseconds(1'000, 90'000));
    const auto states = open_states();
    if (states.empty()) return;
    const InstanceKey key = random_.pick(states)->key;
    if (choice < 59) send(key, CancelInstance{{"boss", {}}, "withdrawn", random_.chance(70)});
    else if (choice < 62) send(key, SuspendInstance{{"boss", {}}, "pause"});
    else if (choice < 70) send(key, ResumeInstance{{"boss", {}}});
}

void World::storm() {
    for (std::size_t i = 0; i < clients_.size(); ++i) clock_.after(milliseconds(0, 60'000), [this, i] { start(i); });
    for (auto n = random_.between(30, 80); n > 0; --n) {
        clock_.run_until(clock_.now() + (random_.chance(8) ? milliseconds(600'000, 20'000'000) : milliseconds(100, 40'000)));
        something_happens();
    }
}

void World::publish_what_is_awaited() {
    // One of a name for each instance: where a message starts something that waits for the same, more would double it every time.
    std::set<std::tuple<std::string, std::uint32_t, std::string>> wanted;
    for (const State* state : open_states())
        for (const auto& [key, wait] : state->waits)
            if (const auto* open = std::get_if<Wait::Subscription>(&wait.what); open && random_.chance(60))
                wanted.emplace(open->correlation_key, created_at(state->key).bucket, open->message);
    for (const auto& [key, bucket, name] : wanted) publish(key, bucket, name, false);
}

/// Nothing fails any more, and whatever is waited for comes. In the end everything is cancelled: that, too, must come to an end.
void World::be_fair() {
    faults_ = false;
    fleet_.be_good();
    constexpr int closing = 30;
    std::uint64_t rows_before = 0;
    for (int round = 0, idle = 0; round < 5'000 && idle < 10; ++round) {
        std::uint64_t rows = 0;
        for (std::uint32_t bucket = 0; bucket < buckets; ++bucket) rows += store_.lease(bucket).next;
        idle = round > closing && rows == rows_before ? idle + 1 : 0;
        rows_before = rows;
        clock_.run_until(clock_.now() + (round % 4 == 3 ? Duration{36h} : Duration{2min}));
        const auto states = open_states();
        if (states.empty() && round > 3) break;
        for (const State* state : states) {
            if (state->phase == lifecycle::Instance::suspended) send(state->key, ResumeInstance{{"boss", {}}});
            if (round == closing && state->phase == lifecycle::Instance::running) send(state->key, CancelInstance{{"boss", {}}, "closing", true});
        }
        patient_ = round < closing + 10;
        people_work(true);
        if (round < closing) publish_what_is_awaited();
    }
    clock_.run_until(clock_.now() + 10min);
}

Report World::run() {
    storm();
    be_fair();
    Checks{*this}.all();
    report_.fenced = store_.fenced;
    return report_;
}

}  // namespace kontor::simulation
