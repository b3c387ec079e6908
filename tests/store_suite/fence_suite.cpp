#include "store_suite/stores.hpp"
#include "store_suite/world.hpp"

#include <kontor/error.hpp>

using namespace kontor;
using namespace kontor::test;

TEST_CASE("a lease has a higher epoch than the one before, and begins where that ended") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    const auto first = store->take(3, "a");
    CHECK(first.next_sequence == 1);
    CHECK(store->take(3, "b").epoch > first.epoch);
    CHECK(store->take(2, "b").epoch == first.epoch);

    Writer writer{*store};
    auto batch = writer.batch();
    writer.start(batch);
    writer.start(batch);
    writer.commit(batch);
    CHECK(store->take(0, "c").next_sequence == 3);
    CHECK_THROWS_AS(store->take(16, "d"), Error);
}

TEST_CASE("what the store says of itself stays the same") {
    FOR_EVERY_STORE;
    const auto store = place->open({.buckets = 4});
    CHECK(store->info().buckets == 4);
    CHECK(store->info().id.size() == 20);
    CHECK(store->info().feature_level == 1);
    CHECK(store->integrity().empty());
    CHECK(kind.make()->open()->info().id != store->info().id);
}

TEST_CASE("an owner that was replaced can write nothing") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer old{*store, 2};
    Writer young{*store, 1};

    auto batch = old.batch();
    old.start(batch);
    CHECK(name(old.try_commit(batch)) == "fenced");
    CHECK(store->journal_of_bucket(0, 1, 10).empty());
    CHECK(store->outcome(batch) == ports::Outcome::fenced);

    SECTION("nor in a commit with a bucket that is still his") {
        auto both = old.batch({0, 1});
        old.start(both, 0);
        const auto in_second = old.start(both, 1);
        both.inbox.push_back({.bucket = 5, .id = "x", .command = "c", .sent = at(0)});
        CHECK(name(old.try_commit(both)) == "fenced");
        CHECK(store->journal_of_bucket(1, 1, 10).empty());
        CHECK_FALSE(store->instance(in_second));
        CHECK(store->inbox(5, 0, 10).empty());
        CHECK(store->take(1, "x").next_sequence == 1);
    }
    SECTION("and the new one can") {
        auto fresh = young.batch();
        young.start(fresh);
        young.commit(fresh);
        CHECK(require_whole(*store) == 1);
    }
}

TEST_CASE("a commit that starts elsewhere is fenced") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store};
    auto batch = writer.batch();
    writer.start(batch);
    writer.commit(batch);
    CHECK(name(store->commit(batch)) == "fenced");   // once more
    batch.advances[0].start = batch.advances[0].end = 5;
    batch.journal.clear();
    CHECK(name(store->commit(batch)) == "fenced");   // ahead
    CHECK(require_whole(*store) == 1);
}

TEST_CASE("the outcome of a commit can be asked for") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store, 2};
    auto first = writer.batch({0, 1});
    writer.start(first, 0);
    CHECK(store->outcome(first) == ports::Outcome::absent);
    writer.commit(first);
    CHECK(store->outcome(first) == ports::Outcome::committed);

    auto second = writer.batch({0});   // no journal row: only the number tells
    second.inbox.push_back({.bucket = 1, .id = "x", .command = "c", .sent = at(0)});
    CHECK(store->outcome(second) == ports::Outcome::absent);
    writer.commit(second);
    CHECK(store->outcome(second) == ports::Outcome::committed);
    store->take(0, "other");
    CHECK(store->outcome(second) == ports::Outcome::fenced);
}

TEST_CASE("a batch of an earlier lease is not taken for one of this lease with the same number") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer old{*store};
    auto batch = old.batch();
    batch.inbox.push_back({.bucket = 0, .id = "old", .command = "c", .sent = at(0)});
    old.commit(batch);
    Writer young{*store};
    auto same_number = young.batch();   // and it moves the bucket as little as that one
    same_number.inbox.push_back({.bucket = 0, .id = "young", .command = "c", .sent = at(0)});
    REQUIRE(same_number.number == batch.number);
    CHECK(store->outcome(same_number) == ports::Outcome::absent);
}

TEST_CASE("positions are dense, or the batch is refused") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store};
    auto batch = writer.batch();
    writer.start(batch);
    writer.start(batch);
    const auto refused = [&](auto change) {
        auto wrong = batch;
        change(wrong);
        const auto result = store->commit(wrong);
        CHECK_FALSE(why(result).empty());
        return name(result) == "refused";
    };
    CHECK(refused([](auto& b) { b.journal.pop_back(); }));
    CHECK(refused([](auto& b) { b.journal[1].position.sequence = 3; }));
    CHECK(refused([](auto& b) { b.journal[0].position.bucket = 1; }));
    CHECK(refused([](auto& b) { std::swap(b.journal[0], b.journal[1]); }));
    CHECK(refused([](auto& b) { b.advances[0].end = 2; }));
    CHECK(refused([](auto& b) { b.advances.push_back(b.advances[0]); }));
    CHECK(refused([](auto& b) { b.advances.clear(); }));
    CHECK(refused([](auto& b) { b.advances[0].bucket = 99; }));
    CHECK(refused([](auto& b) { b.inbox.push_back({.bucket = 16, .id = "x", .command = {}, .sent = {}}); }));
    writer.commit(batch);
    CHECK(require_whole(*store) == 2);
}
