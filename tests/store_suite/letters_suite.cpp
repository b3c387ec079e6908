#include "store_suite/stores.hpp"
#include "store_suite/world.hpp"

#include <kontor/error.hpp>

#include <algorithm>

using namespace kontor;
using namespace kontor::test;

TEST_CASE("an inbox row arrives once, in the order of arrival, and goes with the commit that consumes it") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer sender{*store, 1};
    Writer receiver{*store, 3};   // takes bucket 0 as well
    Writer other{*store, 1};
    for (int n = 0; n < 300;) {
        auto batch = other.batch();
        other.start(batch);
        for (const int end = n + 20; n < end; ++n) {
            batch.inbox.push_back({.bucket = 2, .id = "id " + std::to_string((n * 7) % 300), .command = every_byte(20, n), .sent = at(n)});
        }
        batch.inbox.push_back({.bucket = 1, .id = "same", .command = std::to_string(n), .sent = at(n)});
        other.commit(batch);
    }
    CHECK(store->inbox(1, 0, 10).size() == 1);
    CHECK(store->inbox(1, 0, 10).at(0).command == "20");   // the first of them
    CHECK(store->inbox(0, 0, 10).empty());

    std::uint64_t after = 0;
    int read = 0;
    for (auto page = store->inbox(2, after, 40); !page.empty(); page = store->inbox(2, after, 40)) {
        auto batch = receiver.batch({2});
        for (const auto& row : page) {
            CHECK(row.arrival > after);
            CHECK(row.id == "id " + std::to_string((read * 7) % 300));
            CHECK(row.command == every_byte(20, static_cast<unsigned>(read)));
            CHECK(row.sent == at(read));
            after = row.arrival;
            ++read;
            batch.inbox_consumed.emplace_back(2, row.id);
        }
        receiver.commit(batch);
        CHECK(name(store->commit(batch)) == "committed");   // no row moved: consuming twice is consuming once
    }
    CHECK(read == 300);
    CHECK(store->inbox(2, 0, 10).empty());

    auto late = other.batch();
    late.inbox.push_back({.bucket = 2, .id = "late", .command = "c", .sent = at(0)});
    other.commit(late);
    CHECK(store->inbox(2, after, 10).size() == 1);   // numbers are never used again
}

TEST_CASE("rows for an inbox may come from a host that owns no bucket") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    ports::Batch batch;
    batch.inbox.push_back({.bucket = 4, .id = "from the host", .command = every_byte(), .sent = at(1)});
    CHECK(name(store->commit(batch)) == "committed");
    CHECK(name(store->commit(batch)) == "committed");
    auto rows = store->inbox(4, 0, 10);
    REQUIRE(rows.size() == 1);
    rows[0].arrival = 0;
    CHECK((rows == batch.inbox));
}

TEST_CASE("messages wait for their time, the oldest first, a duplicate is known by its id") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store};
    auto batch = writer.batch();
    for (int n = 0; n < 220; ++n) {
        batch.messages.push_back({.key = {7, "paid", "L-1", "m" + std::to_string(n)}, .payload = every_byte(), .published = at((n * 37) % 100),
                                  .until = at(1000 + n), .taken = n % 10 == 0});
    }
    batch.messages.push_back({.key = {7, "paid", "L-2", ""}, .payload = "x", .published = at(0), .until = at(5)});
    for (const auto& text : awkward_texts()) batch.messages.push_back({.key = {3, text, text, text}, .payload = "", .published = at(0), .until = at(5000)});
    writer.commit(batch);

    auto expected = std::vector(batch.messages.begin(), batch.messages.begin() + 220);
    std::erase_if(expected, [](const auto& row) { return row.taken; });
    std::ranges::sort(expected, {}, [](const auto& row) { return std::pair{row.published, row.key.id}; });
    CHECK((store->messages(7, "paid", "L-1", 1000) == expected));
    expected.resize(5);
    CHECK((store->messages(7, "paid", "L-1", 5) == expected));
    CHECK(store->messages(6, "paid", "L-1", 5).empty());
    CHECK(store->messages(7, "paid", "L-2", 5).size() == 1);
    CHECK((store->message({7, "paid", "L-1", "m10"}) == batch.messages[10]));   // taken, and still known
    CHECK_FALSE(store->message({7, "paid", "L-2", "m10"}));
    for (const auto& text : awkward_texts()) CHECK(store->message({3, text, text, text}));

    auto next = writer.batch();
    auto taken = expected[0];
    taken.taken = true;
    next.messages.push_back(taken);
    next.messages_gone = {expected[1].key, {7, "paid", "L-1", "nobody's"}};
    writer.commit(next);
    CHECK((store->messages(7, "paid", "L-1", 3) == std::vector(expected.begin() + 2, expected.begin() + 5)));
    CHECK((store->message(taken.key) == taken));
    CHECK_FALSE(store->message(expected[1].key));

    CHECK(store->forget(at(5), at(0), 100) == 1);        // its time is over at that instant
    CHECK(store->forget(at(1050), at(0), 10) == 10);     // in portions
    CHECK(store->forget(at(1050), at(0), 100) >= 40);
    CHECK(store->forget(at(1050), at(0), 100) == 0);
    CHECK_FALSE(store->message({7, "paid", "L-1", "m50"}));
    CHECK(store->message({7, "paid", "L-1", "m51"}));
}

TEST_CASE("a request is answered once and forgotten in time") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store};
    auto batch = writer.batch();
    writer.start(batch);
    for (int n = 0; n < 50; ++n) batch.requests.push_back({"web-" + std::to_string(n), every_byte(32, 200), every_byte(), at(n)});
    for (const auto& text : awkward_texts()) batch.requests.push_back({text, "", "", at(1000)});
    writer.commit(batch);
    for (const auto& row : batch.requests) CHECK((store->request(row.id) == row));
    CHECK_FALSE(store->request("web-50"));

    auto again = writer.batch();
    const auto key = writer.start(again);
    again.requests.push_back({"web-7", "other", "other", at(9)});
    const auto refused = store->commit(again);
    CHECK(name(refused) == "refused");
    CHECK_FALSE(why(refused).empty());
    CHECK((store->request("web-7") == batch.requests[7]));
    CHECK_FALSE(store->instance(key));

    CHECK(store->forget(at(-1), at(20), 100) == 20);
    CHECK_FALSE(store->request("web-19"));
    CHECK(store->request("web-20"));
}

TEST_CASE("deployments are all or nothing, and the same once more changes nothing") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    std::vector<ports::DeploymentRow> rows;
    for (std::uint32_t n = 1; n <= 30; ++n) {
        rows.push_back({.id = "home-loan:" + std::to_string(n), .process = n % 2 ? "home-loan" : "audit", .version = n, .version_tag = "v\"1\"",
                        .hash = "abc", .sources = {}, .elements = {"start", "check-credit", "ende"}, .deployed = at(n)});
        for (const auto& text : awkward_texts()) rows.back().sources.emplace_back("file " + text, text);
    }
    store->deploy(rows);
    auto expected = rows;
    std::ranges::sort(expected, {}, [](const auto& row) { return std::pair{row.process, row.version}; });
    CHECK((store->deployments() == expected));

    auto same = rows;
    same[0].deployed = at(99'999);
    store->deploy(same);
    CHECK((store->deployments() == expected));

    auto other = std::vector{rows[0], rows[1]};
    other[0].id = "new:1";
    other[0].version = 99;
    other[1].elements.push_back("one more");
    try {
        store->deploy(other);
        FAIL("nobody noticed");
    } catch (const Error& error) {
        CHECK(error.code() == Code::conflict);
        CHECK_THAT(error.what(), Catch::Contains("home-loan:2"));
    }
    CHECK((store->deployments() == expected));

    other = {rows[0]};
    other[0].id = "new:2";
    other[0].sources[0].second = std::string{"a\0b", 3};
    CHECK_THROWS_AS(store->deploy(other), Error);
    CHECK((store->deployments() == expected));
}
