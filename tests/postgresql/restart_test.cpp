#include "postgresql_server/server.hpp"
#include "store/postgresql/open_postgresql.hpp"
#include "store_suite/world.hpp"

#include <kontor/error.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

#include <poll.h>

using namespace kontor;
using namespace kontor::test;

namespace {

/// What the runtime does with a commit: again while the store is away, and asking while the outcome is unknown.
class Clerk {
public:
    Clerk(ports::Store& store, std::uint32_t bucket, const std::atomic<bool>& ends) : store_{store}, bucket_{bucket}, ends_{ends} {
        lease_ = store.take(bucket, "clerk");
    }
    void work() {
        while (!ends_) {
            const std::uint64_t n = lease_.next_sequence;
            ports::Batch batch{.number = ++number_};
            batch.advances.push_back({bucket_, lease_.epoch, n, n + 1});
            const core::Position position{bucket_, n};
            const auto key = core::KeyMaker{position}.next<InstanceKey>();
            const auto link = journal::extend(journal::first_link(key), position, "x");
            batch.journal.push_back({.position = position, .instance = key, .period = 674, .bytes = "x", .link = link});
            batch.instances.push_back({.key = key, .period = 674, .rows = 1, .last = position, .head = link});
            batch.requests.push_back({std::to_string(bucket_) + "/" + std::to_string(n), "", "", at(0)});
            if (!insist(batch)) return;
            ++lease_.next_sequence;
            reported = n;
        }
    }
    std::atomic<std::uint64_t> reported{0};
    std::atomic<int> unknown{0};
    std::atomic<int> wrong{0};

private:
    bool insist(const ports::Batch& batch) {
        for (;; ::poll(nullptr, 0, 5)) {
            const auto result = store_.commit(batch);
            if (std::holds_alternative<ports::Committed>(result)) return true;
            if (name(result) == "unavailable") continue;
            if (name(result) != "unknown") return ++wrong, false;
            ++unknown;
            if (ask(batch)) return true;
        }
    }
    bool ask(const ports::Batch& batch) {
        for (;; ::poll(nullptr, 0, 5)) {
            try {
                const auto outcome = store_.outcome(batch);
                wrong += outcome == ports::Outcome::fenced;
                return outcome == ports::Outcome::committed;
            } catch (const Error&) {}   // still away
        }
    }
    ports::Store& store_;
    std::uint32_t bucket_;
    const std::atomic<bool>& ends_;
    ports::Lease lease_;
    std::uint64_t number_ = 0;
};

}  // namespace

TEST_CASE("the server crashes under load, again and again: what was committed is there, nothing is half there") {
    Server& server = Server::instance();
    const store::ScratchSchema schema{server.url()};
    const auto store = store::open_postgresql(schema.connection(), {});
    std::atomic<bool> ends{false};
    Clerk one{*store, 0, ends};
    Clerk two{*store, 1, ends};
    std::jthread first{[&] { one.work(); }};
    std::jthread second{[&] { two.work(); }};
    for (int round = 0; round < 4; ++round) {
        const auto before_one = one.reported.load(), before_two = two.reported.load();
        while ((one.reported < before_one + 30 || two.reported < before_two + 30) && one.wrong + two.wrong == 0) ::poll(nullptr, 0, 1);
        server.crash();
        CHECK_THROWS_AS(store->instance({1}), Error);
        server.start();
    }
    ends = true;
    first.join();
    second.join();
    CHECK(one.wrong + two.wrong == 0);
    CHECK(one.unknown + two.unknown > 0);
    CHECK(require_whole(*store) == one.reported + two.reported);
    for (std::uint64_t n = 1; n <= one.reported; ++n) REQUIRE(store->request("0/" + std::to_string(n)));
    for (std::uint64_t n = 1; n <= two.reported; ++n) REQUIRE(store->request("1/" + std::to_string(n)));
    CHECK_FALSE(store->request("0/" + std::to_string(one.reported + 1)));
}
