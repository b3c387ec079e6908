// Several engines on one store: they share its buckets, and take over from one that is gone.
#include "runtime/bucket/message_desk.hpp"
#include "runtime/cluster.hpp"

#include <atomic>
#include <future>
#include <set>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;

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
