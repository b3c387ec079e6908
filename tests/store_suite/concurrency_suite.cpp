#include "store_suite/stores.hpp"
#include "store_suite/world.hpp"

#include <atomic>
#include <thread>

using namespace kontor;
using namespace kontor::test;

TEST_CASE("readers run beside commits and never see a part of one") {
    FOR_EVERY_STORE;
    const auto store = place->open({.read_connections = 3});
    Writer writer{*store, 2};
    auto first = writer.batch({0, 1});
    const auto left = writer.start(first, 0);
    const auto right = writer.start(first, 1);
    writer.commit(first);

    std::atomic<bool> done{false};
    std::atomic<int> wrong{0};
    std::atomic<int> reads{0};
    const auto reader = [&] {
        try {
            while (!done) {
                const auto row = store->instance(left);
                // The second instance goes on in the same commit, and the journal is read later than the row.
                const auto other = store->instance(right);
                const auto rows = store->journal(left, {}, 10'000);
                if (!row || !other || other->rows < row->rows || rows.size() < row->rows) ++wrong;
                const auto all = store->journal_of_bucket(0, 1, 10'000);
                for (std::size_t n = 0; n < all.size(); ++n) wrong += all[n].position.sequence != n + 1;
                ++reads;
            }
        } catch (const std::exception&) {
            ++wrong;
        }
    };
    std::vector<std::thread> readers;
    for (int n = 0; n < 4; ++n) readers.emplace_back(reader);
    while (reads < 4 && wrong == 0) std::this_thread::yield();
    for (int n = 0; n < 150; ++n) {
        auto batch = writer.batch({0, 1});
        writer.record(batch, left, "left");
        writer.record(batch, right, "right");
        writer.commit(batch);
    }
    done = true;
    for (auto& thread : readers) thread.join();
    CHECK(wrong == 0);
    CHECK(require_whole(*store) == 302);
}

TEST_CASE("several threads commit to their own buckets") {
    FOR_EVERY_STORE;
    const auto store = place->open();
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (std::uint32_t bucket = 0; bucket < 3; ++bucket) {
        threads.emplace_back([&, bucket] {
            auto lease = store->take(bucket, "node");
            for (std::uint64_t n = 1; n <= 60; ++n) {
                ports::Batch batch{.number = n};
                batch.advances.push_back({bucket, lease.epoch, n, n + 1});
                const core::Position position{bucket, n};
                const auto key = core::KeyMaker{position}.next<InstanceKey>();
                const auto link = journal::extend(journal::first_link(key), position, "x");
                batch.journal.push_back({.position = position, .instance = key, .bytes = "x", .link = link});
                batch.instances.push_back({.key = key, .rows = 1, .last = position, .head = link});
                wrong += name(store->commit(batch)) != "committed";
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(wrong == 0);
    CHECK(require_whole(*store) == 180);
}

TEST_CASE("what was committed is there when the store is opened again") {
    FOR_EVERY_STORE;
    if (!place->is_durable()) return;
    auto store = place->open({.buckets = 8});
    const auto id = store->info().id;
    ports::Batch batch;
    InstanceKey key;
    {
        Writer writer{*store};
        batch = writer.batch();
        key = writer.start(batch, 0, every_byte());
        Writer::row(batch, key).active = true;
        batch.snapshots.push_back({key, {0, 1}, every_byte()});
        batch.timers.push_back({writer.key(), key, true, at(5)});
        batch.subscriptions.push_back({{writer.key()}, key, "paid", "L-1"});
        batch.tasks.push_back({.key = {writer.key()}, .instance = key, .process = "p", .element = "e", .assignee = "a",
                               .candidate_groups = {"g"}, .candidate_users = {"u"}, .created = at(1)});
        batch.incidents.push_back({{writer.key()}, key, "p", "e", "k", "m", at(1)});
        batch.inbox.push_back({.bucket = 3, .id = "i", .command = every_byte(), .sent = at(2)});
        batch.messages.push_back({.key = {2, "paid", "L-1", "x"}, .payload = every_byte(), .published = at(1), .until = at(9)});
        batch.requests.push_back({"r", every_byte(), every_byte(), at(3)});
        writer.commit(batch);
        store->deploy({{.id = "p:1", .process = "p", .version = 1, .sources = {{"p.yaml", "kontor: 1"}}}});
    }
    store.reset();
    store = place->open({.buckets = 2});
    CHECK(store->info().id == id);
    CHECK(store->info().buckets == 8);
    const auto lease = store->take(0, "again");
    CHECK((lease.epoch == 2 && lease.next_sequence == 2));
    CHECK((store->journal(key, {}, 9) == batch.journal));
    CHECK((store->instance(key) == batch.instances[0]));
    CHECK((store->active_instances(0, {}, 9) == std::vector{key}));
    CHECK((store->snapshot(key) == batch.snapshots[0]));
    CHECK((store->timers_due(0, at(6), {}, 9) == batch.timers));
    CHECK((store->subscriptions("paid", "L-1", {}, 9) == batch.subscriptions));
    CHECK((store->tasks({.candidate_group = "g"}) == batch.tasks));
    CHECK((store->incidents({}) == batch.incidents));
    CHECK(store->inbox(3, 0, 9).at(0).command == every_byte());
    CHECK((store->message(batch.messages[0].key) == batch.messages[0]));
    CHECK((store->request("r") == batch.requests[0]));
    CHECK(store->deployments().at(0).sources.at(0).second == "kontor: 1");
    CHECK(store->integrity().empty());
}
