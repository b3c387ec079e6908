#include "store_suite/stores.hpp"
#include "store_suite/world.hpp"

#include <kontor/error.hpp>

#include <algorithm>

using namespace kontor;
using namespace kontor::test;

TEST_CASE("timers come in the order of their times, in pages, up to a bound") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store, 2};
    auto batch = writer.batch({0, 1});
    const auto instance = writer.start(batch);
    for (int n = 0; n < 300; ++n) {
        batch.timers.push_back({writer.key(n % 2), instance, n % 3 == 0, at((n * 7919) % 100)});   // many at the same time
    }
    batch.timers.push_back({writer.key(0), instance, false, at(-1'000'000'000'000'000)});
    writer.commit(batch);

    std::vector<ports::TimerRow> read;
    ports::TimerCursor after;
    for (auto page = store->timers_due(0, at(50), after, 20); !page.empty(); page = store->timers_due(0, at(50), after, 20)) {
        read.insert(read.end(), page.begin(), page.end());
        after = {page.back().due, page.back().key};
    }
    auto expected = batch.timers;
    std::erase_if(expected, [](const auto& row) { return row.due >= at(50) || row.key >> 55 != 0; });
    std::ranges::sort(expected, {}, [](const auto& row) { return std::pair{row.due, row.key}; });
    CHECK((read == expected));
    CHECK(store->timers_due(1, at(1000), {}, 1000).size() == 150);
    CHECK(store->timers_due(2, at(1000), {}, 1000).empty());

    SECTION("a timer is replaced, and goes") {
        auto next = writer.batch({0});
        auto moved = expected[10];
        moved.due = at(99'000);
        next.timers.push_back(moved);
        next.timers_gone = {expected[0].key, expected[1].key, 12345};
        writer.commit(next);
        CHECK(store->timers_due(0, at(50), {}, 1000).size() == expected.size() - 3);
        CHECK((store->timers_due(0, at(100'000), {at(98'000), 0}, 5) == std::vector{moved}));
    }
}

TEST_CASE("subscriptions are found by message and correlation key") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store};
    auto batch = writer.batch();
    const auto instance = writer.start(batch);
    for (int n = 0; n < 250; ++n) batch.subscriptions.push_back({{writer.key()}, instance, "paid", "L-1"});
    for (const auto& text : awkward_texts()) batch.subscriptions.push_back({{writer.key()}, instance, text, text});
    batch.subscriptions.push_back({{writer.key()}, instance, "paid", "l-1"});
    writer.commit(batch);

    core::WaitKey after;
    std::size_t count = 0;
    for (auto page = store->subscriptions("paid", "L-1", after, 60); !page.empty(); page = store->subscriptions("paid", "L-1", after, 60)) {
        for (const auto& row : page) {
            CHECK(row.key > after);
            after = row.key;
            ++count;
        }
    }
    CHECK(count == 250);
    CHECK(store->subscriptions("paid", "l-1", {}, 10).size() == 1);
    std::vector<ports::SubscriptionRow> all;
    for (auto page = store->all_subscriptions({}, 60); !page.empty(); page = store->all_subscriptions(all.back().key, 60))
        all.insert(all.end(), page.begin(), page.end());
    CHECK((all == batch.subscriptions));
    CHECK(store->subscriptions("Paid", "L-1", {}, 10).empty());
    CHECK(store->subscriptions("paid", "", {}, 10).empty());
    for (const auto& text : awkward_texts()) CHECK(store->subscriptions(text, text, {}, 10).size() == 1);

    auto next = writer.batch();
    next.subscriptions_gone = {batch.subscriptions[0].key, {999}};
    auto moved = batch.subscriptions[1];
    moved.correlation_key = "L-2";
    next.subscriptions.push_back(moved);
    writer.commit(next);
    CHECK(store->subscriptions("paid", "L-1", {}, 1000).size() == 248);
    CHECK((store->subscriptions("paid", "L-2", {}, 10) == std::vector{moved}));
}

TEST_CASE("user tasks are found by candidates, assignee and instance") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store};
    auto batch = writer.batch();
    const auto one = writer.start(batch);
    const auto two = writer.start(batch);
    for (int n = 0; n < 240; ++n) {
        batch.tasks.push_back({.key = {writer.key()}, .instance = n % 2 ? one : two, .process = "home-loan", .element = "review",
                               .assignee = n % 4 == 0 ? "alice" : "", .candidate_groups = {}, .candidate_users = {}, .created = at(n),
                               .due = n % 2 ? std::optional{at(n + 5)} : std::nullopt});
        auto& task = batch.tasks.back();
        if (n % 3 == 0) task.candidate_groups = {"risk", "commercial, west", "risk"};
        if (n % 5 == 0) task.candidate_users = awkward_texts();
    }
    writer.commit(batch);
    const auto count = [&](ports::TaskFilter filter) {
        filter.limit = 23;
        std::size_t found = 0;
        for (auto page = store->tasks(filter); !page.empty(); page = store->tasks(filter)) {
            found += page.size();
            filter.after = page.back().key;
        }
        return found;
    };
    CHECK(count({}) == 240);
    CHECK(count({.candidate_group = "risk"}) == 80);
    CHECK(count({.candidate_group = "commercial, west"}) == 80);
    CHECK(count({.candidate_group = "west"}) == 0);
    CHECK(count({.candidate_user = awkward_texts()[2]}) == 48);
    CHECK(count({.candidate_user = "risk"}) == 0);
    CHECK(count({.assignee = "alice"}) == 60);
    CHECK(count({.instance = one}) == 120);
    CHECK(count({.candidate_group = "risk", .assignee = "alice", .instance = two}) == 20);
    CHECK((store->task(batch.tasks[15].key) == batch.tasks[15]));
    CHECK_FALSE(store->task({5}));

    auto next = writer.batch();
    auto claimed = batch.tasks[0];
    claimed.assignee = "bob";
    claimed.candidate_groups = {"audit"};
    claimed.due = at(7);
    next.tasks.push_back(claimed);
    next.tasks_gone = {batch.tasks[3].key};
    writer.commit(next);
    CHECK((store->task(claimed.key) == claimed));
    CHECK(count({.candidate_group = "risk"}) == 78);
    CHECK(count({.candidate_group = "audit", .assignee = "bob"}) == 1);
    CHECK_FALSE(store->task(batch.tasks[3].key));
}

TEST_CASE("incidents are found by element, kind and time") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store};
    auto batch = writer.batch();
    const auto instance = writer.start(batch);
    for (int n = 0; n < 12; ++n)
        batch.incidents.push_back({{writer.key()}, instance, "p", n % 2 ? "call" : "ask", n % 3 ? "job-exhausted" : "deadlock", "m", at(n)});
    writer.commit(batch);
    const auto count = [&](const ports::IncidentFilter& filter) { return store->incidents(filter).size(); };
    CHECK(count({.element = "call"}) == 6);
    CHECK(count({.kind = "deadlock"}) == 4);
    CHECK(count({.element = "call", .kind = "deadlock"}) == 2);
    CHECK(count({.raised_before = at(5)}) == 5);
    CHECK(count({.process = "p", .instance = instance, .element = "ask", .kind = "job-exhausted", .raised_before = at(9)}) == 3);
    CHECK(count({.element = "' or 1 = 1 --"}) == 0);
}

TEST_CASE("incidents are found by process and instance") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    Writer writer{*store};
    auto batch = writer.batch();
    const auto instance = writer.start(batch);
    for (int n = 0; n < 210; ++n) {
        batch.incidents.push_back({{writer.key()}, n % 2 ? instance : InstanceKey{9}, n % 3 ? "a" : "b", "call", "job-failed",
                                   awkward_texts()[static_cast<std::size_t>(n) % 9], at(n)});
    }
    writer.commit(batch);
    ports::IncidentFilter filter{.process = "a", .instance = instance, .limit = 9};
    std::vector<ports::IncidentRow> found;
    for (auto page = store->incidents(filter); !page.empty(); page = store->incidents(filter)) {
        found.insert(found.end(), page.begin(), page.end());
        filter.after = page.back().key;
    }
    auto expected = batch.incidents;
    std::erase_if(expected, [&](const auto& row) { return row.process != "a" || row.instance != instance; });
    CHECK((found == expected));

    auto next = writer.batch();
    next.incidents_gone = {found[0].key, {4}};
    auto changed = found[1];
    changed.message = "again";
    next.incidents.push_back(changed);
    writer.commit(next);
    CHECK((store->incidents({.process = "a", .instance = instance, .limit = 1}) == std::vector{changed}));
}
