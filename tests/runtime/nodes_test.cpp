// Several engines on one store: they share its buckets, reach each other's instances, and take over from one that is gone.
#include "runtime/check.hpp"
#include "runtime/message_desk.hpp"
#include "runtime/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <set>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* process = R"(
kontor: 1
process: loan
variables:
  id: { type: string, required: true }
  heard: { type: number }
  opinion: { type: Any }
services:
  credit.check: { contract: idempotent, timeout: PT1H }
  funds.move:   { contract: unsafe, timeout: PT1H }
messages:
  go: { correlationKey: = id }
  ask: { correlationKey: = id }
flow:
  - startEvent: asked
  - serviceTask: check
    service: credit.check
  - intermediateCatchEvent: awaited
    message: go
    output: { heard: = result.n }
  - userTask: review
    candidateGroups: [sales]
    output: opinion
  - serviceTask: move
    service: funds.move
  - endEvent: paid
eventSubProcesses:
  - id: question
    message: ask
    interrupting: false
    flow:
      - serviceTask: answer
        service: credit.check
      - endEvent: answered
)";

/// A bank of several nodes, and what its services have seen.
struct Cluster {
    Disk disk{8};
    Duration lease = 300ms;
    std::mutex mutex;
    std::map<std::string, int> calls;   ///< by service and key
    std::vector<std::shared_ptr<Wire>> wires;
    std::vector<std::unique_ptr<Engine>> nodes;
    std::function<void(const ServiceCall&)> before_answer;

    ~Cluster() {
        for (const auto& wire : wires) wire->mend();
    }

    Engine& join(bool records_only = false) {
        wires.push_back(std::make_shared<Wire>());
        const auto work = [this](const ServiceCall& call) -> kontor::Answer {
            {
                const std::scoped_lock lock{mutex};
                ++calls[std::string{call.service()} + " " + std::string{call.idempotency_key()}];
            }
            if (before_answer) before_answer(call);
            return Variables{};
        };
        nodes.push_back(std::make_unique<Engine>(Options{.store = disk.store(wires.back()),
                                                         .services = {{"credit.check", work, 1000}, {"funds.move", work, 1000}},
                                                         .node = "node" + std::to_string(nodes.size()),
                                                         .lease = lease,
                                                         .records_only = records_only}));
        Engine& engine = *nodes.back();
        engine.deploy({yaml_text(process, "loan.yaml")});
        engine.run();
        return engine;
    }
    /// Of the node at that place, counted from 1 as they joined.
    [[nodiscard]] std::size_t buckets_of(std::size_t node) {
        const auto census = disk.memory.renew({"observer", true}, 1ms);
        const std::string name = "node" + std::to_string(node) + "-";
        return static_cast<std::size_t>(std::ranges::count_if(census.buckets, [&](const auto& b) { return b.node.starts_with(name); }));
    }
    bool shared(std::vector<std::size_t> buckets) {
        return until([&] {
            for (std::size_t n = 0; n < buckets.size(); ++n)
                if (buckets_of(n) != buckets[n]) return false;
            return true;
        });
    }
    [[nodiscard]] std::uint32_t bucket(InstanceKey key) const { return core::created_at(key).bucket; }
    bool waits(Engine& engine, InstanceKey key, const std::string& element) {
        return until([&] { return std::ranges::count(engine.waits(key), element) > 0; });
    }
    /// Through the whole process, each step commanded at another node.
    void finish(InstanceKey key, const std::string& id, std::size_t first = 0) {
        const auto at = [&](std::size_t n) -> Engine& { return *nodes[(first + n) % nodes.size()]; };
        REQUIRE(waits(at(0), key, "awaited"));
        REQUIRE(at(1).publish({.name = "go", .correlation_key = id, .payload = {{"n", 7}}}) == Published::correlated);
        REQUIRE(waits(at(2), key, "review"));
        const auto tasks = at(0).tasks({.instance = key}).items;
        REQUIRE(tasks.size() == 1);
        at(1).complete(tasks[0].key, {.output = {{"decision", "yes"}}, .by = {"anna", {"sales"}}});
        const auto outcome = at(2).wait_for(key, 20s);
        REQUIRE(outcome);
        REQUIRE(std::get<Completed>(*outcome).end_event == "paid");
    }
    [[nodiscard]] int unsafe_twice() {
        const std::scoped_lock lock{mutex};
        return static_cast<int>(std::ranges::count_if(calls, [](const auto& c) { return c.first.starts_with("funds.move") && c.second > 1; }));
    }
    [[nodiscard]] std::vector<std::string> defects() {
        runtime::Definitions definitions;
        definitions.load(disk.memory.deployments());
        std::vector<std::string> all;
        for (const auto& difference : runtime::check_rows(disk.memory, definitions).differences) all.push_back(difference.what);
        return all;
    }
};

std::string name(int n) { return "L-" + std::to_string(n); }

}  // namespace

SCENARIO("engines on one store share its buckets, and whoever leaves gives his to the others") {
    Cluster cluster;
    cluster.lease = 1h;   // nobody waits for a lease to run out
    cluster.join();
    CHECK(cluster.buckets_of(0) == 8);
    cluster.join();
    CHECK(cluster.shared({4, 4}));
    cluster.join();
    CHECK(cluster.shared({3, 3, 2}));
    cluster.nodes[1].reset();
    CHECK(cluster.shared({4, 0, 4}));
    cluster.nodes[0].reset();
    CHECK(cluster.shared({0, 0, 8}));
}

SCENARIO("commands, messages, tasks and questions reach an instance from every node") {
    Cluster cluster;
    for (int n = 0; n < 3; ++n) cluster.join();
    REQUIRE(cluster.shared({3, 3, 2}));
    std::set<std::uint32_t> buckets;
    std::vector<InstanceKey> keys;
    for (int n = 0; n < 24; ++n) {
        Engine& engine = *cluster.nodes[static_cast<std::size_t>(n) % 3];
        keys.push_back(engine.start({.process = "loan", .business_key = name(n), .variables = {{"id", name(n)}}}));
        buckets.insert(cluster.bucket(keys.back()));
    }
    CHECK(buckets.size() > 4);
    for (int n = 0; n < 24; ++n) cluster.finish(keys[static_cast<std::size_t>(n)], name(n), static_cast<std::size_t>(n));
    CHECK(cluster.calls.size() == 48);
    CHECK(std::ranges::all_of(cluster.calls, [](const auto& call) { return call.second == 1; }));
    CHECK(cluster.defects().empty());
}

SCENARIO("a command at the wrong node is answered as at the right one") {
    Cluster cluster;
    for (int n = 0; n < 2; ++n) cluster.join();
    REQUIRE(cluster.shared({4, 4}));
    std::map<std::size_t, int> duplicates;
    for (int n = 0; n < 12; ++n) {
        const StartRequest request{.process = "loan", .variables = {{"id", name(n)}}, .request_id = "request " + name(n)};
        const auto first = cluster.nodes[0]->start(request);
        const auto second = cluster.nodes[1]->start(request);
        CHECK_FALSE(first.duplicate);
        CHECK(second.duplicate);
        CHECK(second.key == first.key);
        auto other = request;
        other.variables.set("id", "another");
        for (const auto& node : cluster.nodes) {
            CHECK(code_of([&] { (void)node->start(other); }) == Code::conflict);
            CHECK(code_of([&] { (void)node->start({.process = "loan", .request_id = "bad " + name(n)}); }) == Code::bad_input);
            REQUIRE(cluster.waits(*node, first.key, "awaited"));
        }
        Engine& one = *cluster.nodes[0];
        Engine& two = *cluster.nodes[1];
        one.suspend(first.key, {"anna"}, "a look");
        CHECK(code_of([&] { two.suspend(first.key, {"anna"}, "a look"); }) == Code::conflict);
        two.resume(first.key, {"anna"});
        CHECK(one.find(first.key)->state == State::running);
        two.cancel(first.key, {.by = {"anna"}, .reason = "withdrawn"});
        CHECK(code_of([&] { one.cancel(first.key, {.by = {"anna"}}); }) == Code::conflict);
        for (const auto& node : cluster.nodes) {
            const auto outcome = node->wait_for(first.key, 20s);
            REQUIRE(outcome);
            CHECK(std::get<Cancelled>(*outcome).reason == "withdrawn");
            CHECK(node->publish({.name = "go", .correlation_key = name(n)}) == Published::discarded);
            CHECK(code_of([&] { node->cancel(InstanceKey{first.key.value + 4096}, {}); }) == Code::not_found);
        }
    }
    CHECK(cluster.defects().empty());
}

SCENARIO("messages to an instance that goes on waiting for them are not lost between nodes") {
    Cluster cluster;
    for (int n = 0; n < 3; ++n) cluster.join();
    REQUIRE(cluster.shared({3, 3, 2}));
    std::vector<InstanceKey> keys;
    for (int n = 0; n < 6; ++n) {
        keys.push_back(cluster.nodes[0]->start({.process = "loan", .business_key = name(n), .variables = {{"id", name(n)}}}));
        REQUIRE(cluster.waits(*cluster.nodes[0], keys.back(), "awaited"));
    }
    constexpr int questions = 20;
    for (int q = 0; q < questions; ++q)
        for (int n = 0; n < 6; ++n)
            CHECK(cluster.nodes[static_cast<std::size_t>(q + n) % 3]->publish({.name = "ask", .correlation_key = name(n)}) == Published::correlated);
    const auto answered = [&] {
        const std::scoped_lock lock{cluster.mutex};
        return cluster.calls.size();
    };
    CHECK(until([&] { return answered() == 6 * (questions + 1); }));
    for (int n = 0; n < 6; ++n) cluster.finish(keys[static_cast<std::size_t>(n)], name(n), static_cast<std::size_t>(n));
    CHECK(cluster.defects().empty());
}

SCENARIO("a node that stands still longer than its lease loses its buckets, writes nothing more to them, and finds work when it goes on") {
    Cluster cluster;
    for (int n = 0; n < 2; ++n) cluster.join();
    REQUIRE(cluster.shared({4, 4}));
    std::vector<InstanceKey> keys;
    for (int n = 0; n < 16; ++n) keys.push_back(cluster.nodes[0]->start({.process = "loan", .business_key = name(n), .variables = {{"id", name(n)}}}));
    for (const auto key : keys) REQUIRE(cluster.waits(*cluster.nodes[1], key, "awaited"));

    cluster.wires[0]->cut();
    std::atomic<int> told{0};
    std::vector<Code> codes(16, Code::ok);
    for (std::size_t n = 0; n < 16; ++n)
        cluster.nodes[0]->cancel(keys[n], {.by = {"anna"}, .reason = "late"}, [&, n](const Result<void>& result) {
            codes[n] = result ? Code::ok : result.error().code();
            ++told;
        });
    REQUIRE(until([&] { return cluster.wires[0]->waiting() > 0; }));
    REQUIRE(cluster.shared({0, 8}));
    CHECK(told == 0);
    for (std::size_t n = 0; n < 8; ++n) cluster.nodes[1]->cancel(keys[n], {.by = {"bruno"}, .reason = "first"});
    cluster.wires[0]->mend();

    THEN("what it was told meanwhile is done by whoever has the bucket, or refused by him") {
        REQUIRE(until([&] { return told == 16; }));
        for (std::size_t n = 0; n < 16; ++n) {
            CHECK(codes[n] == (n < 8 ? Code::conflict : Code::ok));
            const auto outcome = cluster.nodes[1]->wait_for(keys[n], 20s);
            REQUIRE(outcome);
            CHECK(std::get<Cancelled>(*outcome).reason == (n < 8 ? "first" : "late"));
        }
        CHECK(cluster.shared({4, 4}));
        cluster.finish(cluster.nodes[1]->start({.process = "loan", .variables = {{"id", "after"}}}), "after");
        CHECK(cluster.unsafe_twice() == 0);
        CHECK(cluster.defects().empty());
    }
}

SCENARIO("a node that does not know yet that it was replaced decides nothing about what the new owner has written") {
    Cluster cluster;
    for (int n = 0; n < 2; ++n) cluster.join();
    REQUIRE(cluster.shared({4, 4}));
    cluster.wires[0]->cut();
    REQUIRE(cluster.shared({0, 8}));
    std::vector<InstanceKey> keys;
    for (int n = 0; n < 16; ++n) keys.push_back(cluster.nodes[1]->start({.process = "loan", .variables = {{"id", name(n)}}}));
    for (const auto key : keys) REQUIRE(cluster.waits(*cluster.nodes[1], key, "awaited"));
    // It would have made keys that exist already, in a state that then leads round in circles.
    std::atomic<int> done{0};
    for (const auto key : keys) cluster.nodes[0]->cancel(key, {.by = {"anna"}, .reason = "late"}, [&](const Result<void>& result) { done += result ? 1 : 0; });
    cluster.wires[0]->mend();
    CHECK(until([&] { return done == 16; }));
    for (const auto key : keys) CHECK(cluster.nodes[1]->wait_for(key, 20s));
    CHECK(cluster.defects().empty());
}

SCENARIO("a node that gets a bucket back before it knows that it had lost it begins with what is written") {
    Cluster cluster;
    for (int n = 0; n < 2; ++n) cluster.join();
    REQUIRE(cluster.shared({4, 4}));
    std::vector<InstanceKey> keys;
    for (int n = 0; n < 16; ++n) keys.push_back(cluster.nodes[0]->start({.process = "loan", .business_key = name(n), .variables = {{"id", name(n)}}}));
    for (const auto key : keys) REQUIRE(cluster.waits(*cluster.nodes[0], key, "awaited"));
    cluster.wires[0]->cut();
    REQUIRE(cluster.shared({0, 8}));
    for (int n = 0; n < 16; ++n) cluster.nodes[1]->publish({.name = "go", .correlation_key = name(n), .payload = {{"n", 7}}});
    for (const auto key : keys) REQUIRE(cluster.waits(*cluster.nodes[1], key, "review"));
    cluster.wires[1]->cut();
    REQUIRE(until([&] { return cluster.disk.memory.renew({"observer", true}, 1ms).nodes.size() == 1; }));
    cluster.wires[0]->mend();
    REQUIRE(cluster.shared({8, 0}));
    // It has them in memory as they were.
    for (const auto& task : cluster.nodes[0]->tasks({}).items)
        cluster.nodes[0]->complete(task.key, {.output = {{"decision", "yes"}}, .by = {"anna", {"sales"}}});
    for (const auto key : keys) CHECK(cluster.nodes[0]->wait_for(key, 20s));
    cluster.wires[1]->mend();
    CHECK(cluster.defects().empty());
}

SCENARIO("a letter that another owner has answered is not carried out by one who had begun to look it up before") {
    Gate gate;
    std::atomic<int> lookups{0};
    std::atomic<bool> looked_up{false}, refuses{true}, is_refused{false};
    Cluster cluster;
    for (int n = 0; n < 2; ++n) cluster.join();
    REQUIRE(cluster.shared({4, 4}));
    Engine& first = *cluster.nodes[0];
    Engine& second = *cluster.nodes[1];
    const auto key = first.start({.process = "loan", .variables = {{"id", name(0)}}}).key;
    REQUIRE(cluster.waits(first, key, "awaited"));
    first.publish({.name = "go", .correlation_key = name(0), .payload = {{"n", 7}}});
    REQUIRE(cluster.waits(second, key, "review"));
    const auto task = second.tasks({.instance = key}).items.at(0).key;

    cluster.disk.before_read([&](std::string_view read) {
        if (read != "request" || lookups++ > 0) return;
        gate.pass();
        looked_up = true;
    });
    cluster.disk.memory.set_faults({.on_commit = [&](std::uint64_t, const ports::Batch& batch) -> std::optional<store::Fault> {
                                        if (batch.requests.empty() || !refuses) return std::nullopt;
                                        return store::Fault{store::Fault::When::before_durable, ports::CommitRefused{"no"}};
                                    },
                                    .on_call = {}});
    second.complete(task, {.output = {{"decision", "yes"}}, .by = {"anna", {"sales"}}, .request_id = "r"},
                    [&](const Result<void>& result) { is_refused = !result && result.error().code() == Code::bad_input; });
    REQUIRE(until([&] { return gate.waiting() == 1; }));   // the first node has the letter
    cluster.wires[0]->cut();
    REQUIRE(cluster.shared({0, 8}));
    REQUIRE(until([&] { return is_refused.load(); }));
    refuses = false;
    cluster.wires[1]->cut();
    REQUIRE(until([&] { return cluster.disk.memory.renew({"observer", true}, 1ms).nodes.size() == 1; }));
    cluster.wires[0]->mend();
    REQUIRE(cluster.shared({8, 0}));
    gate.open();
    REQUIRE(until([&] { return looked_up.load(); }));
    REQUIRE(until([&] { return cluster.disk.memory.instance(key).has_value(); }));
    first.complete(task, {.output = {{"decision", "no"}}, .by = {"bert", {"sales"}}});
    CHECK(first.wait_for(key, 20s));
    bool was_anna = false;
    for (const auto& event : first.history({.instance = key}).items) was_anna = was_anna || event.json.find("anna") != std::string::npos;
    CHECK_FALSE(was_anna);
    cluster.wires[1]->mend();
    cluster.disk.before_read({});
}

SCENARIO("a message that was sent to another node and refused there is not published all the same") {
    Cluster cluster;
    for (int n = 0; n < 2; ++n) cluster.join();
    REQUIRE(cluster.shared({4, 4}));
    // One whose bucket the second node has.
    const auto census = cluster.disk.memory.renew({"observer", true}, 1ms);
    std::string key = "0";
    const auto owner = [&] { return runtime::message_bucket("go", key, 8); };
    while (!census.buckets[owner()].node.starts_with("node1-")) key += "0";
    std::atomic<int> refusals{0};
    std::atomic<bool> answers_wait{false};
    std::atomic<bool> away{true};
    cluster.disk.memory.set_faults({.on_commit = [&](std::uint64_t, const ports::Batch& batch) -> std::optional<store::Fault> {
                                        const bool is_it = std::ranges::any_of(batch.messages, [](const auto& row) { return row.key.id == "first"; });
                                        if (is_it && refusals++ < 2) return store::Fault{store::Fault::When::before_durable, ports::CommitRefused{"no"}};
                                        if (batch.replies.empty() || !away) return std::nullopt;
                                        answers_wait = true;
                                        return store::Fault{store::Fault::When::before_durable, ports::CommitUnavailable{"away"}};
                                    },
                                    .on_call = {}});
    const auto message = [&](const std::string& id) { return Message{.name = "go", .correlation_key = key, .message_id = id, .time_to_live = 1h}; };
    std::atomic<int> refused{0};
    std::atomic<int> published{0};
    const auto note = [&](const Result<Published>& result) { ++(result ? published : refused); };
    cluster.nodes[0]->publish(message("first"), note);
    REQUIRE(until([&] { return answers_wait.load(); }));
    std::atomic<int> looks{0};
    cluster.disk.before_read([&](std::string_view name) { looks += name == "inbox" ? 1 : 0; });
    cluster.nodes[0]->publish(message("second"), note);
    REQUIRE(until([&] { return looks > 0; }));   // both letters lie there
    away = false;
    CHECK(until([&] { return refused == 1 && published == 1; }));
    CHECK_FALSE(cluster.disk.memory.message({owner(), "go", key, "first"}));
    CHECK(cluster.disk.memory.message({owner(), "go", key, "second"}));
    cluster.disk.before_read({});
}

SCENARIO("whoever sent a command to another node when the connection to the store broke is told so in a moment, and not in a minute") {
    Cluster cluster;
    for (int n = 0; n < 2; ++n) cluster.join();
    REQUIRE(cluster.shared({4, 4}));
    std::vector<InstanceKey> keys;
    for (int n = 0; n < 16; ++n)
        keys.push_back(cluster.nodes[1]->start({.process = "loan", .business_key = name(n), .variables = {{"id", name(n)}}}));
    for (const auto key : keys) REQUIRE(cluster.waits(*cluster.nodes[0], key, "awaited"));
    const bool arrives = GENERATE(true, false);
    std::atomic<int> broken{0};
    cluster.disk.memory.set_faults({.on_commit = [&](std::uint64_t, const ports::Batch& batch) -> std::optional<store::Fault> {
                                        if (!batch.advances.empty() || batch.inbox.empty()) return std::nullopt;
                                        broken += static_cast<int>(batch.inbox.size());
                                        const auto when = arrives ? store::Fault::When::after_durable : store::Fault::When::before_durable;
                                        return store::Fault{when, ports::CommitUnknown{"the connection broke"}};
                                    },
                                    .on_call = {}});
    int unknown = 0;
    for (const auto key : keys)   // one after the other: a letter that shares its commit with a step shares its proof
        unknown += code_of([&] { cluster.nodes[0]->cancel(key, {.by = {"anna"}, .reason = "enough"}); }) == Code::outcome_unknown;
    CHECK(broken > 0);
    CHECK(unknown == (arrives ? 0 : broken.load()));
    CHECK(cluster.defects().empty());
}

SCENARIO("a node that is gone without a word is replaced when its lease is over") {
    Cluster cluster;
    for (int n = 0; n < 2; ++n) cluster.join();
    REQUIRE(cluster.shared({4, 4}));
    std::vector<InstanceKey> keys;
    for (int n = 0; n < 16; ++n) keys.push_back(cluster.nodes[0]->start({.process = "loan", .business_key = name(n), .variables = {{"id", name(n)}}}));
    cluster.wires[0]->cut();   // in the middle of whatever it was at
    REQUIRE(cluster.shared({0, 8}));
    Engine& alive = *cluster.nodes[1];
    for (int n = 0; n < 16; ++n) {
        const auto key = keys[static_cast<std::size_t>(n)];
        REQUIRE(cluster.waits(alive, key, "awaited"));
        CHECK(alive.publish({.name = "go", .correlation_key = name(n), .payload = {{"n", 1}}}) == Published::correlated);
        REQUIRE(cluster.waits(alive, key, "review"));
        alive.complete(alive.tasks({.instance = key}).items.at(0).key, {.output = {{"decision", "yes"}}, .by = {"anna", {"sales"}}});
        CHECK(alive.wait_for(key, 20s));
    }
    CHECK(cluster.unsafe_twice() == 0);
}

SCENARIO("a bucket is not given up while a call that nobody may repeat is under way") {
    Cluster cluster;
    Gate gate;
    cluster.before_answer = [&](const ServiceCall& call) {
        if (call.service() == "funds.move") gate.pass();
    };
    Engine& first = cluster.join();
    std::vector<InstanceKey> keys;
    for (int n = 0; n < 16; ++n) keys.push_back(first.start({.process = "loan", .variables = {{"id", name(n)}}}));
    for (int n = 0; n < 16; ++n) {
        REQUIRE(cluster.waits(first, keys[static_cast<std::size_t>(n)], "awaited"));
        first.publish({.name = "go", .correlation_key = name(n), .payload = {{"n", 1}}});
    }
    for (const auto key : keys) {
        REQUIRE(cluster.waits(first, key, "review"));
        first.complete(first.tasks({.instance = key}).items.at(0).key, {.output = {{"decision", "yes"}}, .by = {"anna", {"sales"}}});
    }
    REQUIRE(until([&] { return gate.waiting() > 0; }));
    cluster.join();
    std::this_thread::yield();
    gate.open();
    for (const auto key : keys) CHECK(cluster.nodes[1]->wait_for(key, 20s));
    CHECK(cluster.shared({4, 4}));
    CHECK(first.incidents({}).items.empty());
    CHECK(cluster.unsafe_twice() == 0);
    CHECK(cluster.defects().empty());
}

SCENARIO("while a stopping node waits for a call, the others go on with everything else that it had") {
    Cluster cluster;
    cluster.lease = 1h;   // nobody waits for a lease to run out
    Gate gate;
    cluster.join();
    Engine& other = cluster.join();
    REQUIRE(cluster.shared({4, 4}));
    std::vector<InstanceKey> keys;
    for (int n = 0; n < 24; ++n) keys.push_back(cluster.nodes[0]->start({.process = "loan", .variables = {{"id", name(n)}}}));
    for (const auto key : keys) REQUIRE(cluster.waits(other, key, "awaited"));
    cluster.before_answer = [&, first = keys[0]](const ServiceCall& call) {
        if (call.instance() == first) gate.pass();
    };
    REQUIRE(other.publish({.name = "ask", .correlation_key = name(0)}) == Published::correlated);
    REQUIRE(until([&] { return gate.waiting() == 1; }));
    const std::size_t busy = cluster.bucket(keys[0]);
    const auto census = cluster.disk.memory.renew({"observer", true}, 1ms);
    const std::size_t at = census.buckets[busy].node.starts_with("node0-") ? 0 : 1;
    Engine& stays = *cluster.nodes[1 - at];
    auto stopping = std::async(std::launch::async, [&] { return cluster.nodes[at]->stop(60s); });
    CHECK(until([&] { return cluster.buckets_of(1 - at) == 7; }));
    for (int n = 1; n < 24; ++n) {
        const auto key = keys[static_cast<std::size_t>(n)];
        if (cluster.bucket(key) == busy || runtime::message_bucket("go", name(n), 8) == busy) continue;
        CHECK(stays.publish({.name = "go", .correlation_key = name(n), .payload = {{"n", 7}}}) != Published::discarded);
        CHECK(cluster.waits(stays, key, "review"));
    }
    CHECK(stopping.wait_for(0s) == std::future_status::timeout);
    gate.open();
    const Drained drained = stopping.get();
    CHECK(drained.left_to_recovery == 0);
    CHECK(drained.finished == 1);
    CHECK(cluster.shared(at == 0 ? std::vector<std::size_t>{0, 8} : std::vector<std::size_t>{8, 0}));
    CHECK(cluster.defects().empty());
}

SCENARIO("a subscription tells what happens at all nodes") {
    Cluster cluster;
    for (int n = 0; n < 2; ++n) cluster.join();
    REQUIRE(cluster.shared({4, 4}));
    std::atomic<int> begun{0};
    const auto events = cluster.nodes[0]->subscribe(std::nullopt, [&](const Event& event) { begun += event.type == "instanceStarted"; });
    for (int n = 0; n < 20; ++n) cluster.nodes[1]->start({.process = "loan", .variables = {{"id", name(n)}}});
    CHECK(until([&] { return begun == 20; }));
}

SCENARIO("what one node deploys the others know, and two that deploy at the same time get a version each") {
    Cluster cluster;
    for (int n = 0; n < 2; ++n) cluster.join();
    const auto version = [](int n) {
        return yaml_text("kontor: 1\nprocess: p\nflow:\n  - startEvent: a\n  - endEvent: b" + std::to_string(n) + "\n", "p.yaml");
    };
    cluster.nodes[0]->deploy({version(0)});
    CHECK(until([&] { return code_of([&] { cluster.nodes[1]->start({.process = "p"}); }) == Code::ok; }));
    std::vector<std::thread> threads;
    std::mutex mutex;
    std::set<int> versions;
    for (int n = 1; n <= 8; ++n)
        threads.emplace_back([&, n] {
            const int number = cluster.nodes[static_cast<std::size_t>(n) % 2]->deploy({version(n)}).at(0).version;
            const std::scoped_lock lock{mutex};
            versions.insert(number);
        });
    for (auto& thread : threads) thread.join();
    CHECK(versions == std::set<int>{2, 3, 4, 5, 6, 7, 8, 9});
}

SCENARIO("a tool beside an engine leaves the work to it") {
    Cluster cluster;
    cluster.lease = 1h;
    Engine& engine = cluster.join();
    Engine& tool = cluster.join(true);
    CHECK(cluster.buckets_of(0) == 8);
    const auto key = tool.start({.process = "loan", .variables = {{"id", "one"}}});
    CHECK(cluster.waits(engine, key, "awaited"));
    CHECK(tool.publish({.name = "go", .correlation_key = "one", .payload = {{"n", 1}}}) == Published::correlated);
    CHECK(cluster.waits(tool, key, "review"));
    tool.cancel(key, {.by = {"anna"}, .reason = "enough"});
    CHECK(tool.wait_for(key, 20s));
    cluster.nodes[0].reset();
    for (int n = 0; n < 16; ++n)   // nobody else is there: it takes all buckets
        CHECK(code_of([&] { tool.start({.process = "loan", .variables = {{"id", "two"}}, .request_id = name(n)}); }) == Code::ok);
}
