#include "store_suite/stores.hpp"
#include "store_suite/world.hpp"

using namespace kontor;
using namespace kontor::test;

TEST_CASE("a restored store goes on at another place: no key is made again, owners of before are fenced, rows of both times are one journal") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer before{*store, 2};
    auto batch = before.batch();
    const auto key = before.start(batch);
    before.commit(batch);

    constexpr std::uint64_t place_after = 1ULL << 36;
    store->skip_to(place_after);
    auto late = before.batch();
    before.start(late);
    CHECK(name(before.try_commit(late)) == "fenced");
    CHECK(store->next_sequence(0) == place_after);
    CHECK(store->next_sequence(15) == place_after);
    CHECK(store->take(1, "after").next_sequence == place_after);

    ports::InstanceRow row = *store->instance(key);
    const auto lease = store->take(0, "after");
    const core::Position position{0, lease.next_sequence};
    ports::Batch after{.number = 1};
    after.advances.push_back({0, lease.epoch, position.sequence, position.sequence + 1});
    row.head = journal::extend(row.head, position, "after");
    after.journal.push_back({position, key, row.period, row.last.sequence, "after", row.head});
    row.last = position;
    ++row.rows;
    after.instances.push_back(row);
    CHECK(name(store->commit(after)) == "committed");
    CHECK_FALSE(broken_instance(*store, key));
    const auto rows = store->journal_of_bucket(0, 2, 10);   // from a place of before
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].position == position);
    CHECK(store->integrity().empty());

    store->skip_to(5);   // is beyond that already
    CHECK(store->next_sequence(0) == position.sequence + 1);
    store->accept_restored();
}
