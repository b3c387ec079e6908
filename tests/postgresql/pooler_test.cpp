// A store behind a connection pooler.
#include "postgresql_server/pooler.hpp"
#include "store/postgresql/open_postgresql.hpp"
#include "store_suite/world.hpp"

#include <kontor/kontor.hpp>

#include <catch2/catch.hpp>

#include <libpq-fe.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <thread>

#include <poll.h>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;

namespace {

bool until(const std::function<bool()>& condition) {
    for (const auto end = std::chrono::steady_clock::now() + 30s; !condition(); ::poll(nullptr, 0, 2))
        if (std::chrono::steady_clock::now() > end) return false;
    return true;
}

/// A database of its own: a pooler takes no `options`, in which a schema could stand.
struct Database {
    Database() { server.sql("create database pooled"); }
    ~Database() { server.sql("drop database pooled with (force)"); }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    [[nodiscard]] static std::string through(const Pooler& pooler) {
        return "postgresql://kontor@127.0.0.1:" + std::to_string(pooler.port()) + "/pooled";
    }

    Server& server = Server::instance();
};

using Plain = std::unique_ptr<PGconn, decltype(&PQfinish)>;

std::ptrdiff_t open_files() { return std::distance(std::filesystem::directory_iterator{"/proc/self/fd"}, {}); }

std::string refusal(const std::string& connection) {
    try {
        store::open_postgresql(connection, {});
    } catch (const Error& error) {
        return error.what();
    }
    return "was opened";
}

constexpr const char* process = R"(
kontor: 1
process: parcel
services:
  scale.weigh: { contract: idempotent }
flow:
  - startEvent: handed-in
  - serviceTask: weigh
    service: scale.weigh
  - endEvent: accepted
)";

}  // namespace

TEST_CASE("a store works behind a pooler that keeps sessions, also when the server crashes behind it") {
    const Database database;
    const Pooler pooler{database.server, "session"};
    const auto store = store::open_postgresql(database.through(pooler), {});
    Writer writer{*store};
    const auto next = [&] {
        auto batch = writer.batch();
        const auto key = writer.start(batch);
        for (int n = 0; n < 20; ++n) writer.record(batch, key, every_byte());
        return batch;
    };
    for (int n = 0; n < 20; ++n) writer.commit(next());
    const auto batch = next();
    database.server.crash();
    const auto result = store->commit(batch);
    CHECK((name(result) == "unknown" || name(result) == "unavailable"));
    database.server.start();
    CHECK(until([&] {
        try {
            return store->outcome(batch) == ports::Outcome::absent && name(writer.try_commit(batch)) == "committed";
        } catch (const Error&) {
            return false;
        }
    }));
    CHECK(require_whole(*store) == 21 * 21);
}

TEST_CASE("a pooler that lets in and has no server behind it costs no connection for each attempt") {
    const Database database;
    const Pooler pooler{database.server, "session"};
    CHECK(refusal(database.through(pooler)) == "was opened");
    database.server.crash();
    (void)refusal(database.through(pooler));
    const auto before = open_files();
    for (int n = 0; n < 5; ++n) CHECK_THAT(refusal(database.through(pooler)), Catch::Contains("127.0.0.1:" + std::to_string(pooler.port())));
    CHECK(open_files() == before);
    database.server.start();
    CHECK(until([&] { return refusal(database.through(pooler)) == "was opened"; }));
}

TEST_CASE("nodes behind a pooler that keeps sessions see each other come and go") {
    const Database database;
    const Pooler pooler{database.server, "session"};
    const auto one = store::open_postgresql(database.through(pooler), {});
    auto two = store::open_postgresql(database.through(pooler), {});
    const auto free = [&] {
        const auto census = one->renew({"one", false}, 1h);
        return std::ranges::count_if(census.buckets, [](const auto& b) { return b.is_free; });
    };
    (void)one->renew({"one", false}, 1h);
    (void)two->renew({"two", false}, 1h);
    for (std::uint32_t bucket = 0; bucket < 16; ++bucket) REQUIRE(two->take_free(bucket, "two", 0));
    // Whoever is there keeps what he has, however long the others look.
    const auto end = std::chrono::steady_clock::now() + 1500ms;
    for (; std::chrono::steady_clock::now() < end; ::poll(nullptr, 0, 50)) REQUIRE(free() == 0);
    two.reset();   // as if it was killed: the pooler keeps its connections to the server
    CHECK(until([&] { return free() == 16; }));
}

TEST_CASE("engines share the work behind a pooler that keeps sessions") {
    const Database database;
    const Pooler pooler{database.server, "session"};
    std::atomic<int> calls{0};
    const auto weigh = [&](const ServiceCall&) -> Answer { return ++calls, Variables{}; };
    std::vector<std::unique_ptr<Engine>> engines;
    for (int n = 0; n < 2; ++n) {
        engines.push_back(std::make_unique<Engine>(Options{.store = store_at(database.through(pooler)), .services = {{"scale.weigh", weigh}}}));
        engines.back()->deploy({yaml_text(process, "parcel.yaml")});
        engines.back()->run();
    }
    std::vector<InstanceKey> keys;
    for (std::size_t n = 0; n < 200; ++n)
        keys.push_back(engines[n % 2]->start({.process = "parcel", .business_key = std::to_string(n), .request_id = std::to_string(n)}));
    for (const auto key : keys) REQUIRE(engines[0]->wait_for(key, 30s));
    CHECK(calls == 200);
}

TEST_CASE("a pooler that does not keep sessions is refused, with the mend") {
    const Database database;
    const int others = GENERATE(0, 4);   // clients who keep the pooler's connections moving
    for (const std::string mode : {"transaction", "statement"}) {
        const Pooler pooler{database.server, mode};
        std::atomic<bool> over{false};
        std::vector<std::jthread> clients;
        for (int n = 0; n < others; ++n)
            clients.emplace_back([&] {
                const Plain client{PQconnectdb(database.through(pooler).c_str()), &PQfinish};
                while (!over && PQstatus(client.get()) == CONNECTION_OK) PQclear(PQexec(client.get(), "select 1"));
            });
        for (int round = 0; round < 5; ++round) {
            const auto why = refusal(database.through(pooler));
            INFO(why);
            CHECK_THAT(why, Catch::Contains("127.0.0.1:" + std::to_string(pooler.port())) && Catch::Contains("pool_mode = session"));
        }
        over = true;
    }
    CHECK(database.server.sql("select tablename from pg_tables where schemaname = 'public'", "pooled").empty());
}
