// What is asked of a node for an instance that another one has, and what becomes of it when either of them is gone.
#include "runtime/bucket/message_desk.hpp"
#include "runtime/cluster.hpp"
#include "runtime/mail/inbox.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <set>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;

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

SCENARIO("a command for an instance whose journal was dropped is refused at every node") {
    Cluster cluster;
    for (int n = 0; n < 2; ++n) cluster.join();
    REQUIRE(cluster.shared({4, 4}));
    const auto key = cluster.nodes[0]->start({.process = "loan", .variables = {{"id", name(0)}}}).key;
    cluster.nodes[0]->cancel(key, {.by = {"anna"}, .reason = "withdrawn"});
    REQUIRE(cluster.nodes[0]->wait_for(key, 20s));
    REQUIRE(until([&] { return cluster.disk.memory.drop_period(cluster.disk.memory.instance(key)->period) == 1; }));
    std::atomic<int> refused{0};
    for (const auto& node : cluster.nodes)
        node->cancel(key, {.by = {"bert"}}, [&](const Result<void>& result) { refused += !result && result.error().code() == Code::not_found; });
    CHECK(until([&] { return refused == 2; }));
    CHECK(until([&] { return cluster.disk.memory.inbox(cluster.bucket(key), 0, 1).empty(); }));
}

SCENARIO("a message that travelled to an instance that is gone goes back, and is kept for another one") {
    Cluster cluster;
    for (int n = 0; n < 2; ++n) cluster.join();
    REQUIRE(cluster.shared({4, 4}));
    const auto nobody = core::KeyMaker{{3, 5'000}}.next<InstanceKey>();
    const Message message{.name = "go", .correlation_key = name(0), .payload = {{"n", 7}}, .message_id = "m", .time_to_live = 1h};
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    ports::Batch batch;
    batch.inbox.push_back({3, "go/m", runtime::encode(runtime::DeliverMessage{nobody, nobody.value + 1, message}), now});
    REQUIRE(std::holds_alternative<ports::Committed>(cluster.disk.memory.commit(batch)));
    for (const auto& node : cluster.nodes) node->wake();
    const auto owner = runtime::message_bucket("go", name(0), 8);
    CHECK(until([&] { return cluster.disk.memory.message({owner, "go", name(0), "m"}).has_value(); }));
    CHECK(until([&] { return cluster.disk.memory.inbox(3, 0, 1).empty() && cluster.disk.memory.inbox(owner, 0, 1).empty(); }));
    const auto key = cluster.nodes[0]->start({.process = "loan", .variables = {{"id", name(0)}}}).key;
    CHECK(cluster.waits(*cluster.nodes[1], key, "review"));
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
