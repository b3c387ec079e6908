#include "store_suite/process.hpp"
#include "store_suite/stores.hpp"
#include "store_suite/world.hpp"

#include <kontor/error.hpp>

#include <sqlite3.h>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include <sys/resource.h>
#include <unistd.h>

using namespace kontor;
using namespace kontor::test;

TEST_CASE("kill -9 in the middle of commits: every reported batch is there whole") {
    const Folder folder;
    const std::string url = "sqlite:" + folder.path("loans.db");
    std::mt19937 random{42};
    std::uint64_t reported = 0;
    for (int round = 0; round < 30; ++round) {
        Child child{[&](const auto& report) {
            const auto store = store::open_store(url);
            Writer writer{*store};
            for (std::uint64_t n = writer.lease(0).next_sequence / 5 + 1;; ++n) {
                auto batch = writer.batch();
                const auto key = writer.start(batch, 0, "batch " + std::to_string(n));
                for (int row = 0; row < 4; ++row) writer.record(batch, key, every_byte(300));
                batch.requests.push_back({"batch " + std::to_string(n), "", "", at(0)});
                writer.commit(batch);
                report(std::to_string(n));
            }
        }};
        std::string last = child.line();   // it has started
        REQUIRE_FALSE(last.empty());
        std::this_thread::sleep_for(std::chrono::microseconds{random() % 40'000});
        child.kill();
        for (std::string line; !(line = child.line()).empty();) last = line;
        CHECK(child.wait() == 128 + SIGKILL);
        REQUIRE(std::stoull(last) > reported);
        reported = std::stoull(last);

        const auto store = store::open_store(url);   // the lock of the dead process is gone with it
        const auto rows = require_whole(*store);
        REQUIRE(rows % 5 == 0);
        REQUIRE(rows / 5 >= reported);
        REQUIRE(rows / 5 <= reported + 1);
        for (std::uint64_t n = 1; n <= reported; ++n) REQUIRE(store->request("batch " + std::to_string(n)));
        REQUIRE(store->integrity().empty());
    }
    CHECK(reported >= 30);
}

TEST_CASE("one process owns a store, others are told which, and may read") {
    const Folder folder;
    const std::string url = "sqlite:" + folder.path("loans.db");
    Child owner{[&](const auto& report) {
        const auto store = store::open_store(url);
        Writer writer{*store};
        auto batch = writer.batch();
        writer.start(batch);
        writer.commit(batch);
        report("ready");
        ::pause();
    }};
    REQUIRE(owner.line() == "ready");
    try {
        store::open_store(url);
        FAIL("two owners");
    } catch (const Error& error) {
        CHECK(error.code() == Code::conflict);
        CHECK_THAT(error.what(), Catch::Contains("process " + std::to_string(owner.pid())));
    }
    const auto reader = store::open_store(url, {.access = store::Access::reader});
    CHECK(require_whole(*reader) == 1);
    CHECK_THROWS_AS(reader->take(0, "x"), Error);
    CHECK_THROWS_AS(reader->deploy({}), Error);
    CHECK(name(reader->commit({})) == "refused");
}

TEST_CASE("two starters make the tables once") {
    for (int round = 0; round < 15; ++round) {
        const Folder folder;
        const std::string file = folder.path("loans.db");
        const auto start = [&](const auto& report) {
            for (int attempt = 0; attempt < 2000; ++attempt) {
                try {
                    const auto store = store::open_store("sqlite:" + file);
                    return report(store->info().id);
                } catch (const Error& error) {
                    if (error.code() != Code::conflict) throw;
                    std::this_thread::sleep_for(std::chrono::milliseconds{1});
                }
            }
        };
        Child one{start};
        Child two{start};
        const auto first = one.line();
        CHECK(first.size() == 20);
        CHECK(two.line() == first);
        CHECK(one.wait() == 0);
        CHECK(two.wait() == 0);
    }
}

TEST_CASE("a write that the system refuses leaves the outcome to be asked for") {
    const Folder folder;
    Child child{[&](const auto& report) {
        ::signal(SIGXFSZ, SIG_IGN);
        const auto store = store::open_store("sqlite:" + folder.path("loans.db"));
        Writer writer{*store};
        rlimit limit{};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        limit.rlim_cur = 1'000'000;
        ::setrlimit(RLIMIT_FSIZE, &limit);
        auto batch = writer.batch();
        writer.start(batch, 0, every_byte(2'000'000));
        report(name(store->commit(batch)));
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_FSIZE, &limit);
        report(store->outcome(batch) == ports::Outcome::absent ? "absent" : "there");
        report(name(store->commit(batch)));
        report(std::to_string(require_whole(*store)));
    }};
    const auto answer = child.line();
    CHECK((answer == "unknown" || answer == "unavailable"));
    CHECK(child.line() == "absent");
    CHECK(child.line() == "committed");
    CHECK(child.line() == "1");
}
