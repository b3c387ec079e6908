// Messages between publishers, buckets and instances, with threads, restarts and a store that answers late.
#include "runtime/support.hpp"

#include <kontor/testing.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <future>

using namespace kontor;
using namespace kontor::literals;
using namespace kontor::test;
using namespace std::chrono_literals;

namespace {

/// Waits for one `go`, then ends; meanwhile every `ask` is answered by a call. `kept` waits for a message that is kept.
Source waiting() {
    return yaml_text(R"(
kontor: 1
process: waiting
variables:
  id: { type: string, required: true }
  got: { type: number }
services:
  answer: { contract: idempotent }
messages:
  go: { correlationKey: = id }
  ask: { correlationKey: = id }
flow:
  - startEvent: begun
  - intermediateCatchEvent: go-awaited
    message: go
    output:
      got: = result.n
  - endEvent: done
eventSubProcesses:
  - id: asked
    message: ask
    interrupting: false
    flow:
      - serviceTask: answer-it
        service: answer
      - endEvent: answered
)", "waiting.yaml");
}

Source patient() {
    return yaml_text(R"(
kontor: 1
process: patient
variables:
  id: { type: string, required: true }
  first: { type: number }
  second: { type: number }
messages:
  go: { correlationKey: = id, timeToLive: P1D }
flow:
  - startEvent: begun
  - intermediateCatchEvent: first-awaited
    message: go
    output: { first: = result.n }
  - intermediateCatchEvent: second-awaited
    message: go
    output: { second: = result.n }
  - endEvent: done
)", "patient.yaml");
}

Source by_message() {
    return yaml_text(R"(
kontor: 1
process: by-message
variables:
  n: { type: number }
messages:
  order-placed: {}
flow:
  - startEvent: placed
    message: order-placed
    output: { n: = result.n }
  - endEvent: done
)", "by-message.yaml");
}

Message go(std::string key, int n, std::string id = {}) {
    return {.name = "go", .correlation_key = std::move(key), .payload = {{"n", n}}, .message_id = std::move(id)};
}

std::size_t completed(Engine& engine) { return engine.instances({.state = State::completed, .limit = 1000}).items.size(); }

}  // namespace

SCENARIO("what becomes of a message is said truly") {
    testing::Engine engine{{.services = {{"answer", [](const ServiceCall&) -> Answer { return Variables{}; }}}}};
    engine.deploy({waiting(), patient(), by_message()});
    engine.run();
    CHECK(engine.publish({.name = "ask", .correlation_key = "k"}) == Published::discarded);
    CHECK(engine.publish({.name = "order-placed", .correlation_key = "", .payload = {{"n", 7}}}) == Published::started);
    CHECK(engine.publish(go("k", 1, "m-1")) == Published::buffered);
    CHECK(engine.publish(go("k", 2, "m-1")) == Published::duplicate);
    const auto key = engine.start({.process = "patient", .variables = {{"id", "k"}}});
    engine.advance(0s);
    CHECK(engine.waits(key) == std::vector<std::string>{"second-awaited"});
    CHECK(engine.publish(go("k", 1, "m-1")) == Published::duplicate);
    CHECK(engine.publish(go("k", 3)) == Published::correlated);
    engine.advance(0s);
    CHECK(engine.variables(key).get<int>("first") == 1);
    CHECK(engine.variables(key).get<int>("second") == 3);
    CHECK(completed(engine) == 2);
}

SCENARIO("two waiting instances get two messages") {
    testing::Engine engine{{.services = {{"answer", [](const ServiceCall&) -> Answer { return Variables{}; }}}}};
    engine.deploy({waiting()});
    engine.run();
    const auto one = engine.start({.process = "waiting", .variables = {{"id", "k"}}});
    const auto two = engine.start({.process = "waiting", .variables = {{"id", "k"}}});
    CHECK(engine.publish(go("k", 1)) == Published::correlated);
    CHECK(engine.publish(go("k", 2)) == Published::correlated);
    engine.advance(0s);
    CHECK(engine.variables(one).get<int>("got") + engine.variables(two).get<int>("got") == 3);
}

SCENARIO("a second message for an event that does not interrupt is not discarded while the first is on its way") {
    std::atomic<int> answered{0};
    Disk disk{16};
    Engine engine{{.store = disk.store(), .services = {{"answer", [&](const ServiceCall&) -> Answer { ++answered; return Variables{}; }}}}};
    engine.deploy({waiting()});
    engine.run();
    constexpr int instances = 20, messages = 10;
    for (int i = 0; i < instances; ++i) engine.start({.process = "waiting", .variables = {{"id", "k" + std::to_string(i)}}});
    std::atomic<int> correlated{0}, told{0};
    for (int m = 0; m < messages; ++m)
        for (int i = 0; i < instances; ++i)
            engine.publish({.name = "ask", .correlation_key = "k" + std::to_string(i)}, [&](const Result<Published>& result) {
                correlated += result && *result == Published::correlated;
                ++told;
            });
    REQUIRE(until([&] { return told == instances * messages; }));
    CHECK(correlated == instances * messages);
    CHECK(until([&] { return answered == instances * messages; }));
    for (int i = 0; i < instances; ++i) engine.publish(go("k" + std::to_string(i), 1));
    CHECK(until([&] { return completed(engine) == instances; }));
    CHECK(answered == instances * messages);
}

SCENARIO("a message to a suspended instance arrives after it is resumed") {
    testing::Engine engine{{.services = {{"answer", [](const ServiceCall&) -> Answer { return Variables{}; }}}}};
    engine.deploy({waiting()});
    engine.run();
    const auto key = engine.start({.process = "waiting", .variables = {{"id", "k"}}});
    engine.suspend(key, {"alice"}, "audit");
    engine.publish(go("k", 5));
    engine.advance(1h);
    CHECK(engine.find(key)->state == State::suspended);
    engine.restart();
    engine.resume(key, {"alice"});
    engine.advance(0s);
    REQUIRE(engine.find(key)->state == State::completed);
    CHECK(engine.variables(key).get<int>("got") == 5);
}

SCENARIO("messages without an id around a restart are several") {
    testing::Engine engine{{.services = {}}};
    engine.deploy({patient()});
    engine.run();
    engine.publish(go("k", 1));
    engine.restart();   // the clock stands still, and the process has the same number
    engine.publish(go("k", 2));
    const auto key = engine.start({.process = "patient", .variables = {{"id", "k"}}});
    engine.advance(0s);
    CHECK(engine.find(key)->state == State::completed);
}

SCENARIO("an inbox row that is read while it is consumed is done once") {
    Disk disk{1};
    Gate gate;
    std::atomic<bool> hold{false};
    Engine engine{{.store = disk.store()}};
    engine.deploy({by_message()});
    engine.run();
    // Holds one look that has read a row until the row has been consumed; the other threads that read go on.
    disk.before_read([&](std::string_view name) { if (name == "inbox" && hold.exchange(false)) gate.pass(); });
    std::atomic<bool> looking{true};
    std::thread looks{[&] { while (looking) engine.wake(); }};
    hold = true;
    int published = 0;
    CHECK(until([&] {
        engine.publish({.name = "order-placed", .payload = {{"n", 1}}});
        return ++published >= 500 || gate.waiting() > 0;
    }));
    until([&] { return completed(engine) >= static_cast<std::size_t>(published); });
    looking = false;
    looks.join();
    hold = false;
    gate.open();
    engine.wake();
    engine.stop(1s);
    const auto all = disk.memory.instances({.limit = 10'000});
    CHECK(all.size() == static_cast<std::size_t>(published));
    CHECK(disk.memory.inbox(0, 0, 10).empty());
}

SCENARIO("a look for messages that could not read the store is repeated") {
    const auto clock = std::make_shared<TestClock>(testing::new_year);
    Disk disk{1};
    Engine engine{{.store = disk.store(), .clock = clock}};
    engine.deploy({patient()});
    engine.run();
    REQUIRE(engine.publish(go("k", 1)) == Published::buffered);
    std::atomic<int> failures{0};
    disk.before_read([&](std::string_view name) {
        if (name == "subscriptions" && ++failures == 1) throw Error{Code::unavailable, "on demand"};
    });
    const auto key = engine.start({.process = "patient", .variables = {{"id", "k"}}});
    REQUIRE(until([&] { return failures >= 1; }));
    CHECK(until([&] {
        clock->move(1s);
        return engine.waits(key) == std::vector<std::string>{"second-awaited"};
    }));
}

SCENARIO("a message between publication and correlation survives a restart") {
    Disk disk{4};
    std::vector<InstanceKey> keys;
    constexpr int instances = 40;
    {
        Engine engine{{.store = disk.store()}};
        engine.deploy({patient()});
        engine.run();
        for (int i = 0; i < instances; ++i) keys.push_back(engine.start({.process = "patient", .variables = {{"id", "k" + std::to_string(i)}}}));
        std::atomic<int> told{0};
        for (int n = 1; n <= 2; ++n)
            for (int i = 0; i < instances; ++i)
                engine.publish(go("k" + std::to_string(i), n, "m" + std::to_string(n)), [&](const Result<Published>& result) { told += static_cast<bool>(result); });
        REQUIRE(until([&] { return told > instances; }));
        engine.stop(0s);
    }
    Engine engine{{.store = disk.store()}};
    engine.run();
    for (int n = 1; n <= 2; ++n)   // whoever was told nothing publishes again under the same id
        for (int i = 0; i < instances; ++i) engine.publish(go("k" + std::to_string(i), n, "m" + std::to_string(n)));
    for (const auto key : keys) {
        REQUIRE(engine.wait_for(key, 20s));
        CHECK(engine.variables(key).get<int>("first") + engine.variables(key).get<int>("second") == 3);
    }
}

SCENARIO("messages that cross with the opening and closing of their waits are neither lost nor doubled") {
    Disk disk{4};
    Engine engine{{.store = disk.store(), .threads = 4}};
    engine.deploy({patient()});
    engine.run();
    constexpr int instances = 150;
    std::atomic<int> taken{0};
    std::vector<std::future<void>> work;
    work.push_back(std::async(std::launch::async, [&] {
        for (int i = 0; i < instances; ++i) engine.start({.process = "patient", .business_key = "b" + std::to_string(i), .variables = {{"id", "k" + std::to_string(i)}}});
    }));
    for (int n = 1; n <= 2; ++n)
        work.push_back(std::async(std::launch::async, [&, n] {
            for (int i = 0; i < instances; ++i) {
                const auto result = engine.publish(go("k" + std::to_string(i), n));
                taken += result == Published::buffered || result == Published::correlated;
            }
        }));
    for (auto& done : work) done.get();
    CHECK(taken == 2 * instances);
    CHECK(until([&] { return completed(engine) == instances; }));
    for (const auto& info : engine.instances({.limit = 1000})) {
        const auto variables = engine.variables(info.key);
        CHECK(variables.get<int>("first") + variables.get<int>("second") == 3);
    }
    engine.stop(5s);
    for (std::uint32_t bucket = 0; bucket < 4; ++bucket) CHECK(disk.memory.inbox(bucket, 0, 10).empty());
}

SCENARIO("a full message desk says busy and when to come again") {
    Disk disk{1};
    Engine engine{{.store = disk.store(), .queue = 5}};
    engine.deploy({patient()});
    engine.run();
    Gate gate;
    disk.before_read([&](std::string_view name) { if (name == "subscriptions") gate.pass(); });
    std::atomic<int> busy{0}, told{0};
    const auto tell = [&](const Result<Published>& result) {
        busy += !result && result.error().code() == Code::busy && result.error().retry_after().value_or(0ms) > 0ms;
        ++told;
    };
    engine.publish(go("k", 0), tell);
    REQUIRE(until([&] { return gate.waiting() == 1; }));
    for (int i = 1; i < 20; ++i) engine.publish(go("k", i), tell);
    CHECK(until([&] { return busy >= 10; }));
    gate.open();
    CHECK(until([&] { return told == 20; }));
    CHECK(busy == 14);
}

SCENARIO("a message that is too large is refused to its publisher, and takes nothing away") {
    Disk disk{1};
    Engine engine{{.store = disk.store()}};
    engine.deploy({patient()});
    engine.run();
    const auto key = engine.start({.process = "patient", .variables = {{"id", "k"}}}).key;
    auto fat = go("k", 1);
    fat.payload.set("scan", std::string(2u << 20, 'x'));
    CHECK(code_of([&] { engine.publish(fat); }) == Code::bad_input);
    CHECK(engine.publish(go("k", 1)) == Published::correlated);
    CHECK(engine.publish(go("k", 2)) != Published::discarded);
    CHECK(engine.wait_for(key, 20s));
}

SCENARIO("a message that the store refuses, or that may have been written, is told as what it is") {
    Disk disk{1};
    Engine engine{{.store = disk.store()}};
    engine.deploy({patient()});
    engine.run();
    std::atomic<Code> code{Code::ok};
    std::atomic<bool> is_told{false}, is_cut_off{false};
    WHEN("the store refuses it") {
        disk.memory.set_faults({.on_commit = [](std::uint64_t, const ports::Batch&) -> std::optional<store::Fault> {
                                    return store::Fault{store::Fault::When::before_durable, ports::CommitRefused{"a value cannot be stored"}};
                                },
                                .on_call = {}});
        CHECK(code_of([&] { engine.publish(go("k", 1)); }) == Code::bad_input);
    }
    WHEN("it is written, and the engine stops before it knows") {
        disk.memory.set_faults({.on_commit = [&](std::uint64_t, const ports::Batch&) -> std::optional<store::Fault> {
                                    is_cut_off = true;
                                    return store::Fault{store::Fault::When::after_durable, ports::CommitUnknown{"the connection broke"}};
                                },
                                .on_call = [&](std::uint64_t) { return is_cut_off.load(); }});
        engine.publish(go("k", 1), [&](const Result<Published>& result) { code = result ? Code::ok : result.error().code(), is_told = true; });
        REQUIRE(until([&] { return !engine.health().ready; }));
        engine.stop(0s);
        REQUIRE(is_told);
        CHECK(code == Code::outcome_unknown);
        disk.memory.set_faults({});
        CHECK(disk.memory.messages(0, "go", "k", 10).size() == 1);
    }
}

SCENARIO("messages whose names, keys and ids read the same when put together are two") {
    Disk disk{1};
    Engine engine{{.store = disk.store(), .services = {{"answer", [](const ServiceCall&) -> Answer { return Variables{}; }}}}};
    engine.deploy({waiting()});
    engine.run();
    const auto one = engine.start({.process = "waiting", .variables = {{"id", "a"}}}).key;
    const auto two = engine.start({.process = "waiting", .variables = {{"id", "a/b"}}}).key;
    for (int i = 0; i < 70; ++i) (void)engine.start({.process = "waiting", .variables = {{"id", "z"}}});   // so that both leave memory
    Gate gate;
    std::atomic<bool> holds{true};
    disk.before_read([&](std::string_view name) {
        if (name == "instance" && holds.exchange(false)) gate.pass();
    });
    auto first = go("a", 1), second = go("a/b", 2);
    first.message_id = "b/c";
    second.message_id = "c";
    CHECK(engine.publish(first) == Published::correlated);
    CHECK(engine.publish(second) == Published::correlated);
    gate.open();
    CHECK(engine.wait_for(one, 20s));
    CHECK(engine.wait_for(two, 20s));
}

SCENARIO("a message that is kept is found behind many whose time is over") {
    Disk disk{1};
    const auto clock = std::make_shared<TestClock>(Instant{std::chrono::seconds{1'767'225'600}});
    Engine engine{{.store = disk.store(), .services = {{"answer", [](const ServiceCall&) -> Answer { return Variables{}; }}}, .clock = clock}};
    engine.deploy({waiting()});
    engine.run();
    auto brief = go("k", 1), lasting = go("k", 2);
    brief.time_to_live = 1s;
    lasting.time_to_live = 1h;
    for (int i = 0; i < 25; ++i) CHECK(engine.publish(brief) == Published::buffered);
    CHECK(engine.publish(lasting) == Published::buffered);
    clock->move(2s);
    const auto key = engine.start({.process = "waiting", .variables = {{"id", "k"}}}).key;
    REQUIRE(engine.wait_for(key, 20s));
    CHECK(engine.variables(key).get<int>("got") == 2);
}

SCENARIO("a message does not overtake one that was kept, whoever begins to wait meanwhile") {
    Disk disk{1};
    Engine engine{{.store = disk.store()}};
    engine.deploy({patient()});
    engine.run();
    CHECK(engine.publish(go("k", 1)) == Published::buffered);
    Gate gate;
    std::atomic<bool> holds{true};
    disk.before_read([&](std::string_view name) {
        if (name == "subscriptions" && holds.exchange(false)) gate.pass();
    });
    std::atomic<int> answers{0};
    engine.publish(go("another", 9), [&](const Result<Published>&) { ++answers; });   // the desk reads for this one
    REQUIRE(until([&] { return gate.waiting() == 1; }));
    engine.publish(go("k", 2), [&](const Result<Published>&) { ++answers; });
    const auto key = engine.start({.process = "patient", .variables = {{"id", "k"}}}).key;
    gate.open();
    REQUIRE(engine.wait_for(key, 20s));
    CHECK(until([&] { return answers == 2; }));
    CHECK(engine.variables(key).get<int>("first") == 1);
    CHECK(engine.variables(key).get<int>("second") == 2);
}
