// How an engine begins and stops while others use it.
#include "runtime/support.hpp"
#include "support/folder.hpp"

#include <kontor/testing.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <set>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;

namespace {

Source one_call() {
    return yaml_text(R"(
kontor: 1
process: one-call
services:
  work: { contract: idempotent }
flow:
  - startEvent: begun
  - serviceTask: do-it
    service: work
  - serviceTask: do-more
    service: work
  - endEvent: done
)", "one-call.yaml");
}

Answer nothing(const ServiceCall&) { return Variables{}; }

}  // namespace

SCENARIO("a command that comes while run() recovers does not fence its own bucket") {
    Disk disk;
    Engine engine{{.store = disk.store(), .services = {{"work", nothing}}}};
    engine.deploy({one_call()});
    Gate gate;
    disk.before_read([&](std::string_view name) { if (name == "active_instances") gate.pass(); });
    auto running = std::async(std::launch::async, [&] { engine.run(); });
    REQUIRE(until([&] { return gate.waiting() == 1; }));
    // Every bucket is tried: refused until all are taken, never lost.
    for (int i = 0; i < 8; ++i) CHECK(code_of([&] { engine.start({.process = "one-call"}); }) == Code::shutting_down);
    gate.open();
    running.get();
    for (int i = 0; i < 8; ++i) CHECK(engine.wait_for(engine.start({.process = "one-call"}), 10s));
    CHECK(engine.health().ready);
}

SCENARIO("a start that races with stop() is answered") {
    for (int round = 0; round < 20; ++round) {
        Disk disk;
        Engine engine{{.store = disk.store(), .services = {{"work", nothing}}}};
        engine.deploy({one_call()});
        engine.run();
        std::atomic<int> answered{0}, accepted{0}, refused_otherwise{0};
        std::vector<std::thread> callers;
        for (int i = 0; i < 4; ++i)
            callers.emplace_back([&, i] {
                for (bool goes_on = true; goes_on; ++answered) {
                    const Code code = i == 3 ? code_of([&] { engine.publish({.name = "m", .correlation_key = "k", .message_id = "1"}); })
                                             : code_of([&] { engine.start({.process = "one-call", .request_id = "r" + std::to_string(answered)}); });
                    goes_on = code == Code::ok;
                    accepted += goes_on;
                    refused_otherwise += !goes_on && code != Code::shutting_down;
                }
            });
        REQUIRE(until([&] { return accepted > 20 * round; }));
        engine.stop(0s);
        for (auto& caller : callers) caller.join();   // hangs if one is not answered
        CHECK(refused_otherwise == 0);
    }
}

SCENARIO("everybody who asks an engine to stop is called back") {
    Disk disk;
    std::atomic<int> called_back{0};
    Engine engine{{.store = disk.store(), .services = {{"work", nothing}}}};
    engine.run();
    std::vector<std::thread> askers;
    for (int n = 0; n < 4; ++n) askers.emplace_back([&] { engine.stop(1s, [&](Drained) { ++called_back; }); });
    for (auto& asker : askers) asker.join();
    CHECK(until([&] { return called_back == 4; }));
}

SCENARIO("an asynchronous call after stop() is answered") {
    Disk disk;
    Engine engine{{.store = disk.store(), .services = {{"work", nothing}}}};
    engine.deploy({one_call()});
    engine.run();
    engine.stop(0s);
    std::atomic<bool> refused{false};
    engine.start({.process = "one-call"}, [&](const Result<Started>& result) { refused = !result && result.error().code() == Code::shutting_down; });
    CHECK(until([&] { return refused.load(); }));
}

SCENARIO("a subscriber that is busy does not bring down an engine that stops") {
    for (int round = 0; round < 10; ++round) {
        Disk disk;
        Engine engine{{.store = disk.store(), .services = {{"work", nothing}}}};
        engine.deploy({one_call()});
        engine.run();
        std::atomic<int> seen{0};
        const auto subscription = engine.subscribe(std::nullopt, [&](const Event&) { ++seen; });
        for (int i = 0; i < 50; ++i) engine.start({.process = "one-call"}, [](const Result<Started>&) {});
        REQUIRE(until([&] { return seen > 5; }));
        engine.stop(0s);
    }
}

SCENARIO("a stopping engine lets calls end and begins none") {
    Disk disk;
    Gate gate;
    std::atomic<int> calls{0};
    std::vector<InstanceKey> keys;
    {
        Engine engine{{.store = disk.store(), .services = {{"work", [&](const ServiceCall& call) -> Answer {
            if (++calls == 1) gate.pass();
            CHECK(call.attempt() == 1);
            return Variables{};
        }, 1}}}};
        engine.deploy({one_call()});
        engine.run();
        for (int i = 0; i < 5; ++i) keys.push_back(engine.start({.process = "one-call"}));
        REQUIRE(until([&] { return gate.waiting() == 1; }));
        auto stopping = std::async(std::launch::async, [&] { return engine.stop(20s); });
        REQUIRE(until([&] { return !engine.health().ready; }));
        std::thread{[&] { gate.open(); }}.join();
        const Drained drained = stopping.get();
        CHECK(drained.finished == 1);
        CHECK(drained.left_to_recovery == 0);
        CHECK(calls == 1);   // neither the ones that waited for room nor the next step of the one that ended
    }
    Engine next{{.store = disk.store(), .services = {{"work", [&](const ServiceCall&) -> Answer { ++calls; return Variables{}; }}}}};
    next.run();
    for (const auto key : keys) CHECK(next.wait_for(key, 10s));
    CHECK(calls == 10);
}

SCENARIO("a reply that comes after the engine has gone goes nowhere") {
    class Late final : public Adapter {
    public:
        void invoke(ServiceCall, Reply reply) override {
            const std::scoped_lock lock{mutex};
            replies.push_back(std::move(reply));
        }
        std::size_t count() {
            const std::scoped_lock lock{mutex};
            return replies.size();
        }
        std::mutex mutex;
        std::vector<Reply> replies;
    };
    const auto late = std::make_shared<Late>();
    Disk disk;
    {
        Engine engine{{.store = disk.store(), .services = {{"work", late, 2}}}};
        engine.deploy({one_call()});
        engine.run();
        for (int i = 0; i < 3; ++i) engine.start({.process = "one-call"});
        REQUIRE(until([&] { return late->count() == 2; }));
    }
    late->replies.front().complete({});
    late->replies.clear();   // the other one is dropped
    Engine next{{.store = disk.store(), .services = {{"work", nothing}}}};
    next.run();
    CHECK(until([&] { return next.instances({.state = State::completed}).items.size() == 3; }));
}

SCENARIO("stop() ends in bounded time while the store is away") {
    Disk disk;
    Engine engine{{.store = disk.store(), .services = {{"work", nothing}}}};
    engine.deploy({one_call()});
    engine.run();
    disk.memory.set_faults({.on_commit = [](std::uint64_t, const ports::Batch&) {
                                return std::optional{store::Fault{.answer = ports::CommitUnavailable{"away"}}};
                            }, .on_call = {}});
    std::atomic<int> refused{0};   // nothing was written, so nothing has happened
    for (int i = 0; i < 50; ++i)
        engine.start({.process = "one-call"}, [&](const Result<Started>& result) { refused += !result && result.error().code() == Code::shutting_down; });
    const auto began = std::chrono::steady_clock::now();
    REQUIRE(until([&] { return disk.memory.commits() > 1; }));
    engine.stop(1s);
    CHECK(std::chrono::steady_clock::now() - began < 15s);
    CHECK(refused == 50);
}

SCENARIO("several engines in one process do not know of each other") {
    std::vector<std::unique_ptr<Disk>> disks;
    std::vector<std::unique_ptr<Engine>> engines;
    std::atomic<int> calls[3] = {};
    for (int e = 0; e < 3; ++e) {
        disks.push_back(std::make_unique<Disk>());
        engines.push_back(std::make_unique<Engine>(Options{
            .store = disks.back()->store(), .services = {{"work", [&calls, e](const ServiceCall&) -> Answer { ++calls[e]; return Variables{}; }}}}));
        engines.back()->deploy({one_call()});
        engines.back()->run();
    }
    std::vector<InstanceKey> keys[3];
    for (int i = 0; i < 20; ++i)
        for (int e = 0; e <= 2; ++e)
            if (i % (e + 1) == 0) keys[e].push_back(engines[static_cast<std::size_t>(e)]->start({.process = "one-call"}));
    engines[0]->stop(5s);
    for (int e = 1; e <= 2; ++e) {
        for (const auto key : keys[e]) CHECK(engines[static_cast<std::size_t>(e)]->wait_for(key, 10s));
        CHECK(calls[e] == 2 * static_cast<int>(keys[e].size()));
    }
}

SCENARIO("a second engine on the same SQLite file is refused") {
    const Folder folder;
    const std::string file = folder.path("loans.db");
    {
        Engine first{{.store = sqlite(file), .services = {{"work", nothing}}}};
        first.deploy({one_call()});
        first.run();
        CHECK(code_of([&] { Engine second{{.store = sqlite(file)}}; }) == Code::conflict);
        CHECK(first.wait_for(first.start({.process = "one-call"}), 10s));
    }
    CHECK_NOTHROW(Engine{{.store = sqlite(file)}});
}
