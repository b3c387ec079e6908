// What a store holds besides the journal follows from it, and what does not is found.
#include "runtime/care/check.hpp"
#include "runtime/reading/explain.hpp"
#include "store/open.hpp"
#include "support/folder.hpp"

#include <kontor/kontor.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

using namespace kontor;
using test::Folder;
using namespace std::chrono_literals;

namespace {

/// Waits for everything that has a row of its own.
constexpr const char* everything = R"(
kontor: 1
process: everything
variables:
  loan: { type: string, required: true }
  amount: { type: number }
services:
  "bank.*": { contract: idempotent }
messages:
  go: { correlationKey: = loan }
flow:
  - startEvent: begun
  - parallelGateway: fork
    join: joined
    branches:
      - flow:
          - userTask: review
            candidateGroups: [risk]
            boundaryEvents:
              - timer: P3D
                id: late
                interrupting: false
                flow:
                  - endEvent: reminded
      - flow:
          - intermediateCatchEvent: wait-for-go
            message: go
      - flow:
          - serviceTask: pay
            service: bank.pay
            retry: { attempts: 3, backoff: P1D }
      - flow:
          - serviceTask: refuse
            service: bank.refuse
  - endEvent: done
)";

struct World {
    Folder folder;
    std::string url = "sqlite:" + folder.path("loans.db");

    [[nodiscard]] Options options() const {
        return {.store = store_at(url),
                .services = {{"bank.pay", [](const ServiceCall&) -> Answer { throw std::runtime_error{"the bank is closed"}; }},
                             {"bank.refuse", [](const ServiceCall&) -> Answer { throw Permanent{"no such account"}; }}}};
    }
    /// Starts an instance and waits until it only waits.
    InstanceKey start(Engine& engine, const std::string& loan) const {
        const InstanceKey key = engine.start({.process = "everything", .variables = {{"loan", loan}}});
        for (int i = 0; i < 500; ++i) {
            if (engine.incidents({.instance = key}).items.size() == 1 && backs_off(engine, key)) return key;
            std::this_thread::sleep_for(10ms);
        }
        return key;
    }
    static bool backs_off(Engine& engine, InstanceKey key) {
        const auto history = engine.history({.instance = key});
        return std::any_of(history.begin(), history.end(), [](const Event& e) { return e.type == "jobBackedOff"; });
    }
};

struct Beside {
    explicit Beside(const std::string& url) : store{store::open_store(url, {.access = store::Access::reader})} { definitions.load(store->deployments()); }
    std::unique_ptr<ports::Store> store;
    runtime::Definitions definitions;
    [[nodiscard]] runtime::Check check() const { return runtime::check_rows(*store, definitions); }
};

/// Writes what no engine would.
void tamper(const std::string& url, std::uint32_t bucket, const std::function<void(ports::Batch&)>& change) {
    const auto store = store::open_store(url);
    const auto lease = store->take(bucket, "test");
    ports::Batch batch{.number = 1, .advances = {{bucket, lease.epoch, lease.next_sequence, lease.next_sequence}}};
    change(batch);
    REQUIRE(std::holds_alternative<ports::Committed>(store->commit(batch)));
}

}  // namespace

SCENARIO("derived rows are what the journal says, also beside an engine that runs") {
    const World world;
    {
        Engine engine{world.options()};
        engine.deploy({yaml_text(everything, "everything.yaml")});
        engine.run();
        const auto key = world.start(engine, "L-1");
        const auto other = world.start(engine, "L-2");
        engine.assign(engine.tasks({.instance = key}).items.at(0).key, "alice", {"bob"});
        engine.cancel(other, {{"bob"}, "test", false});
        CHECK(Beside{world.url}.check().differences.empty());
        engine.suspend(key, {"bob"}, "audit");
        CHECK(Beside{world.url}.check().differences.empty());
        engine.resume(key, {"bob"});
        CHECK(engine.publish({.name = "go", .correlation_key = "L-1"}) == Published::correlated);
        engine.complete(engine.tasks({.instance = key}).items.at(0).key, {.by = {"alice", {"risk"}}});
    }
    const Beside beside{world.url};
    const auto check = beside.check();
    for (const auto& difference : check.differences) UNSCOPED_INFO(difference.table << " " << difference.key << ": " << difference.what);
    CHECK(check.differences.empty());
    CHECK(check.instances == 2);
    CHECK(runtime::verify_chains(*beside.store).broken.empty());
}

SCENARIO("an engine that is hard at work makes no difference") {
    const Folder folder;
    const std::string url = "sqlite:" + folder.path("busy.db");
    Engine engine{{.store = store_at(url), .services = {{"bank.*", [](const ServiceCall&) -> Answer { return Variables{}; }}}}};
    engine.deploy({yaml_text(everything, "everything.yaml")});
    engine.run();
    std::atomic<bool> done{false};
    std::thread client{[&] {
        for (int i = 0; i < 150; ++i) {
            const std::string loan = "L-" + std::to_string(i);
            const auto key = engine.start({.process = "everything", .variables = {{"loan", loan}}});
            engine.publish({.name = "go", .correlation_key = loan});
            if (i % 2) engine.complete(engine.tasks({.instance = key}).items.at(0).key, {.by = {"alice", {"risk"}}});
        }
        done = true;
    }};
    int checks = 0;
    std::vector<runtime::Difference> differences;
    std::vector<runtime::BrokenChain> broken;
    do {
        const Beside beside{url};
        const auto check = beside.check();
        differences.insert(differences.end(), check.differences.begin(), check.differences.end());
        const auto audit = runtime::verify_chains(*beside.store);
        broken.insert(broken.end(), audit.broken.begin(), audit.broken.end());
        ++checks;
    } while (!done);
    client.join();
    for (const auto& difference : differences) UNSCOPED_INFO(difference.instance.value << ": " << difference.table << " "
                                                                                     << difference.key << ": " << difference.what);
    CHECK(differences.empty());
    for (const auto& chain : broken) UNSCOPED_INFO(chain.instance.value << ": " << chain.what);
    CHECK(broken.empty());
    CHECK(checks > 1);
}

SCENARIO("a row that differs from the journal is named") {
    const World world;
    InstanceKey key;
    {
        Engine engine{world.options()};
        engine.deploy({yaml_text(everything, "everything.yaml")});
        engine.run();
        key = world.start(engine, "L-1");
    }
    const auto bucket = core::created_at(key).bucket;
    const auto found = [&] {
        std::vector<std::string> all;
        for (const auto& d : Beside{world.url}.check().differences) all.push_back(d.table + ": " + d.what);
        return all;
    };
    REQUIRE(found().empty());
    const Beside before{world.url};
    const auto timers = before.store->timers_due(bucket, Instant::max(), {}, 9);
    const auto subscription = before.store->all_subscriptions({}, 9).at(0);
    REQUIRE(timers.size() == 2);   // the boundary event and the job that backs off
    WHEN("rows are missing") {
        tamper(world.url, bucket, [&](ports::Batch& batch) {
            batch.timers_gone = {timers[0].key};
            batch.subscriptions_gone = {subscription.key};
        });
        CHECK(found() == std::vector<std::string>{"timer: the row is missing", "subscription: the row is missing"});
    }
    WHEN("rows are changed or too many") {
        tamper(world.url, bucket, [&](ports::Batch& batch) {
            auto task = before.store->tasks({}).at(0);
            task.assignee = "mallory";
            batch.tasks = {task};
            auto incident = before.store->incidents({}).at(0);
            incident.key.value += 1;
            batch.incidents = {incident};
        });
        CHECK(found() == std::vector<std::string>{"task: the row differs from what the journal says",
                                                  "incident: there is a row, and the journal knows of none"});
    }
    WHEN("the head of an instance is changed") {
        tamper(world.url, bucket, [&](ports::Batch& batch) {
            auto row = *before.store->instance(key);
            row.phase = lifecycle::Instance::completed;
            row.active = true;
            batch.instances = {row};
        });
        CHECK(found() == std::vector<std::string>{"instance: phase is completed, the journal says running", "instance: active is yes, the journal says no"});
    }
    WHEN("the head is shorter than the chain") {
        tamper(world.url, bucket, [&](ports::Batch& batch) {
            auto row = *before.store->instance(key);
            row.head = journal::first_link(key);
            batch.instances = {row};
        });
        const auto broken = runtime::verify_chains(*Beside{world.url}.store).broken;
        REQUIRE(broken.size() == 1);
        CHECK(broken[0].instance == key);
    }
}

SCENARIO("an instance says what it waits for") {
    const World world;
    Engine engine{world.options()};
    engine.deploy({yaml_text(everything, "everything.yaml")});
    engine.run();
    const auto key = world.start(engine, "L-1");
    const Beside beside{world.url};
    const auto waits = runtime::explain({*beside.store, beside.definitions}, key);
    const auto at = [&](std::string_view element) {
        return *std::find_if(waits.begin(), waits.end(), [&](const auto& w) { return w.element == element; });
    };
    REQUIRE(waits.size() == 5);
    using For = runtime::Waiting::For;
    CHECK(at("review").what == For::person);
    CHECK(at("review").candidate_groups == std::vector<std::string>{"risk"});
    CHECK(at("wait-for-go").correlation_key == "L-1");
    CHECK(at("wait-for-go").since);
    CHECK(at("pay").what == For::retry);
    CHECK(at("pay").attempt == 2);
    CHECK(at("pay").failures == 1);
    CHECK(at("pay").text == "the bank is closed");
    CHECK(at("pay").until);
    CHECK(at("refuse").what == For::incident);
    CHECK(at("refuse").kind == "job-permanent");
    CHECK(at("late").what == For::time);
    CHECK(at("late").beside == "review");
}

SCENARIO("an engine that only records calls nobody, and another one goes on") {
    const World world;
    auto recording = world.options();
    recording.services.clear();
    recording.records_only = true;
    InstanceKey key;
    {
        Engine engine{recording};
        engine.deploy({yaml_text(everything, "everything.yaml")});   // nobody is bound
        engine.run();
        key = engine.start({.process = "everything", .variables = {{"loan", "L-1"}}});
        CHECK(engine.publish({.name = "go", .correlation_key = "L-1"}) == Published::correlated);
        engine.stop(2s);
        const auto waits = engine.waits(key);
        CHECK(std::find(waits.begin(), waits.end(), "wait-for-go") == waits.end());   // the message has arrived
        CHECK(std::find(waits.begin(), waits.end(), "pay") != waits.end());
        CHECK(engine.incidents({}).items.empty());
    }
    for (int i = 0; i < 12; ++i) {   // however often somebody records something, no call counts as cut off
        Engine engine{recording};
        engine.run();
        engine.assign(engine.tasks({}).items.at(0).key, i % 2 ? "alice" : "carol", {"bob"});
    }
    CHECK(Beside{world.url}.check().differences.empty());
    Engine engine{world.options()};
    engine.run();
    for (int i = 0; i < 500 && engine.incidents({}).items.empty(); ++i) std::this_thread::sleep_for(10ms);
    const auto incidents = engine.incidents({});
    REQUIRE(incidents.items.size() == 1);
    CHECK(incidents.items[0].element == "refuse");
    CHECK(incidents.items[0].kind == "job-permanent");
}
