#include "store/memory/memory_store.hpp"
#include "store_suite/world.hpp"

#include <kontor/error.hpp>

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::test;

TEST_CASE("the nth commit fails before or after it became durable") {
    store::MemoryStore store;
    Writer writer{store};
    using When = store::Fault::When;

    store.set_faults(store::fail_commit(2, {When::before_durable, ports::CommitUnknown{"cut off"}}));
    auto first = writer.batch();
    writer.start(first);
    writer.commit(first);
    auto second = writer.batch();
    writer.start(second);
    CHECK(name(store.commit(second)) == "unknown");
    CHECK(store.outcome(second) == ports::Outcome::absent);
    CHECK(store.commits() == 2);

    store.set_faults(store::fail_commit(1, {When::after_durable, ports::CommitUnknown{"cut off"}}));
    CHECK(name(store.commit(second)) == "unknown");
    CHECK(store.outcome(second) == ports::Outcome::committed);
    CHECK(require_whole(store) == 2);

    store.set_faults(store::fail_commit(1, {When::before_durable, ports::CommitRefused{"guilty"}}));
    CHECK(name(store.commit(writer.batch())) == "refused");
}

TEST_CASE("a store out of reach throws, then is back") {
    store::MemoryStore store;
    store.set_faults({.on_commit = {}, .on_call = [](std::uint64_t nth) { return nth <= 2; }});
    CHECK_THROWS_AS(store.take(0, "a"), Error);
    CHECK_THROWS_AS(store.instance({1}), Error);
    CHECK(store.take(0, "a").epoch == 1);
}

TEST_CASE("a census is of one moment, also while a lease ends") {
    using namespace std::chrono_literals;
    for (Duration lease = 0ms; lease < 10ms; lease += 1ms) {
        store::MemoryStore store{{.buckets = 4}};
        Instant now{};
        store.set_clock([&] { return now += 1ms; });
        store.renew({"a", false}, lease);
        for (std::uint32_t bucket = 0; bucket < 4; ++bucket) store.take(bucket, "a");
        const auto census = store.renew({"b", false}, 1h);
        for (const auto& bucket : census.buckets) CHECK(bucket.is_free == (census.nodes.size() == 1));
    }
}
