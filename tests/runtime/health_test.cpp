// What an engine says of itself while its store is away.
#include "runtime/support.hpp"

#include <kontor/kontor.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <mutex>
#include <thread>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;

SCENARIO("an engine whose store is away says so, and goes on when it is back") {
    std::atomic<bool> away{false};
    store::MemoryStore* memory = nullptr;
    std::mutex mutex;
    std::string log;
    Engine engine{{.store = {[&] {
        auto made = std::make_unique<store::MemoryStore>(store::Options{});
        memory = made.get();
        return made;
    }},
                   .log = [&](const LogRecord& record) {
                       const std::scoped_lock lock{mutex};
                       log += std::string{record.text} + '\n';
                   }}};
    engine.deploy({yaml_text("kontor: 1\nprocess: p\nflow:\n  - startEvent: a\n  - endEvent: b\n", "p.yaml")});
    CHECK_FALSE(engine.health().ready);
    engine.run();
    CHECK(engine.health().ready);
    (void)engine.start({.process = "p"});

    memory->set_faults({.on_commit = [&](std::uint64_t, const ports::Batch&) -> std::optional<store::Fault> {
                            if (!away) return std::nullopt;
                            return store::Fault{store::Fault::When::before_durable, ports::CommitUnavailable{"the disk is full"}};
                        },
                        .on_call = {}});
    away = true;
    std::atomic<bool> answered{false};
    engine.start({.process = "p"}, [&](const Result<Started>& started) { answered = static_cast<bool>(started); });
    CHECK(until([&] { return !engine.health().ready; }));
    CHECK(engine.health().live);
    CHECK(engine.health().why == "the store takes no commits: the disk is full");
    CHECK_FALSE(answered);

    away = false;
    CHECK(until([&] { return answered && engine.health().ready; }));
    CHECK(answered);
    CHECK(engine.health().ready);
    const std::scoped_lock lock{mutex};
    CHECK(log == "everything waits, since the store takes no commits: the disk is full\nthe store takes commits again\n");
}

SCENARIO("an engine whose store has refused something after it was away is well again") {
    Disk disk{1};
    Engine engine{{.store = disk.store()}};
    engine.deploy({yaml_text("kontor: 1\nprocess: p\nflow:\n  - startEvent: a\n  - endEvent: b\n", "p.yaml")});
    engine.run();
    disk.memory.set_faults({.on_commit = [](std::uint64_t nth, const ports::Batch&) -> std::optional<store::Fault> {
                                if (nth == 1) return store::Fault{store::Fault::When::before_durable, ports::CommitUnavailable{"the disk is full"}};
                                if (nth <= 3) return store::Fault{store::Fault::When::before_durable, ports::CommitRefused{"a value cannot be stored"}};
                                return std::nullopt;
                            },
                            .on_call = {}});
    CHECK(code_of([&] { (void)engine.start({.process = "p"}); }) == Code::bad_input);
    (void)engine.start({.process = "p"});
    CHECK(engine.health().ready);
    CHECK(engine.health().why.empty());
}

SCENARIO("an engine that cannot find out what became of a commit says so") {
    Disk disk{1};
    Engine engine{{.store = disk.store()}};
    engine.deploy({yaml_text("kontor: 1\nprocess: p\nflow:\n  - startEvent: a\n  - endEvent: b\n", "p.yaml")});
    engine.run();
    std::atomic<bool> away{true}, answered{false};
    disk.memory.set_faults({.on_commit = [&](std::uint64_t, const ports::Batch&) -> std::optional<store::Fault> {
                                return away ? std::optional{store::Fault{store::Fault::When::before_durable, ports::CommitUnknown{"the connection broke"}}}
                                            : std::nullopt;
                            },
                            .on_call = [&](std::uint64_t) { return away.load(); }});
    engine.start({.process = "p"}, [&](const Result<Started>& started) { answered = static_cast<bool>(started); });
    CHECK(until([&] { return !engine.health().ready; }));
    away = false;
    CHECK(until([&] { return answered && engine.health().ready; }));
}

SCENARIO("an engine that has nothing to write says as well that its store is away") {
    Disk disk{1};
    Engine engine{{.store = disk.store(), .lease = 300ms}};
    engine.run();
    CHECK(engine.health().ready);
    std::atomic<bool> away{true};
    disk.memory.set_faults({.on_commit = {}, .on_call = [&](std::uint64_t) { return away.load(); }});
    CHECK(until([&] { return engine.health().why.starts_with("the lease cannot be renewed: "); }));
    CHECK_FALSE(engine.health().ready);
    away = false;
    CHECK(until([&] { return engine.health().ready; }));
}

SCENARIO("an engine says that its store has not answered for long") {
    Disk disk{1};
    const auto wire = std::make_shared<Wire>();
    Engine engine{{.store = disk.store(wire), .lease = 1h}};
    engine.deploy({yaml_text("kontor: 1\nprocess: p\nflow:\n  - startEvent: a\n  - endEvent: b\n", "p.yaml")});
    engine.run();
    wire->cut();
    std::atomic<bool> answered{false};
    engine.start({.process = "p"}, [&](const Result<Started>& started) { answered = static_cast<bool>(started); });
    CHECK(until([&] { return engine.health().why.starts_with("the store takes no commits: it has not answered for "); }));
    wire->mend();
    CHECK(until([&] { return answered && engine.health().ready; }));
}
