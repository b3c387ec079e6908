// Many at once: slots of a service, floods of timers, clocks that jump, subscribers that come and go.
#include "runtime/support.hpp"

#include <kontor/testing.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <thread>
#include <vector>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;

namespace {

/// The highest number of those that are in at the same time.
class Turnstile {
public:
    void enter() {
        const int now = ++inside_;
        for (int before = most_; now > before && !most_.compare_exchange_weak(before, now);) {}
    }
    void leave() { --inside_; }
    [[nodiscard]] int most() const { return most_; }

private:
    std::atomic<int> inside_{0}, most_{0};
};

constexpr Instant new_year{std::chrono::seconds{1'767'225'600}};

Source waiting(const std::string& timer) {
    return yaml_text("kontor: 1\nprocess: waiting\nflow:\n  - startEvent: begun\n  - intermediateCatchEvent: pause\n    timer: " + timer +
                     "\n  - endEvent: over\n", "waiting.yaml");
}

}  // namespace

SCENARIO("no more calls of a service run at once than its binding allows, repetitions included") {
    const std::string contract = GENERATE("idempotent", "unsafe");
    Disk disk;
    Turnstile turnstile;
    std::atomic<int> calls{0};
    const auto handler = [&](const ServiceCall& call) -> Answer {
        turnstile.enter();
        ++calls;
        std::this_thread::sleep_for(1ms);   // so that they would overlap
        turnstile.leave();
        if (call.attempt() == 1) throw std::runtime_error{"try again"};
        return Variables{};
    };
    Engine engine{{.store = disk.store(), .services = {{"work", handler, 3}}}};
    engine.deploy({yaml_text("kontor: 1\nprocess: p\nservices:\n  work: { contract: " + contract +
                             " }\nflow:\n  - startEvent: a\n  - serviceTask: b\n    service: work\n    retry: { attempts: 3, backoff: PT0.01S }\n  - endEvent: c\n",
                             "p.yaml")});
    engine.run();
    std::vector<InstanceKey> keys;
    for (int i = 0; i < 60; ++i) keys.push_back(engine.start({.process = "p"}));
    for (const auto key : keys) REQUIRE(engine.wait_for(key, 20s));
    CHECK(calls == 120);
    CHECK(turnstile.most() == 3);
}

SCENARIO("ten thousand timers that are due at once fire once each, and others get their turn meanwhile") {
    constexpr std::size_t many = 10'000;
    Disk disk{4};
    const auto clock = std::make_shared<TestClock>(new_year);
    std::vector<InstanceKey> keys;
    {
        Engine engine{{.store = disk.store(), .clock = clock}};
        engine.deploy({waiting("P1D")});
        engine.run();
        std::atomic<std::size_t> started{0}, refused{0};
        for (std::size_t i = 0; i < many; ++i)
            engine.start({.process = "waiting"}, [&](const Result<Started>& result) { ++(result ? started : refused); });
        REQUIRE(until([&] { return started + refused == many; }, 60s));
        CHECK(refused == 0);
    }
    clock->move(48h);   // while no engine runs
    std::atomic<std::size_t> ended{0}, fired{0};
    std::atomic<bool> answered_in_between{false};
    Engine engine{{.store = disk.store(), .clock = clock}};
    const auto events = engine.subscribe(std::nullopt, [&](const Event& event) {
        ended += event.type == "instanceCompleted";
        fired += event.type == "timerFired";
    });
    engine.run();
    const auto other = engine.start({.process = "waiting"});
    answered_in_between = ended < many;
    REQUIRE(until([&] { return ended == many; }, 60s));
    CHECK(fired == many);
    CHECK(answered_in_between);
    CHECK(engine.find(other)->state == State::running);
    CHECK(engine.instances({.process = "waiting", .state = State::running}).items.size() == 1);
}

SCENARIO("a clock that jumps fires no timer early, none twice, and no time of an instance runs backwards") {
    Disk disk{1};
    const auto clock = std::make_shared<TestClock>(new_year);
    std::atomic<int> fired{0};
    Engine engine{{.store = disk.store(), .clock = clock}};
    engine.deploy({waiting("PT1H")});
    engine.run();
    const auto events = engine.subscribe(std::nullopt, [&](const Event& event) { fired += event.type == "timerFired"; });
    const auto early = engine.start({.process = "waiting"});
    clock->move(-24h);
    const auto late = engine.start({.process = "waiting"});
    clock->move(23h + 30min);   // half an hour before the first one's time, long after the second one's
    CHECK(engine.wait_for(late, 20s));
    CHECK(engine.find(early)->state == State::running);
    clock->move(-48h);
    clock->move(49h + 30min);
    CHECK(engine.wait_for(early, 20s));
    CHECK(until([&] { return fired == 2; }));
    for (const auto key : {early, late}) {
        Instant last = Instant::min();
        for (const auto& event : engine.history({.instance = key}).items) {
            CHECK(event.at >= last);
            last = event.at;
        }
    }
    clock->move(365 * 24h);
    CHECK(engine.wait_for(engine.start({.process = "waiting"}), 0s) == std::nullopt);
    CHECK(fired == 2);
}

SCENARIO("to wait without patience is to look: an end that has been is told") {
    Disk disk{1};
    Engine engine{{.store = disk.store()}};
    engine.deploy({yaml_text("kontor: 1\nprocess: p\nflow:\n  - startEvent: a\n  - endEvent: b\n", "p.yaml")});
    engine.run();
    for (int i = 0; i < 100; ++i) {
        const auto outcome = engine.wait_for(engine.start({.process = "p"}), 0s);
        REQUIRE(outcome);
        REQUIRE(std::get<Completed>(*outcome).end_event == "b");
    }
}

SCENARIO("a subscriber that comes back with its cursor again and again sees every event once and in order, while others write") {
    Disk disk{4};
    Engine engine{{.store = disk.store()}};
    engine.deploy({yaml_text("kontor: 1\nprocess: p\nflow:\n  - startEvent: a\n  - scriptTask: b\n  - endEvent: c\n", "p.yaml")});
    engine.run();

    std::mutex mutex;
    std::map<InstanceKey, std::vector<std::string>> seen;   // types of events, by instance
    std::set<std::string> positions;
    std::optional<Cursor> cursor;   // the first one begins before anything is written
    std::size_t doubled = 0;
    std::atomic<std::size_t> ended{0};
    Subscription subscription;
    const auto subscribe = [&] {
        std::optional<Cursor> from;
        {
            const std::scoped_lock lock{mutex};
            from = cursor;
        }
        subscription = engine.subscribe(from, [&](const Event& event) {
            const std::scoped_lock lock{mutex};
            doubled += !positions.insert(event.position.text).second;
            seen[event.instance].push_back(event.type);
            cursor = event.position;
            ended += event.type == "instanceCompleted";
        });
    };
    constexpr std::size_t many = 600;
    subscribe();
    std::jthread writer{[&] {
        for (std::size_t i = 0; i < many; ++i) engine.start({.process = "p"}, [](const Result<Started>&) {});
    }};
    for (int round = 0; round < 40; ++round) {
        const auto so_far = ended.load();
        (void)until([&] { return ended > so_far || ended == many; });
        subscription = {};
        subscribe();
    }
    CHECK(until([&] { return ended == many; }));
    subscription = {};
    CHECK(doubled == 0);
    CHECK(seen.size() == many);
    for (const auto& [key, types] : seen) {
        std::vector<std::string> all;
        for (const auto& event : engine.history({.instance = key, .limit = 1'000}).items) all.push_back(event.type);
        CHECK(types == all);
    }
}

namespace {

/// Counts the alarms that are set.
struct CountingClock final : Clock {
    TestClock to{new_year};
    mutable std::atomic<int> alarms{0};
    [[nodiscard]] Instant now() const override { return to.now(); }
    [[nodiscard]] std::shared_ptr<void> alarm(Instant when, std::function<void()> then) override { return ++alarms, to.alarm(when, std::move(then)); }
};

/// Holds what it has read of timers until it is let go.
struct SlowTimers final : store::MemoryStore {
    using MemoryStore::MemoryStore;
    std::function<void()> after_reading{};
    std::vector<ports::TimerRow> timers_due(std::uint32_t bucket, Instant end, ports::TimerCursor after, std::size_t limit) override {
        auto rows = MemoryStore::timers_due(bucket, end, after, limit);
        if (after_reading) after_reading();
        return rows;
    }
};

}  // namespace

SCENARIO("a repeating timer that was read before it fired is not taken for due again and again") {
    const auto clock = std::make_shared<CountingClock>();
    std::atomic<int> fired{0};
    Gate gate;
    std::atomic<bool> holds{false};
    std::atomic<int> looks{0};
    Engine engine{{.store = {[&] {
                       auto made = std::make_unique<SlowTimers>(store::Options{.buckets = 1});
                       made->after_reading = [&] {
                           ++looks;
                           if (holds.exchange(false)) gate.pass();
                       };
                       return made;
                   }},
                   .clock = clock}};
    engine.deploy({yaml_text("kontor: 1\nprocess: p\nflow:\n  - startEvent: a\n  - userTask: decide\n    boundaryEvents:\n      - timer: R/PT3M58S\n"
                             "        id: remind\n        interrupting: false\n        flow:\n          - endEvent: reminded\n  - endEvent: b\n", "p.yaml")});
    engine.run();
    const auto events = engine.subscribe(std::nullopt, [&](const Event& event) { fired += event.type == "timerFired"; });
    REQUIRE(until([&] { return looks == 1; }));
    clock->to.move(61s);
    (void)engine.start({.process = "p"});
    holds = true;
    clock->to.move(4min);   // the timer is due, and so is the next look into the store
    REQUIRE(until([&] { return gate.waiting() == 1; }));
    REQUIRE(until([&] { return fired == 1; }));
    const int before = clock->alarms;
    gate.open();
    clock->to.move(238s);
    REQUIRE(until([&] { return fired == 2; }));
    CHECK(clock->alarms - before < 50);
}
