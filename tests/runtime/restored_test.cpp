// A store that is restored from a backup under load: services have seen more than it knows.
#include "runtime/restored.hpp"

#include "runtime/care/check.hpp"
#include "store/open.hpp"
#include "store/sqlite/backup.hpp"
#include "support/folder.hpp"

#include <kontor/kontor.hpp>

#include <catch2/catch.hpp>

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>

using namespace kontor;
using test::Folder;
using namespace std::chrono_literals;

namespace {

constexpr const char* paying = R"(
kontor: 1
process: paying
variables:
  id: { type: string, required: true }
services:
  ledger.*: { contract: idempotent }
  wire.*:   { contract: unsafe }
flow:
  - startEvent: begun
  - serviceTask: book
    service: ledger.book
    input: { id: = id }
  - serviceTask: send
    service: wire.send
    input: { id: = id }
  - serviceTask: confirm
    service: ledger.confirm
    input: { id: = id }
  - endEvent: paid
)";

/// What the world outside has seen. It outlives every store.
class World {
public:
    Answer called(const ServiceCall& call) {
        const std::scoped_lock lock{mutex_};
        const std::string id = call.input().get<std::string>("id");
        const std::string what = std::string{call.service()} + " " + id;
        const auto [seen, is_new] = by_key_.emplace(call.idempotency_key(), what);
        if (seen->second != what) mixed_up_.push_back(std::string{call.idempotency_key()} + ": " + seen->second + ", " + what);
        if (!is_new) ++repeated_;
        if (call.service() == "wire.send") ++sent_[id];
        ++calls_;
        changed_.notify_all();
        return Variables{};
    }
    void wait_for_calls(std::size_t count) {
        std::unique_lock lock{mutex_};
        REQUIRE(changed_.wait_for(lock, 60s, [&] { return calls_ >= count; }));
    }
    [[nodiscard]] std::size_t calls() {
        const std::scoped_lock lock{mutex_};
        return calls_;
    }
    [[nodiscard]] std::size_t repeated() {
        const std::scoped_lock lock{mutex_};
        return repeated_;
    }
    [[nodiscard]] int times_sent(const std::string& id) {
        const std::scoped_lock lock{mutex_};
        const auto it = sent_.find(id);
        return it == sent_.end() ? 0 : it->second;
    }
    [[nodiscard]] std::vector<std::string> mixed_up() {
        const std::scoped_lock lock{mutex_};
        return mixed_up_;
    }
    [[nodiscard]] std::map<std::string, int> sent() {
        const std::scoped_lock lock{mutex_};
        return sent_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, std::string, std::less<>> by_key_;   ///< what a key was used for
    std::map<std::string, int> sent_;
    std::vector<std::string> mixed_up_;
    std::size_t repeated_ = 0;
    std::size_t calls_ = 0;
};

Options options(World& world, const std::string& file) {
    return {.store = sqlite(file), .services = {{"*", [&](const ServiceCall& call) { return world.called(call); }, 4}}};
}

InstanceKey pay(Engine& engine, const std::string& id) { return engine.start({.process = "paying", .business_key = id, .variables = {{"id", id}}}); }

/// What `kontor store restored` does.
runtime::Rewound look_after(const std::string& file) {
    const auto open = [file] { return store::open_store("sqlite:" + file, {.restored = true}); };
    {
        const auto store = open();
        store->skip_to(runtime::sequence_after_restore(*store, std::chrono::floor<Duration>(std::chrono::system_clock::now())));
    }
    Options recording;
    recording.store = {open};
    recording.records_only = true;
    runtime::Rewound rewound;
    {
        runtime::RestoredEngine engine{std::move(recording)};
        engine.run();
        rewound = engine.rewind("restored");
        engine.stop(10s);
    }
    open()->accept_restored();
    return rewound;
}

template <class Condition>
void wait_until(Condition condition) {
    for (const auto until = std::chrono::steady_clock::now() + 60s; !condition(); std::this_thread::sleep_for(2ms))
        REQUIRE(std::chrono::steady_clock::now() < until);
}

}  // namespace

SCENARIO("after a restore under load no key is used for something else, and no unsafe call is repeated before a person has looked") {
    constexpr int before = 60, after = 40;
    const Folder folder;
    const std::string file = folder.path("loans.db"), backup = folder.path("backup.db");
    World world;
    std::set<InstanceKey> lost;
    {
        Engine engine{options(world, file)};
        engine.deploy({yaml_text(paying, "paying.yaml")});
        engine.run();
        for (int n = 0; n < before; ++n) engine.start({.process = "paying", .business_key = "B-" + std::to_string(n), .variables = {{"id", "B-" + std::to_string(n)}}},
                                                      [](const Result<Started>&) {});
        world.wait_for_calls(before);   // some have been sent, some not
        store::back_up_sqlite(file, backup, {});
        std::vector<InstanceKey> keys;
        for (int n = 0; n < after; ++n) keys.push_back(pay(engine, "L-" + std::to_string(n)));   // the backup knows nothing of these
        lost.insert(keys.begin(), keys.end());
        wait_until([&] { return engine.instances({.state = State::completed, .limit = 1000}).items.size() == before + after; });
    }
    CHECK(world.mixed_up().empty());

    // The disk is gone; the backup takes its place.
    CHECK_THROWS_AS(Engine{options(world, backup)}, Error);
    const auto rewound = look_after(backup);
    INFO(rewound.halted << " instances had not ended when the backup was taken");
    CHECK(rewound.before == 0);

    Engine engine{options(world, backup)};
    const auto sent_before = world.sent();
    const auto repeated_before = world.repeated();
    engine.run();
    const auto open = engine.incidents({.limit = 1000});
    std::uint64_t halted = 0, unknown = 0;
    for (const auto& incident : open) {
        halted += incident.kind == "restored";
        unknown += incident.kind == "outcome-unknown";
    }
    CHECK(halted == rewound.halted);

    // New instances go on at once, and their keys are nobody else's.
    std::vector<InstanceKey> fresh;
    for (int n = 0; n < after; ++n) fresh.push_back(pay(engine, "N-" + std::to_string(n)));
    for (const InstanceKey key : fresh) {
        CHECK_FALSE(lost.contains(key));
        CHECK(engine.wait_for(key, 60s));
    }
    for (const InstanceKey key : lost) CHECK_FALSE(engine.find(key));
    CHECK(world.mixed_up().empty());
    for (const auto& [id, times] : sent_before) CHECK(world.times_sent(id) == times);   // nothing of before was sent again by itself

    // A person looks into the bank's books: what was sent is not sent again.
    for (const auto& incident : open) {
        const std::string id = engine.find(incident.instance)->business_key;
        const bool is_sent = world.times_sent(id) > 0;
        if (incident.kind == "outcome-unknown") engine.resolve(incident.key, {.by = {"alice"}, .took_effect = is_sent});
    }
    for (const auto& incident : open) {
        if (incident.kind != "restored") continue;
        const std::string id = engine.find(incident.instance)->business_key;
        const auto waits = engine.waits(incident.instance);
        const bool would_send = std::find(waits.begin(), waits.end(), "book") != waits.end() && world.times_sent(id) > 0;
        if (would_send) engine.cancel(incident.instance, {{"alice"}, "was sent already", false});
        else engine.resolve(incident.key, {.by = {"alice"}});
    }
    wait_until([&] {
        return engine.instances({.state = State::running, .limit = 1}).items.empty() && engine.instances({.state = State::cancelling, .limit = 1}).items.empty();
    });
    for (const auto& [id, times] : world.sent()) {
        INFO(id);
        CHECK(times == 1);
    }
    CHECK(world.mixed_up().empty());
    // Calls that the backup had begun were repeated under their old keys: services know them.
    if (halted > unknown) CHECK(world.repeated() >= repeated_before);
    engine.stop(10s);
    const auto store = store::open_store("sqlite:" + backup, {.access = store::Access::reader});
    runtime::Definitions definitions;
    definitions.load(store->deployments());
    CHECK(runtime::check_rows(*store, definitions, {}).differences.empty());
}

SCENARIO("a subscriber who has seen more than a restored store knows misses nothing that happens from then on") {
    const Folder folder;
    const std::string file = folder.path("loans.db"), backup = folder.path("backup.db");
    World world;
    Cursor seen;
    {
        Engine engine{options(world, file)};
        engine.deploy({yaml_text(paying, "paying.yaml")});
        engine.run();
        store::back_up_sqlite(file, backup, {});
        for (int n = 0; n < 40; ++n) engine.wait_for(pay(engine, "L-" + std::to_string(n)), 60s);
        seen = engine.cursor_at_end();
    }
    CHECK(look_after(backup).halted == 0);
    Engine engine{options(world, backup)};
    engine.run();
    std::mutex mutex;
    std::set<std::string> completed;
    const auto subscription = engine.subscribe(seen, [&](const Event& event) {
        const std::scoped_lock lock{mutex};
        if (event.type == "instanceCompleted") completed.insert(event.instance.str());
    });
    std::set<std::string> keys;
    for (int n = 0; n < 20; ++n) keys.insert(pay(engine, "N-" + std::to_string(n)).str());
    wait_until([&] {
        const std::scoped_lock lock{mutex};
        return completed == keys;
    });
}

SCENARIO("the command is cut off and given again: instances halt once") {
    const Folder folder;
    const std::string file = folder.path("loans.db");
    World world;
    {
        Engine engine{options(world, file)};
        engine.deploy({yaml_text(R"(
kontor: 1
process: waiting
flow:
  - startEvent: begun
  - userTask: look
    candidateGroups: [clerks]
  - endEvent: done
)", "waiting.yaml")});
        engine.run();
        for (int n = 0; n < 5; ++n) engine.start({.process = "waiting"});
    }
    CHECK(look_after(file).halted == 5);
    const auto again = look_after(file);
    CHECK(again.halted == 0);
    CHECK(again.before == 5);
}

SCENARIO("stores that are restored from one backup at different times go on at different places") {
    const auto memory = store::open_store("memory:");
    const auto now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
    const auto first = runtime::sequence_after_restore(*memory, now);
    CHECK(runtime::sequence_after_restore(*memory, now + 1s) > first + 3'000);
    memory->skip_to(first);
    CHECK(runtime::sequence_after_restore(*memory, now) > first);             // a clock that stands still
    CHECK(runtime::sequence_after_restore(*memory, now - 8760h * 5) > first);   // or is wrong by years
}
