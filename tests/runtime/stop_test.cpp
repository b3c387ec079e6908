// An engine that stops: calls under way get their time, and what it cuts off is for the next start to find out.
#include "journal/encoding.hpp"
#include "support/folder.hpp"
#include "runtime/support.hpp"

#include <kontor/kontor.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <filesystem>
#include <future>
#include <thread>

using namespace kontor;
using test::Folder;
using namespace std::chrono_literals;

namespace {

constexpr const char* one_call = R"(
kontor: 1
process: one-call
services:
  account.block: { contract: unsafe }
flow:
  - startEvent: begun
  - serviceTask: block
    service: account.block
  - endEvent: done
)";

/// As an adapter does it: takes its time, and gives up when it is told to stop.
struct Slow {
    Duration takes;
    std::atomic<int>& began;
    Answer operator()(const ServiceCall& call) const {
        ++began;
        for (Duration passed{}; passed < takes; passed += 5ms) {
            if (call.stop_token().stop_requested()) throw Permanent{"cut off"};
            std::this_thread::sleep_for(5ms);
        }
        return Variables{};
    }
};

}  // namespace

SCENARIO("a stop lets calls under way end, and asks nobody to break off before") {
    const Folder folder;
    std::atomic<int> began{0};
    Engine engine{{.store = sqlite(folder.path("a.db")), .services = {{"account.block", Slow{200ms, began}}}}};
    engine.deploy({yaml_text(one_call, "one-call.yaml")});
    engine.run();
    const auto key = engine.start({.process = "one-call"});
    while (began == 0) std::this_thread::sleep_for(1ms);
    const auto drained = engine.stop(10s);
    CHECK(drained.finished == 1);
    CHECK(drained.left_to_recovery == 0);
    CHECK(engine.incidents({}).items.empty());
    CHECK(engine.find(key)->state == State::completed);
}

SCENARIO("a call that does not end in time is told to stop, and what it says then counts no more") {
    const Folder folder;
    std::atomic<int> began{0};
    Engine engine{{.store = sqlite(folder.path("b.db")), .services = {{"account.block", Slow{10min, began}}}}};
    engine.deploy({yaml_text(one_call, "one-call.yaml")});
    engine.run();
    const auto key = engine.start({.process = "one-call"});
    while (began == 0) std::this_thread::sleep_for(1ms);
    const auto drained = engine.stop(50ms);
    CHECK(drained.left_to_recovery == 1);
    CHECK(engine.incidents({}).items.empty());
    CHECK(engine.find(key)->state == State::running);
}

SCENARIO("a stop waits for a call whose beginning is being recorded") {
    test::Disk disk{1};
    std::atomic<int> calls{0};
    std::atomic<bool> is_held{false}, let_go{false};
    {
        Engine engine{{.store = disk.store(), .services = {{"account.block", [&](const ServiceCall&) -> Answer { return ++calls, Variables{}; }}}}};
        engine.deploy({yaml_text(one_call, "one-call.yaml")});
        engine.run();
        disk.memory.set_faults({.on_commit = [&](std::uint64_t, const ports::Batch& batch) -> std::optional<store::Fault> {
                                    for (const auto& row : batch.journal)
                                        for (const auto& event : journal::decode(row.position, row.bytes).events)
                                            if (std::holds_alternative<core::JobAttemptStarted>(event)) is_held = true;
                                    while (is_held && !let_go) std::this_thread::yield();
                                    return std::nullopt;
                                },
                                .on_call = {}});
        engine.start({.process = "one-call"}, [](const Result<Started>&) {});
        REQUIRE(test::until([&] { return is_held.load(); }));
        auto stopping = std::async(std::launch::async, [&] { return engine.stop(20s); });
        REQUIRE(test::until([&] { return !engine.health().live; }));
        let_go = true;
        (void)stopping.get();
    }
    CHECK(calls == 1);
    disk.memory.set_faults({});
    Engine next{{.store = disk.store(), .services = {{"account.block", [&](const ServiceCall&) -> Answer { return ++calls, Variables{}; }}}}};
    next.run();
    CHECK(test::until([&] { return !next.instances({.state = State::completed}).items.empty(); }));
    CHECK(calls == 1);
    CHECK(next.incidents({}).items.empty());
}
