#include "store_suite/stores.hpp"
#include "store_suite/world.hpp"

#include <kontor/error.hpp>

#include <map>

using namespace kontor;
using namespace kontor::test;

TEST_CASE("a journal row comes back as it was, whatever its bytes") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store};
    auto batch = writer.batch();
    const auto key = writer.start(batch, 0, every_byte());
    writer.record(batch, key, "");
    writer.record(batch, key, std::string(3, '\0'));
    writer.record(batch, key, every_byte(1'500'000, 7));
    writer.commit(batch);
    CHECK((store->journal(key, {}, 10) == batch.journal));
    CHECK((store->journal_of_bucket(0, 1, 10) == batch.journal));
    CHECK((store->instance(key) == batch.instances[0]));
    CHECK(require_whole(*store) == 4);
}

TEST_CASE("an instance's rows are read in pages, among those of others") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store, 2};
    std::vector<InstanceKey> keys;
    std::map<InstanceKey, std::vector<ports::JournalRow>> expected;
    for (int round = 0; round < 120; ++round) {
        auto batch = writer.batch({0, 1});
        for (std::size_t n = 0; n < 5; ++n) {
            if (keys.size() <= n) keys.push_back(writer.start(batch, n % 2));
            else writer.record(batch, keys[n], "round " + std::to_string(round));
        }
        if (round % 3 == 0) writer.record(batch, keys[0], "once more in the same commit");
        writer.commit(batch);
        for (const auto& row : batch.journal) expected[row.instance].push_back(row);
    }
    for (const auto& key : keys) {
        CHECK((store->journal(key, {}, 1000) == expected[key]));
        std::vector<ports::JournalRow> paged;
        for (auto page = store->journal(key, {}, 50); !page.empty(); page = store->journal(key, page.back().position, 50)) {
            CHECK(page.size() <= 50);
            paged.insert(paged.end(), page.begin(), page.end());
        }
        CHECK((paged == expected[key]));
        CHECK(store->journal(key, expected[key].back().position, 50).empty());
    }
    CHECK(require_whole(*store) == 640);
    CHECK(store->journal_of_bucket(1, 100, 3).at(2).position == core::Position{1, 102});
    CHECK(store->journal({77}, {}, 5).empty());
}

TEST_CASE("a step writes the row of its instance even if there was none") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store};
    auto first = writer.batch();
    const auto key = writer.start(first);
    writer.commit(first);
    auto batch = writer.batch();
    const InstanceKey rowless{key.value + 1};   // of the first commit, which wrote no row for it
    writer.record(batch, key, "second");
    writer.record(batch, rowless, "second, too");
    writer.commit(batch);
    for (const auto& row : batch.instances) CHECK((store->instance(row.key) == row));
    CHECK(store->journal(rowless, {}, 10).size() == 1);
    CHECK(require_whole(*store) == 3);
}

TEST_CASE("instances are replaced, and found by every condition") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store, 2};
    auto batch = writer.batch({0, 1});
    for (int n = 0; n < 300; ++n) {
        const auto key = writer.start(batch, n % 2);
        auto& row = Writer::row(batch, key);
        row.process = n % 3 == 0 ? "mortgage" : "home-loan";
        row.business_key = n == 50 ? "" : "L-" + std::to_string(n / 2);
        row.phase = n % 5 == 0 ? lifecycle::Instance::completed : lifecycle::Instance::running;
        row.active = n % 7 == 0;
        row.has_incident = n % 11 == 0;
        row.started = at(n);
    }
    writer.commit(batch);
    const auto count = [&](ports::InstanceFilter filter) {
        filter.limit = 37;
        std::size_t found = 0;
        for (auto page = store->instances(filter); !page.empty(); page = store->instances(filter)) {
            for (const auto& row : page) {
                CHECK(row.key > filter.after);
                filter.after = row.key;
            }
            found += page.size();
        }
        return found;
    };
    CHECK(count({}) == 300);
    CHECK(count({.process = "mortgage"}) == 100);
    CHECK(count({.phase = lifecycle::Instance::completed}) == 60);
    CHECK(count({.has_incident = true}) == 28);
    CHECK(count({.has_incident = false}) == 272);
    CHECK(count({.business_key = "L-70"}) == 2);
    CHECK(count({.started_from = at(10), .started_before = at(20)}) == 10);
    CHECK(count({.process = "mortgage", .phase = lifecycle::Instance::completed, .has_incident = false, .started_from = at(100)}) == 12);
    CHECK(count({.process = "' or 1=1 --"}) == 0);

    std::size_t active = 0;
    for (const std::uint32_t bucket : {0U, 1U}) {
        InstanceKey after;
        for (auto page = store->active_instances(bucket, {}, 5); !page.empty(); page = store->active_instances(bucket, after, 5)) {
            for (const auto key : page) {
                CHECK(core::created_at(key).bucket == bucket);
                CHECK(key > after);
                after = key;
                ++active;
            }
        }
    }
    CHECK(active == 43);

    auto parked = writer.batch({0});
    const auto key = store->active_instances(0, {}, 1).at(0);
    writer.record(parked, key, "waits");
    Writer::row(parked, key).active = false;
    writer.commit(parked);
    CHECK(store->active_instances(0, {}, 1).at(0) > key);
    CHECK((store->instance(key) == parked.instances[0]));
}

TEST_CASE("texts stand as they were written, a NUL or bad UTF-8 is refused") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store};
    for (const auto& text : awkward_texts()) {
        auto batch = writer.batch();
        const auto key = writer.start(batch);
        auto& row = Writer::row(batch, key);
        row.process = row.definition = row.business_key = text;
        writer.commit(batch);
        CHECK((store->instance(key) == batch.instances[0]));
        if (!text.empty()) CHECK(store->instances({.business_key = text}).size() == 1);
    }
    for (const std::string& text : {std::string{"a\0b", 3}, std::string{"\0", 1}, std::string{"\xC3"}, std::string{"\xED\xA0\x80"},
                                    std::string{"\xC0\x80"}, std::string{"x\xFFy"}}) {
        const auto refused = [&](auto change) {
            auto batch = writer.batch();
            change(batch, writer.start(batch));
            return name(store->commit(batch)) == "refused";
        };
        CHECK(refused([&](auto& b, auto key) { Writer::row(b, key).business_key = text; }));
        CHECK(refused([&](auto& b, auto key) { b.subscriptions.push_back({{writer.key()}, key, "m", text}); }));
        CHECK(refused([&](auto& b, auto) { b.inbox.push_back({.bucket = 0, .id = text, .command = {}, .sent = {}}); }));
        CHECK(refused([&](auto& b, auto) { b.requests.push_back({text, {}, {}, {}}); }));
        CHECK(refused([&](auto& b, auto) { b.messages_gone.push_back({0, "m", "k", text}); }));
        CHECK_THROWS_AS(store->take(0, text), Error);
        CHECK_THROWS_AS(store->request(text), Error);
        CHECK_THROWS_AS(store->subscriptions("m", text, {}, 1), Error);
        CHECK_THROWS_AS(store->messages(0, text, "k", 1), Error);
        CHECK_THROWS_AS(store->message({0, "m", text, "i"}), Error);
        CHECK_THROWS_AS(store->instances({.process = text}), Error);
        CHECK_THROWS_AS(store->tasks({.assignee = text}), Error);
        CHECK_THROWS_AS(store->incidents({.process = text}), Error);
    }
}

TEST_CASE("a snapshot replaces the one before") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store};
    auto batch = writer.batch();
    const auto key = writer.start(batch);
    CHECK_FALSE(store->snapshot(key));
    batch.snapshots.push_back({key, {0, 1}, every_byte()});
    writer.commit(batch);
    CHECK((store->snapshot(key) == batch.snapshots[0]));

    auto next = writer.batch();
    writer.record(next, key, "more");
    next.snapshots.push_back({key, {0, 2}, every_byte(90'000, 3)});
    writer.commit(next);
    CHECK((store->snapshot(key) == next.snapshots[0]));
}

TEST_CASE("the journal of a period goes when all its instances have ended, a tombstone stays") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store, 3};
    using lifecycle::Instance;
    auto starts = writer.batch({0, 1, 2});
    const auto start = [&](std::uint32_t bucket, std::int32_t period, Instance phase) {
        const auto key = writer.start(starts, bucket);
        auto& row = Writer::row(starts, key);
        row.period = starts.journal.back().period = period;
        row.phase = phase;
        return key;
    };
    std::vector<InstanceKey> old;
    for (int n = 0; n < 450; ++n) old.push_back(start(n % 3, 600, n % 2 ? Instance::completed : Instance::cancelled));
    const auto waiting = start(1, 601, Instance::suspended);
    const auto later = start(2, 602, Instance::failed);
    writer.commit(starts);

    auto more = writer.batch({0, 1, 2});
    for (const auto& row : starts.instances) {
        writer.record(more, row.key, "goes on");
        more.snapshots.push_back({row.key, more.journal.back().position, "snapshot"});
    }
    writer.commit(more);

    CHECK(store->periods() == std::vector<std::int32_t>{600, 601, 602});
    CHECK_FALSE(store->drop_period(601));
    CHECK_FALSE(store->drop_period(600, Instant{}));   // has not ended for so long
    CHECK(store->drop_period(600) == 450U);
    CHECK(store->drop_period(600) == 0U);
    CHECK(store->drop_period(1) == 0U);
    for (const auto key : old) {
        const auto row = store->instance(key);
        REQUIRE(row);
        CHECK((row->dropped && row->rows == 2 && row->last.sequence > 0));
        CHECK(store->journal(key, {}, 10).empty());
        CHECK_FALSE(store->snapshot(key));
    }
    CHECK(store->journal_of_bucket(0, 1, 10).empty());
    CHECK_FALSE(broken_instance(*store, waiting));
    CHECK_FALSE(broken_instance(*store, later));
    CHECK(store->snapshot(later));
    CHECK(store->integrity().empty());
}
