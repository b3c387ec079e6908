// What comes while an engine begins, and what was decided on a state that turned out void.
#include "journal/encoding.hpp"
#include "runtime/care/check.hpp"
#include "runtime/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;
using store::Fault;

namespace {

constexpr const char* one_call = R"(
kontor: 1
process: one-call
variables:
  amount: { type: number }
services:
  work: { contract: idempotent, timeout: PT1H }
flow:
  - startEvent: asked
  - serviceTask: check
    service: work
  - endEvent: paid
)";

/// Keeps every call unanswered.
struct Keeping final : Adapter {
    std::mutex mutex{};
    std::vector<Reply> replies{};
    void invoke(ServiceCall, Reply reply) override {
        const std::scoped_lock lock{mutex};
        replies.push_back(std::move(reply));
    }
};

/// Counts what the engine measures.
struct Counters final : Metrics {
    std::atomic<int> calls_ended{0};
    void add(std::string_view, double, Labels) noexcept override {}
    void observe(std::string_view name, double, Labels) noexcept override { calls_ended += name == "kontor_call_seconds"; }
};

/// The first commit that cancels an instance waits until it is let go, and is refused.
struct HeldCancel {
    std::atomic<bool> is_held{false};
    std::atomic<bool> let_go{false};
    explicit HeldCancel(store::MemoryStore& store) {
        store.set_faults({.on_commit = [this](std::uint64_t, const ports::Batch& batch) -> std::optional<Fault> {
                              const bool cancels = std::any_of(batch.journal.begin(), batch.journal.end(), [](const auto& row) {
                                  const auto record = journal::decode(row.position, row.bytes);
                                  return std::any_of(record.events.begin(), record.events.end(),
                                                     [](const auto& event) { return std::holds_alternative<core::InstanceCancelling>(event); });
                              });
                              if (!cancels) return std::nullopt;
                              is_held = true;
                              while (!let_go) std::this_thread::yield();
                              return Fault{Fault::When::before_durable, ports::CommitRefused{"a value cannot be stored"}};
                          },
                          .on_call = {}});
    }
};

/// Something that the only bucket answers without a commit: what was sent to it before has been decided by then.
void pass_through(Engine& engine) {
    CHECK(code_of([&] { (void)engine.start({.process = "one-call", .variables = {{"amount", "much"}}}); }) == Code::bad_input);
}

Code told(const Result<void>& result) { return result ? Code::ok : result.error().code(); }

}  // namespace

SCENARIO("a command that comes while the engine begins is not undone by what was read before it") {
    Disk disk{4};
    constexpr int many = 3'000;
    InstanceKey victim{};
    const auto options = [&] { return Options{.store = disk.store(), .services = {{"work", std::make_shared<Keeping>(), 1'000'000}}, .queue = 1'000'000}; };
    {
        Engine engine{options()};
        engine.deploy({yaml_text(one_call, "one-call.yaml")});
        engine.run();
        std::atomic<int> started{0};
        for (int i = 0; i < many; ++i) engine.start({.process = "one-call"}, [&](const Result<Started>&) { ++started; });
        REQUIRE(until([&] { return started == many; }));
        while (core::created_at(victim = engine.start({.process = "one-call"}).key).bucket != 3) {}
    }
    Engine engine{options()};
    std::thread impatient{[&] {
        while (code_of([&] { engine.cancel(victim, {}); }) == Code::shutting_down) std::this_thread::yield();
    }};
    engine.run();
    impatient.join();
    engine.start({.process = "one-call"});
    CHECK(engine.find(victim)->state == State::cancelled);
    CHECK(until([&] { return engine.wait_for(victim, 0s).has_value(); }));
    engine.stop(0s);
    runtime::Definitions definitions;
    definitions.load(disk.memory.deployments());
    CHECK(runtime::check_rows(disk.memory, definitions).differences.empty());
    CHECK(disk.memory.instance(victim)->phase == lifecycle::Instance::cancelled);
}

SCENARIO("an instance that could not be read once is not taken for damaged") {
    for (std::uint64_t failing = 1; failing <= 30; ++failing) {
        Disk disk{1};
        InstanceKey key{};
        {
            Engine engine{{.store = disk.store(), .services = {{"work", std::make_shared<Keeping>()}}}};
            engine.deploy({yaml_text(one_call, "one-call.yaml")});
            engine.run();
            key = engine.start({.process = "one-call"}).key;
        }
        std::atomic<std::uint64_t> first{0};
        Engine engine{{.store = disk.store(), .services = {{"work", [](const ServiceCall&) -> Answer { return Variables{}; }}}}};
        disk.memory.set_faults({.on_commit = {}, .on_call = [&first, failing](std::uint64_t nth) {
                                    std::uint64_t none = 0;
                                    first.compare_exchange_strong(none, nth);
                                    return nth == first + failing - 1;
                                }});
        while (code_of([&] { engine.run(); }) != Code::ok) {}
        INFO("read " << failing);
        CHECK(engine.wait_for(key, 20s).has_value());
        disk.memory.set_faults({});
    }
}

SCENARIO("an answer that was refused because of a decision that is void counts after all") {
    Disk disk{1};
    Gate gate;
    const auto counters = std::make_shared<Counters>();
    Engine engine{{.store = disk.store(), .services = {{"work", [&](const ServiceCall&) -> Answer { return gate.pass(), Variables{}; }}}, .metrics = counters}};
    engine.deploy({yaml_text(one_call, "one-call.yaml")});
    engine.run();
    const auto key = engine.start({.process = "one-call"}).key;
    REQUIRE(until([&] { return gate.waiting() == 1; }));
    HeldCancel held{disk.memory};
    std::atomic<Code> first{Code::ok}, second{Code::ok};
    std::atomic<int> answers{0};
    engine.cancel(key, {}, [&](const Result<void>& result) { first = told(result), ++answers; });
    REQUIRE(until([&] { return held.is_held.load(); }));
    gate.open();
    REQUIRE(until([&] { return counters->calls_ended == 1; }));
    engine.cancel(key, {}, [&](const Result<void>& result) { second = told(result), ++answers; });
    pass_through(engine);
    held.let_go = true;
    REQUIRE(until([&] { return answers == 2; }));
    CHECK(first == Code::bad_input);
    CHECK(second != Code::ok);   // refused by the store too, or too late: the instance has ended by itself
    const auto outcome = engine.wait_for(key, 20s);
    REQUIRE(outcome);
    CHECK(std::holds_alternative<Completed>(*outcome));
}

SCENARIO("a call that was dropped because of a decision that is void is made after all") {
    Disk disk{1};
    Gate gate;
    const auto counters = std::make_shared<Counters>();
    Engine engine{{.store = disk.store(), .services = {{"work", [&](const ServiceCall&) -> Answer { return gate.pass(), Variables{}; }, 1}}, .metrics = counters}};
    engine.deploy({yaml_text(one_call, "one-call.yaml")});
    engine.run();
    const auto one = engine.start({.process = "one-call"}).key;
    REQUIRE(until([&] { return gate.waiting() == 1; }));
    const auto two = engine.start({.process = "one-call"}).key;   // its call waits for the only slot
    HeldCancel held{disk.memory};
    std::atomic<bool> is_told{false};
    engine.cancel(two, {}, [&](const Result<void>&) { is_told = true; });
    REQUIRE(until([&] { return held.is_held.load(); }));
    gate.open();
    REQUIRE(until([&] { return counters->calls_ended == 1; }));
    pass_through(engine);
    pass_through(engine);
    held.let_go = true;
    REQUIRE(until([&] { return is_told.load(); }));
    CHECK(engine.wait_for(one, 20s));
    CHECK(engine.wait_for(two, 20s));
}

SCENARIO("an end that cannot be read for a moment is told all the same") {
    Disk disk{1};
    Engine engine{{.store = disk.store(), .services = {{"work", [](const ServiceCall&) -> Answer { return Variables{}; }}}}};
    engine.deploy({yaml_text(one_call, "one-call.yaml")});
    engine.run();
    const auto key = engine.start({.process = "one-call"}).key;
    REQUIRE(engine.wait_for(key, 20s));
    std::atomic<int> reads{0};
    std::atomic<bool> is_told{false};
    disk.before_read([&](std::string_view name) {
        if (name == "instance" && reads++ == 0) throw Error{Code::unavailable, "away"};
    });
    engine.on_end(key, [&](const Outcome&) { is_told = true; });
    CHECK(until([&] { return is_told.load(); }));
}

SCENARIO("a subscription may outlive its engine") {
    Disk disk{1};
    Subscription subscription;
    std::atomic<int> reads{0};
    {
        Engine engine{{.store = disk.store(), .services = {{"work", std::make_shared<Keeping>()}}}};
        engine.deploy({yaml_text(one_call, "one-call.yaml")});
        engine.run();
        disk.before_read([&](std::string_view name) {
            if (name == "journal_of_bucket" && reads++ == 0) throw Error{Code::unavailable, "away"};   // it sets an alarm to come again
        });
        subscription = engine.subscribe(std::nullopt, [](const Event&) {});
        (void)engine.start({.process = "one-call"});
        REQUIRE(until([&] { return reads > 1; }));
    }
    subscription = {};
    disk.before_read({});
}
