#include "simulation/people.hpp"

#include "runtime/instance/live.hpp"

#include <algorithm>

namespace kontor::simulation {

using namespace std::chrono_literals;

namespace {
constexpr std::size_t all = 1'000;
/// Longer than any day: what is lost can be told from what nobody wanted any more.
constexpr Duration for_ever = std::chrono::hours{24 * 3'000};
}  // namespace

People::People(Town town, std::uint64_t seed) : town_{std::move(town)}, random_{seed} {
    const auto number = random_.between(2, 6);
    for (std::uint64_t i = 0; i < number; ++i) {
        const auto key = !keys_.empty() && random_.chance(35) ? random_.pick(keys_) : "K-" + std::to_string(keys_.size());
        if (std::find(keys_.begin(), keys_.end(), key) == keys_.end()) keys_.push_back(key);
        Client client{promises_.tag("start"), {}, {}};
        client.request.process = random_.pick(town_.processes);
        client.request.business_key = client.tag;
        client.request.variables = Variables{{"key", key}, {"a", random_.chance(50)}, {"n", random_.below(10)}};
        client.request.by = {"client", {}};
        if (random_.chance(70)) client.request.request_id = "request-" + std::to_string(i);
        clients_.push_back(std::move(client));
    }
}

template <class T>
std::function<void(Result<T>)> People::listen(std::shared_ptr<Life> to, const std::string& tag) {
    promises_.asked(tag);
    return [this, to = std::move(to), tag](const Result<T>& answer) {
        if (to->is_gone()) return;
        town_.time.note([&] { return to->name() + " tells " + tag + ": " + (answer ? std::string{"yes"} : "no, " + std::string{answer.error().what()}); });
        promises_.told(tag, answer);
    };
}

// ---- clients ----------------------------------------------------------------------------------------------------------------

void People::come() {
    for (std::size_t i = 0; i < clients_.size(); ++i) town_.time.after(milliseconds(0, 60'000), [this, i] { start(i); });
}

void People::start(std::size_t index) {
    Client& client = clients_[index];
    if (client.instance) return;
    if (const auto engine = town_.anybody()) {
        const auto note = listen<Started>(engine, client.tag);
        engine->engine()->start(client.request, [this, note, index, engine](const Result<Started>& answer) {
            note(answer);
            if (!answer || engine->is_gone()) return;
            InstanceKey& instance = clients_[index].instance;
            if (instance && instance != answer->key) town_.time.accuse("request " + clients_[index].request.request_id + " started two instances");
            if (!town_.database.memory.instance(answer->key)) town_.time.accuse(clients_[index].tag + " was answered before its instance was durable");
            instance = answer->key;
        });
        if (client.request.request_id.empty()) return;                    // who cannot be recognized does not ask again
        if (random_.chance(20)) return start(index);                      // impatience
    }
    town_.time.after(20s, [this, index] { start(index); });               // no answer, or no engine: the same request again
}

bool People::everybody_was_answered() const {
    return std::all_of(clients_.begin(), clients_.end(), [](const Client& c) { return c.instance || c.request.request_id.empty(); });
}

// ---- clerks and operators -------------------------------------------------------------------------------------------------------

std::vector<ports::InstanceRow> People::open_instances() const {
    auto rows = town_.database.memory.instances({.limit = all});
    using lifecycle::Instance;
    std::erase_if(rows, [](const auto& r) { return r.phase == Instance::completed || r.phase == Instance::cancelled || r.phase == Instance::failed; });
    return rows;
}

void People::complete(TaskKey task, CompleteTask done, const std::string& tag) {
    const auto engine = town_.anybody();
    if (!engine) return;
    const bool may_repeat = !done.request_id.empty();
    const auto note = listen(engine, tag);
    engine->engine()->complete(task, std::move(done), [this, note, task, engine, may_repeat](const Result<void>& answer) {
        note(answer);
        if (!answer || engine->is_gone()) return;
        if (++tasks_done_[task] > 1 && !may_repeat) town_.time.accuse("user task " + task.str() + " was completed twice");
    });
}

void People::serve_task(const ports::TaskRow& row, bool fairly) {
    const std::vector<std::string> users = {"alice", "bob", "carol", "dave", "eve"};
    const Actor who{fairly && !row.assignee.empty() ? row.assignee : random_.pick(users), {"clerks"}};
    const auto tag = promises_.tag("completion");
    CompleteTask done{Variables{{"a", random_.chance(50)}, {"n", random_.below(10)}, {"tag", tag}}, who, {}};
    if (random_.chance(30)) done.request_id = tag;
    complete(row.key, done, tag);
    if (!fairly && random_.chance(30)) {
        const bool is_the_same = !done.request_id.empty() && random_.chance(70);
        const auto other = is_the_same ? tag : promises_.tag("completion");
        if (!is_the_same) done.output.set("tag", other), done.request_id.clear();
        complete(row.key, done, other);
    }
    if (fairly || !random_.chance(10)) return;
    if (const auto engine = town_.anybody()) {
        const auto assigner = promises_.tag("assigner");
        core::AssignTask assign{core::element_of(row.key), random_.pick<std::string>({"alice", "bob", ""}), {assigner, {"clerks"}}};
        engine->engine()->command_within(row.key.value, "user task", std::move(assign), listen(engine, assigner));
    }
}

/// What a person finds out about a call of which the engine does not know what became of it.
std::optional<bool> People::found_out(const ports::IncidentRow& row) const {
    const auto live = runtime::read_instance(town_.database.memory, town_.definitions, row.instance);
    const auto incident = live ? live->state.incidents.find(row.key) : decltype(live->state.incidents.end()){};
    if (!live || incident == live->state.incidents.end()) return std::nullopt;
    const auto entry = town_.fleet.ledger().find(live->state.key_prefix + "-" + incident->second.element.str());
    return entry != town_.fleet.ledger().end() && entry->second.effects > 0;
}

void People::resolve(const ports::IncidentRow& row, bool fairly) {
    const bool hopeless = row.kind == "unhandled-error" || row.kind == "deadlock";
    const auto engine = town_.anybody();
    if (!engine || (hopeless && !patient_)) return;
    Variables corrections;
    if (row.kind == "no-flow" || (fairly && random_.chance(50))) corrections.set("n", 1);
    const auto tag = promises_.tag("operator");
    engine->engine()->resolve(row.key, {{tag, {}}, corrections, found_out(row)}, listen(engine, tag));
}

void People::work(bool fairly) {
    for (const auto& task : town_.database.memory.tasks({.limit = all}))
        if (fairly || random_.chance(30)) serve_task(task, fairly);
    for (const auto& incident : town_.database.memory.incidents({.limit = all}))
        if (fairly || random_.chance(30)) resolve(incident, fairly);
}

void People::cancel(InstanceKey key, bool compensate) {
    const auto engine = town_.anybody();
    if (!engine) return;
    const auto tag = promises_.tag("cancellation");
    engine->engine()->cancel(key, {{"boss", {}}, tag, compensate}, listen(engine, tag));
}

void People::suspend(InstanceKey key) {
    const auto engine = town_.anybody();
    if (!engine) return;
    const auto tag = promises_.tag("suspension");
    engine->engine()->command(key, core::SuspendInstance{{"boss", {}}, tag}, listen(engine, tag));
}

void People::resume(InstanceKey key) {
    const auto engine = town_.anybody();
    if (!engine) return;
    const auto tag = promises_.tag("resumer");
    engine->engine()->command(key, core::ResumeInstance{{tag, {}}}, listen(engine, tag));
}

void People::resume_all() {
    for (const auto& row : open_instances())
        if (row.phase == lifecycle::Instance::suspended) resume(row.key);
}

void People::cancel_all() {
    for (const auto& row : open_instances())
        if (row.phase == lifecycle::Instance::running) cancel(row.key, true);
}

// ---- senders ----------------------------------------------------------------------------------------------------------------

void People::publish_again(const std::string& id) {
    const auto engine = town_.anybody();
    if (!engine) return;
    Sent& sent = messages_.at(id);
    ++sent.times;
    ++sent.in_doubt;
    engine->engine()->publish(sent.message, [this, id, engine](const Result<Published>& told) {
        if (engine->is_gone()) return;
        town_.time.note([&] { return engine->name() + " tells the sender of " + id + ": " + (told ? std::string{to_string(*told)} : std::string{"no, "} + told.error().what()); });
        if (told) messages_.at(id).told.insert(*told);
        if (told || told.error().code() != Code::outcome_unknown) --messages_.at(id).in_doubt;
    });
}

void People::publish(const std::string& name, const std::string& key, bool twice) {
    const auto id = promises_.tag("message");
    Message message{name, key, Variables{{"a", random_.chance(50)}, {"n", random_.below(10)}, {"key", key}, {"tag", id}}, id, {}};
    message.time_to_live = for_ever;
    messages_.emplace(id, Sent{message, 0, {}, 0});
    publish_again(id);
    if (twice) town_.time.after(milliseconds(0, 30'000), [this, id] { publish_again(id); });
}

void People::publish_what_is_awaited() {
    // One of a name for each key: where a message starts something that waits for the same, more would double it every time.
    std::set<std::pair<std::string, std::string>> wanted;
    for (const auto& row : town_.database.memory.all_subscriptions({}, all))
        if (random_.chance(60)) wanted.emplace(row.message, row.correlation_key);
    for (const auto& [name, key] : wanted) publish(name, key, false);
}

void People::do_something() {
    const auto choice = random_.below(100);
    if (choice < 45) return work(false);
    if (choice < 75) return publish("m" + std::to_string(random_.below(3)), random_.pick(keys_), random_.chance(20));
    if (choice < 78) return publish(town_.starting_message, random_.pick(keys_), random_.chance(50));
    const auto open = open_instances();
    if (open.empty()) return;
    const InstanceKey key = random_.pick(open).key;
    if (choice < 81) cancel(key, random_.chance(70));
    else if (choice < 86) suspend(key);
    else resume(key);
}

}  // namespace kontor::simulation
