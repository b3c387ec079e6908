// Several nodes on one store: leases, who takes what, what they tell each other.
#include "store_suite/stores.hpp"
#include "store_suite/world.hpp"

#include <kontor/error.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;

namespace {

constexpr auto a_while = 1h;

std::vector<std::string> ids(const ports::Census& census) {
    std::vector<std::string> all;
    for (const auto& node : census.nodes) all.push_back(node.id + (node.is_guest ? "?" : ""));
    return all;
}

/// Thread-safe.
class Heard {
public:
    void operator()(std::string_view text) {
        const std::lock_guard lock{mutex_};
        all_.emplace_back(text);
    }
    bool has(const std::string& text) const {
        const std::lock_guard lock{mutex_};
        return std::find(all_.begin(), all_.end(), text) != all_.end();
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> all_;
};

bool soon(const std::function<bool()>& condition) {
    for (const auto end = std::chrono::steady_clock::now() + 20s; std::chrono::steady_clock::now() < end; std::this_thread::sleep_for(2ms))
        if (condition()) return true;
    return false;
}

}  // namespace

TEST_CASE("a census names the nodes whose leases run, and what is free") {
    FOR_EVERY_STORE;
    const auto store = place->open({.buckets = 4});
    CHECK(ids(store->renew({"b", false}, a_while)) == std::vector<std::string>{"b"});
    CHECK(store->take_free(1, "b", 0));
    const auto census = store->renew({"a", true}, a_while);
    CHECK(ids(census) == std::vector<std::string>{"a?", "b"});
    REQUIRE(census.buckets.size() == 4);
    CHECK(census.buckets[0].is_free);
    CHECK(census.buckets[0].epoch == 0);
    CHECK_FALSE(census.buckets[1].is_free);
    CHECK(census.buckets[1].node == "b");
    CHECK(census.buckets[1].epoch == 1);
    CHECK_THROWS_AS(store->renew({std::string{"a\0b", 3}, false}, a_while), Error);
}

TEST_CASE("a free bucket is taken once, with what the next row will have") {
    FOR_EVERY_STORE;
    const auto store = place->open({.buckets = 4});
    store->renew({"a", false}, a_while);
    store->renew({"b", false}, a_while);
    const auto lease = store->take_free(2, "a", 0);
    REQUIRE(lease);
    CHECK(lease->bucket == 2);
    CHECK(lease->epoch == 1);
    CHECK(lease->next_sequence == 1);
    CHECK_FALSE(store->take_free(2, "b", 0));   // too late
    CHECK_FALSE(store->take_free(2, "b", 1));   // it has an owner
    CHECK(store->take_free(2, "a", 1)->epoch == 2);   // its own it may take again
    CHECK_THROWS_AS(store->take_free(4, "a", 0), Error);

    SECTION("what is given up is free") {
        store->release(2, 1);   // too late: the epoch is another one
        CHECK_FALSE(store->take_free(2, "b", 2));
        store->release(2, 2);
        CHECK(store->take_free(2, "b", 2)->epoch == 3);
    }
    SECTION("and so is what somebody had who left") {
        store->take_free(3, "b", 0);
        store->leave("a");
        const auto census = store->renew({"b", false}, a_while);
        CHECK(ids(census) == std::vector<std::string>{"b"});
        CHECK(census.buckets[2].is_free);
        CHECK_FALSE(census.buckets[3].is_free);
        CHECK(store->take_free(2, "b", 2));
    }
}

TEST_CASE("whoever does not renew his lease loses his buckets, and cannot write to those that were taken") {
    FOR_EVERY_STORE;
    const auto store = place->open({.buckets = 2});
    store->renew({"a", false}, 1ms);
    const auto old = store->take_free(0, "a", 0);
    REQUIRE(old);
    ports::Census census;
    REQUIRE(soon([&] { return census = store->renew({"b", false}, a_while), census.buckets[0].is_free && census.nodes.size() == 1; }));
    CHECK(ids(census) == std::vector<std::string>{"b"});

    SECTION("taken") {
        const auto lease = store->take_free(0, "b", 1);
        REQUIRE(lease);
        ports::Batch late{.number = 1, .advances = {{0, old->epoch, old->next_sequence, old->next_sequence}}};
        CHECK(name(store->commit(late)) == "fenced");
        CHECK_FALSE(store->renew({"a", false}, a_while).buckets[0].is_free);   // b has it
        CHECK_FALSE(store->take_free(0, "a", 2));
    }
    SECTION("back in time") {
        CHECK_FALSE(store->renew({"a", false}, a_while).buckets[0].is_free);
        CHECK_FALSE(store->take_free(0, "b", 1));
        ports::Batch still{.number = 1, .advances = {{0, old->epoch, old->next_sequence, old->next_sequence}}};
        CHECK(name(store->commit(still)) == "committed");
    }
}

TEST_CASE("of several that take a free bucket at the same time one gets it") {
    FOR_EVERY_STORE;
    const auto store = place->open({.buckets = 16});
    for (int n = 0; n < 4; ++n) store->renew({"node " + std::to_string(n), false}, a_while);
    std::atomic<int> taken{0};
    std::vector<std::thread> threads;
    for (int n = 0; n < 4; ++n)
        threads.emplace_back([&, n] {
            for (std::uint32_t bucket = 0; bucket < 16; ++bucket) taken += store->take_free(bucket, "node " + std::to_string(n), 0).has_value();
        });
    for (auto& thread : threads) thread.join();
    CHECK(taken == 16);
}

TEST_CASE("what a node signals is heard by all that listen") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Heard one, two;
    const auto first = store->listen([&](std::string_view text) { one(text); });
    auto second = store->listen([&](std::string_view text) { two(text); });
    // A listener may need a moment until it hears.
    REQUIRE(soon([&] { return store->signal("hello 'there'"), one.has("hello 'there'") && two.has("hello 'there'"); }));
    second.reset();
    store->signal("again");
    CHECK(soon([&] { return one.has("again"); }));
    CHECK_FALSE(two.has("again"));
}

TEST_CASE("replies are committed, found by their node, and forgotten") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store};
    auto batch = writer.batch();
    batch.replies = {{"a", "1", every_byte(), at(1)}, {"a", "2", "two", at(2)}, {"b", "1", "other", at(3)}};
    writer.commit(batch);
    auto again = writer.batch();
    again.replies = {{"a", "2", "changed", at(9)}};
    writer.commit(again);
    auto rows = store->replies("a", 10);
    std::ranges::sort(rows, {}, &ports::ReplyRow::id);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0] == batch.replies[0]);
    CHECK(rows[1] == batch.replies[1]);   // a row that is there stays as it is
    CHECK(store->replies("a", 1).size() == 1);
    store->forget_replies("a", {"1", "absent"});
    CHECK(store->replies("a", 10).size() == 1);
    CHECK(store->replies("b", 10).size() == 1);
    CHECK(store->forget(Instant::min(), at(3), 10) == 1);
    CHECK(store->replies("a", 10).empty());
    CHECK(store->replies("b", 10).size() == 1);
}

TEST_CASE("a row is in the inbox until it is consumed") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store};
    auto batch = writer.batch();
    batch.inbox.push_back({.bucket = 5, .id = "x", .command = "c", .sent = at(0)});
    CHECK_FALSE(store->is_in_inbox(5, "x"));
    writer.commit(batch);
    CHECK(store->is_in_inbox(5, "x"));
    CHECK_FALSE(store->is_in_inbox(4, "x"));
    auto consume = writer.batch();
    consume.inbox_consumed.emplace_back(5, "x");
    writer.commit(consume);
    CHECK_FALSE(store->is_in_inbox(5, "x"));
}

TEST_CASE("a version of a process is deployed once") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    ports::DeploymentRow first{.id = "p:1:aa", .process = "p", .version = 1, .version_tag = {}, .hash = "aa", .sources = {}, .elements = {}, .deployed = at(1)};
    store->deploy({first});
    store->deploy({first});
    auto other = first;
    other.id = "p:1:bb";
    other.hash = "bb";
    auto next = other;
    next.id = "p:2:bb";
    next.version = 2;
    CHECK_THROWS_AS(store->deploy({next, other}), Error);
    CHECK(store->deployments().size() == 1);
    store->deploy({next});
    CHECK(store->deployments().size() == 2);
}
