#include "store_suite/power_loss.hpp"
#include "store_suite/stores.hpp"
#include "store_suite/world.hpp"

#include <random>

using namespace kontor;
using namespace kontor::test;

namespace {

/// A batch that touches many tables: it is there whole or not at all. `n` is its number, from 1 on.
ports::Batch numbered(Writer& writer, std::uint64_t n, std::size_t payload, std::vector<InstanceKey>& live) {
    auto batch = writer.batch({0, 1});
    batch.number = n;
    if (live.size() < 6) live.push_back(writer.start(batch, live.size() % 2));
    for (const auto key : live) writer.record(batch, key, every_byte(payload, static_cast<unsigned>(n)));
    batch.timers.push_back({(1ULL << 50) + n, live[0], false, at(static_cast<std::int64_t>(n))});
    batch.requests.push_back({"batch " + std::to_string(n), "", "", at(0)});
    if (n > 1) batch.inbox_consumed.emplace_back(1, "batch " + std::to_string(n - 1));
    batch.inbox.push_back({.bucket = 1, .id = "batch " + std::to_string(n), .command = "c", .sent = at(0)});
    return batch;
}

/// Everything hangs together, and ends with a batch. Returns its number.
std::uint64_t last_whole(ports::Store& store) {
    require_whole(store);
    const auto wrong = store.integrity();
    if (!wrong.empty()) throw std::runtime_error{wrong[0]};
    const auto timers = store.timers_due(0, at(1'000'000), {}, 10'000);
    const std::uint64_t last = timers.size();
    for (std::uint64_t n = 1; n <= last + 1; ++n) {
        if (store.request("batch " + std::to_string(n)).has_value() != (n <= last)) throw std::runtime_error{"half a batch: requests"};
    }
    const auto inbox = store.inbox(1, 0, 10);
    if (inbox.size() != (last ? 1 : 0) || (last && inbox[0].id != "batch " + std::to_string(last))) throw std::runtime_error{"half a batch: inbox"};
    return last;
}

/// One run until the power goes; returns the number of the last batch that was acknowledged, 0 if none was.
std::uint64_t run_until_dark(const std::string& url, Disk& disk, std::uint64_t already, std::size_t payload) {
    std::uint64_t acknowledged = already;
    try {
        const auto store = store::open_store(url);
        Writer writer{*store, 2};
        std::vector<InstanceKey> live;
        for (const auto& row : store->instances({})) live.push_back(row.key);
        while (true) {
            const auto batch = numbered(writer, acknowledged + 1, payload, live);
            if (name(writer.try_commit(batch)) != "committed") break;
            ++acknowledged;
        }
    } catch (const std::exception&) {   // it went while the store was opened
    }
    REQUIRE(disk.is_dead());
    return acknowledged;
}

}  // namespace

TEST_CASE("after a power loss every acknowledged commit is there, and no half one") {
    std::uint64_t acknowledged_in_all = 0;
    std::uint64_t unacknowledged_but_there = 0;
    std::uint64_t in_checkpoints = 0;
    for (std::uint64_t seed = 1; seed <= 120; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 random{seed};
        const Folder folder;
        Disk disk{seed};
        const std::string url = "sqlite:" + folder.path("loans.db");
        // Every sixth run writes so much that checkpoints are cut off, too.
        const std::size_t payload = seed % 6 == 0 ? 300'000 : 200 + random() % 9000;
        std::uint64_t known = 0;
        for (int life = 0; life < 3; ++life) {
            const bool in_sync = random() % 3 == 0;
            if (in_sync) disk.lose_power_at_sync(1 + random() % 15);
            else disk.lose_power_at(1 + random() % (life == 0 ? 120 : seed % 6 == 0 ? 12'000 : 400));
            const auto acknowledged = run_until_dark(url, disk, known, payload);
            acknowledged_in_all += acknowledged - known;
            disk.restart();
            const auto store = store::open_store(url);
            const auto found = last_whole(*store);
            REQUIRE(found >= acknowledged);
            REQUIRE(found <= acknowledged + 1);
            unacknowledged_but_there += found - acknowledged;
            known = found;
        }
        in_checkpoints += disk.unsynced_losses(folder.path("loans.db"));
    }
    // The runs were no empty ones: they met all three kinds of loss.
    INFO(unacknowledged_but_there << " commits were there without having been acknowledged, " << in_checkpoints << " losses in checkpoints");
    CHECK(acknowledged_in_all > 1000);
    CHECK(unacknowledged_but_there > 0);
    CHECK(in_checkpoints > 3);
}

TEST_CASE("a disk that loses what was synced is noticed: the test can see a loss") {
    const Folder folder;
    Disk disk{1};
    const std::string url = "sqlite:" + folder.path("loans.db");
    {
        const auto store = store::open_store(url);
        Writer writer{*store, 2};
        std::vector<InstanceKey> live;
        for (std::uint64_t n = 1; n <= 5; ++n) writer.commit(numbered(writer, n, 200, live));
        CHECK(disk.syncs() >= 5);
    }
    std::filesystem::resize_file(folder.path("loans.db"), 4096 * 12);
    CHECK_THROWS(last_whole(*store::open_store(url)));
}

TEST_CASE("after a failed sync the outcome is unknown, then final, whatever happens next") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        const Folder folder;
        Disk disk{seed};
        const std::string url = "sqlite:" + folder.path("loans.db");
        {
            const auto store = store::open_store(url);
            Writer writer{*store, 2};
            std::vector<InstanceKey> live;
            writer.commit(numbered(writer, 1, 5000, live));
            const auto batch = numbered(writer, 2, 5000, live);
            disk.fail_syncs(1);
            const auto result = store->commit(batch);
            REQUIRE(name(result) == "unknown");
            CHECK_THAT(why(result), Catch::Contains("the disk failed"));
            CHECK(store->outcome(batch) == ports::Outcome::absent);
            disk.lose_power_at(0);
        }
        disk.restart();
        CHECK(last_whole(*store::open_store(url)) == 1);
    }
}

TEST_CASE("a full disk refuses, spoils nothing, and works again when there is room") {
    const Folder folder;
    Disk disk{7};
    const std::string url = "sqlite:" + folder.path("loans.db");
    auto store = store::open_store(url);
    Writer writer{*store, 2};
    std::vector<InstanceKey> live;
    disk.set_room(3'000'000);
    std::uint64_t n = 1;
    ports::CommitResult result;
    for (; n < 1000; ++n) {
        result = writer.try_commit(numbered(writer, n, 20'000, live));
        if (name(result) != "committed") break;
    }
    REQUIRE(name(result) == "unavailable");
    CHECK_THAT(why(result), Catch::Contains("full"));
    CHECK(last_whole(*store) == n - 1);                                                  // reads go on
    CHECK(name(writer.try_commit(numbered(writer, n, 20'000, live))) == "unavailable");   // and stay right
    disk.set_room(30'000'000);
    for (const auto end = n + 10; n < end; ++n) writer.commit(numbered(writer, n, 20'000, live));
    CHECK(last_whole(*store) == n - 1);
    store.reset();
    CHECK(last_whole(*store::open_store(url)) == n - 1);
}
