// Commits that the store refuses, loses the answer of, or cannot take now; and another owner of the bucket.
#include "journal/encoding.hpp"
#include "runtime/care/check.hpp"
#include "runtime/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <random>
#include <set>
#include <vector>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;
using store::Fault;

namespace {

/// Two calls, the second not to be repeated, with a pause between.
constexpr const char* process = R"(
kontor: 1
process: loan
variables:
  score: { type: number }
services:
  credit.check: { contract: idempotent, timeout: PT1H }
  funds.move:   { contract: unsafe, timeout: PT1H }
messages:
  go: { correlationKey: = "all", timeToLive: P1D }
flow:
  - startEvent: asked
  - serviceTask: check
    service: credit.check
    output: { score: = result.score }
  - intermediateCatchEvent: pause
    timer: PT1S
  - serviceTask: move
    service: funds.move
  - endEvent: paid
)";

Fault refused(std::string why) { return {Fault::When::before_durable, ports::CommitRefused{std::move(why)}}; }

template <class Event>
bool holds(const ports::JournalRow& row) {
    const auto record = journal::decode(row.position, row.bytes);
    return std::any_of(record.events.begin(), record.events.end(), [](const auto& event) { return std::holds_alternative<Event>(event); });
}

struct Refusals final : Metrics {
    std::atomic<int> count{0};
    void add(std::string_view name, double, Labels) noexcept override { count += name == "kontor_refused_total"; }
    void observe(std::string_view, double, Labels) noexcept override {}
};

struct Bank {
    Disk disk{1};
    std::shared_ptr<TestClock> clock = std::make_shared<TestClock>(Instant{std::chrono::seconds{1'767'225'600}});
    std::shared_ptr<Refusals> refusals = std::make_shared<Refusals>();
    std::atomic<int> checks{0};
    std::atomic<int> moves{0};
    std::unique_ptr<Engine> engine = open();

    std::unique_ptr<Engine> open() {
        auto made = std::make_unique<Engine>(Options{.store = disk.store(),
                                                     .services = {{"credit.check", [this](const ServiceCall&) -> Answer { return ++checks, Answer{{"score", 700}}; }},
                                                                  {"funds.move", [this](const ServiceCall&) -> Answer { return ++moves, Answer{Variables{}}; }}},
                                                     .metrics = refusals,
                                                     .clock = clock,
                                                     .queue = 100});
        made->deploy({yaml_text(process, "loan.yaml")});
        made->run();
        return made;
    }
    InstanceKey start() { return engine->start({.process = "loan"}).key; }
    bool is_at(InstanceKey key, const std::string& element) {
        return until([&] { return engine->waits(key) == std::vector<std::string>{element}; });
    }
    std::vector<IncidentInfo> incidents() { return engine->incidents({}).items; }
    bool completed(InstanceKey key) {
        const auto outcome = engine->wait_for(key, 20s);
        return outcome && std::holds_alternative<Completed>(*outcome);
    }
    /// From now on commits with such a row are refused, until heal().
    void refuse(bool (*is_meant)(const ports::JournalRow&)) {
        disk.memory.set_faults({.on_commit = [is_meant](std::uint64_t, const ports::Batch& batch) {
                                    return std::any_of(batch.journal.begin(), batch.journal.end(), is_meant) ? std::optional{refused("a value cannot be stored")}
                                                                                                            : std::nullopt;
                                },
                                .on_call = {}});
    }
    void heal() { disk.memory.set_faults({}); }
    std::vector<std::string> defects() {
        engine.reset();
        runtime::Definitions definitions;
        definitions.load(disk.memory.deployments());
        std::vector<std::string> all;
        for (const auto& difference : runtime::check_rows(disk.memory, definitions).differences) all.push_back(difference.table + ": " + difference.what);
        return all;
    }
};

}  // namespace

SCENARIO("a start that the store refuses is refused to its caller, and the others go on") {
    Bank bank;
    const auto before = bank.start();
    REQUIRE(bank.is_at(before, "pause"));
    bank.refuse(holds<core::InstanceStarted>);
    CHECK(code_of([&] { bank.start(); }) == Code::bad_input);
    bank.clock->move(2s);
    CHECK(bank.completed(before));
    bank.heal();
    CHECK(bank.is_at(bank.start(), "pause"));
}

SCENARIO("a service's answer that the store refuses is an incident of its step, and a person lets it go on") {
    Bank bank;
    const std::string element = GENERATE("check", "move");
    const auto first = bank.start();
    REQUIRE(bank.is_at(first, "pause"));
    bank.refuse(holds<core::JobCompleted>);
    if (element == "check") (void)bank.start();
    else bank.clock->move(2s);
    REQUIRE(until([&] { return !bank.incidents().empty(); }));
    const auto incident = bank.incidents()[0];
    CHECK(incident.kind == "answer-lost");
    CHECK(incident.element == element);
    CHECK(incident.message.find("a value cannot be stored") != std::string::npos);
    bank.heal();
    bank.engine->resolve(incident.key, {});
    CHECK(until([&] {
        bank.clock->move(1s);
        return bank.engine->find(incident.instance)->state == State::completed;
    }));
    CHECK(until([&] { return bank.engine->find(first)->state == State::completed; }));
    CHECK(bank.checks == (element == "check" ? 3 : 1));   // idempotent: called again with its key
    CHECK(bank.moves == (element == "check" ? 2 : 1));    // not to be repeated: what the person gives is the answer
    CHECK(bank.defects().empty());
}

SCENARIO("what the engine does by itself and the store refuses halts the instance with an incident, and a person lets it go on") {
    Bank bank;
    const auto key = bank.start();
    REQUIRE(bank.is_at(key, "pause"));
    // A timer that fires, or the beginning of a call that may not be repeated.
    bank.refuse(GENERATE(holds<core::TimerFired>, holds<core::JobAttemptStarted>));
    bank.clock->move(2s);
    REQUIRE(until([&] { return bank.incidents().size() == 1; }));
    CHECK(bank.incidents()[0].kind == "not-recorded");
    CHECK(bank.engine->find(key)->state == State::incident);
    CHECK(bank.moves == 0);
    WHEN("the incident is resolved") {
        bank.heal();
        bank.engine->resolve(bank.incidents()[0].key, {});
        THEN("it ends, and the call that is not to be repeated was made once") {
            CHECK(bank.completed(key));
            CHECK(bank.moves == 1);
            CHECK(bank.defects().empty());
        }
    }
    WHEN("the engine is restarted before that") {
        bank.engine.reset();
        bank.heal();
        bank.engine = bank.open();
        CHECK(bank.incidents().size() == 1);
        bank.engine->resolve(bank.incidents()[0].key, {});
        CHECK(bank.completed(key));
        CHECK(bank.moves == 1);
    }
}

SCENARIO("a commit whose answer is lost is looked up: what was written is not done again, what was not is") {
    Bank bank;
    const auto when = GENERATE(Fault::When::before_durable, Fault::When::after_durable);
    bank.disk.memory.set_faults({.on_commit = [when](std::uint64_t nth, const ports::Batch&) -> std::optional<Fault> {
                                     return nth % 3 == 1 ? std::optional{Fault{when, ports::CommitUnknown{"the connection broke"}}} : std::nullopt;
                                 },
                                 .on_call = {}});
    std::vector<InstanceKey> keys;
    for (int i = 0; i < 5; ++i) keys.push_back(bank.start());
    for (const auto key : keys) REQUIRE(bank.is_at(key, "pause"));
    bank.clock->move(2s);
    for (const auto key : keys) CHECK(bank.completed(key));
    CHECK(bank.engine->instances({}).items.size() == 5);
    CHECK(bank.checks == 5);
    CHECK(bank.moves == 5);
    CHECK(bank.defects().empty());
}

SCENARIO("whatever becomes of commits, every instance ends or waits for a person, and nothing is done twice") {
    const auto seed = GENERATE(range(1u, 9u));
    CAPTURE(seed);
    Bank bank;
    auto random = std::make_shared<std::mt19937>(seed);
    std::atomic<bool> trouble{true};
    bank.disk.memory.set_faults({.on_commit = [random, seed, &trouble](std::uint64_t, const ports::Batch& batch) -> std::optional<Fault> {
                                     if (!trouble) return std::nullopt;
                                     // The same row is refused each time.
                                     for (const auto& row : batch.journal)
                                         if (std::hash<std::string>{}(row.bytes + std::to_string(seed)) % 8 == 0) return refused("at random");
                                     switch ((*random)() % 9) {
                                         case 1: return Fault{Fault::When::before_durable, ports::CommitUnknown{"broken before"}};
                                         case 2: return Fault{Fault::When::after_durable, ports::CommitUnknown{"broken after"}};
                                         case 3: return Fault{Fault::When::before_durable, ports::CommitUnavailable{"away"}};
                                         default: return std::nullopt;
                                     }
                                 },
                                 .on_call = {}});
    std::vector<InstanceKey> keys;
    for (int i = 0; i < 40; ++i) {
        try {
            keys.push_back(bank.start());
        } catch (const Error& error) {
            CHECK(error.code() == Code::bad_input);
        }
    }
    const auto settle = [&] {
        const auto done = [&](InstanceKey key) {
            const auto found = bank.engine->find(key);
            return found && (found->state == State::completed || found->state == State::incident);
        };
        return until([&] {
            bank.clock->move(1min);
            return std::all_of(keys.begin(), keys.end(), done);
        });
    };
    CHECK(settle());
    trouble = false;
    while (!bank.incidents().empty()) {
        for (const auto& incident : bank.incidents()) bank.engine->resolve(incident.key, {.took_effect = true});
        REQUIRE(settle());
    }
    for (const auto key : keys) CHECK(bank.completed(key));
    CHECK(bank.engine->instances({}).items.size() == keys.size());
    CHECK(bank.moves <= static_cast<int>(keys.size()));
    CHECK(bank.defects().empty());
}

SCENARIO("a timer whose firing waits for the store is not fired again by every look into the store") {
    Bank bank;
    std::vector<InstanceKey> keys;
    for (int i = 0; i < 20; ++i) keys.push_back(bank.start());
    for (const auto key : keys) REQUIRE(bank.is_at(key, "pause"));
    std::atomic<bool> away{true};
    bank.disk.memory.set_faults({.on_commit = [&](std::uint64_t, const ports::Batch&) -> std::optional<Fault> {
                                     return away ? std::optional{Fault{Fault::When::before_durable, ports::CommitUnavailable{"the disk is full"}}}
                                                 : std::nullopt;
                                 },
                                 .on_call = {}});
    std::atomic<int> looks{0};
    bank.disk.before_read([&](std::string_view name) { looks += name == "timers_due"; });
    REQUIRE(until([&] {   // hours pass
        bank.clock->move(6min);
        return looks > 30;
    }));
    bank.engine->start({.process = "loan"}, [](const Result<Started>&) {});
    CHECK(bank.refusals->count == 0);   // the bucket has room: twenty firings wait in it, not twenty for each look
    away = false;
    for (const auto key : keys) CHECK(bank.completed(key));
    CHECK(bank.moves == 20);
}
