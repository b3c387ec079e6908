// What an engine says of itself while its store is away.
#include "store/memory/memory_store.hpp"

#include <kontor/kontor.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <mutex>
#include <thread>

using namespace kontor;
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
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (engine.health().ready && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    CHECK(engine.health().live);
    CHECK(engine.health().why == "the store takes no commits: the disk is full");
    CHECK_FALSE(answered);

    away = false;
    while ((!answered || !engine.health().ready) && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    CHECK(answered);
    CHECK(engine.health().ready);
    const std::scoped_lock lock{mutex};
    CHECK(log == "everything waits, since the store takes no commits: the disk is full\nthe store takes commits again\n");
}
