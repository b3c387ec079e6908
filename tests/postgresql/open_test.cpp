#include "postgresql_server/server.hpp"
#include "store/open.hpp"
#include "store/postgresql/open_postgresql.hpp"
#include "store_suite/process.hpp"
#include "store_suite/world.hpp"
#include "support/ports.hpp"

#include <kontor/error.hpp>
#include <kontor/options.hpp>

#include <catch2/catch.hpp>

#include <chrono>
#include <set>

#include <poll.h>

using namespace kontor;
using namespace kontor::test;

namespace {

std::string refusal(const std::string& connection, Code code, const store::Options& options = {}) {
    try {
        store::open_postgresql(connection, options);
    } catch (const Error& error) {
        CHECK(to_string(error.code()) == to_string(code));
        return error.what();
    }
    return "was opened";
}

/// The schema that a scratch address names.
std::string schema_of(const store::ScratchSchema& schema) {
    const auto at = schema.connection().find("search_path=") + 12;
    return schema.connection().substr(at, schema.connection().find('\'', at) - at);
}

/// A setting of the server, until the end of the test.
struct Setting {
    Setting(std::string its_name, const std::string& value) : name{std::move(its_name)} {
        set("alter system set " + name + " = " + value, value);
    }
    ~Setting() { set("alter system reset " + name, "on"); }
    Setting(const Setting&) = delete;
    Setting& operator=(const Setting&) = delete;
    void set(const std::string& statement, const std::string& value) const {
        Server& server = Server::instance();
        server.sql(statement);
        server.sql("select pg_reload_conf()");
        for (int n = 0; n < 2000 && server.sql("show " + name).at(0) != value; ++n) ::poll(nullptr, 0, 5);
    }
    std::string name;
};

}  // namespace

TEST_CASE("a server that is away, a wrong password, a database that is not there: clear, and without the password") {
    Server& server = Server::instance();
    using Catch::Contains;
    const auto away = refusal("postgresql://bank:s3cret@127.0.0.1:" + std::to_string(free_port()) + "/loans", Code::unavailable);
    CHECK_THAT(away, Contains("is the server running") && Contains("Connection refused") && !Contains("s3cret"));
    const std::string port = std::to_string(server.port());
    const auto wrong = refusal("postgresql://guarded:wr0ng@127.0.0.1:" + port + "/kontor", Code::unavailable);
    CHECK_THAT(wrong, Contains("password authentication failed"));
    CHECK_THAT(wrong, Contains("postgresql://guarded@127.0.0.1:" + port + "/kontor") && !Contains("wr0ng"));
    CHECK_THAT(refusal("postgresql://kontor@127.0.0.1:" + port + "/nowhere", Code::unavailable), Contains("\"nowhere\" does not exist"));
    // PostgreSQL 15 lets nobody but its owner make tables in schema public.
    const auto denied = refusal("postgresql://guarded:right@127.0.0.1:" + port + "/kontor", Code::unavailable);
    CHECK_THAT(denied, Contains("grant usage, create on schema") && !Contains("right@"));
}

TEST_CASE("a URL, a connection string and the public function open the same store") {
    Server& server = Server::instance();
    server.sql("create database by_url");
    const std::string url = "postgresql://kontor@127.0.0.1:" + std::to_string(server.port()) + "/by_url";
    const auto id = store::open_store(url)->info().id;
    CHECK(id.size() == 20);
    CHECK(store_at(url).open()->info().id == id);
    CHECK(postgresql("host=127.0.0.1 user=kontor dbname=by_url port=" + std::to_string(server.port())).open()->info().id == id);
    server.sql("drop database by_url");
}

TEST_CASE("a server that would lose commits is refused, with the mend") {
    const store::ScratchSchema schema{Server::instance().url()};
    SECTION("fsync") {
        const Setting off{"fsync", "off"};
        CHECK_THAT(refusal(schema.connection(), Code::unavailable), Catch::Contains("set fsync = on in postgresql.conf"));
    }
    SECTION("full_page_writes") {
        const Setting off{"full_page_writes", "off"};
        CHECK_THAT(refusal(schema.connection(), Code::unavailable), Catch::Contains("set full_page_writes = on"));
    }
    SECTION("synchronous_commit is what a connection chooses: ours is on") {
        const Setting off{"synchronous_commit", "off"};
        const auto store = store::open_postgresql(schema.connection(), {});
        Writer writer{*store};
        auto batch = writer.batch();
        writer.start(batch);
        writer.commit(batch);
    }
}

TEST_CASE("a database in another encoding is refused") {
    Server& server = Server::instance();
    server.sql("create database latin encoding 'LATIN1' locale 'C' template template0");
    const std::string url = "postgresql://kontor@127.0.0.1:" + std::to_string(server.port()) + "/latin";
    CHECK_THAT(refusal(url, Code::unavailable), Catch::Contains("encoding 'UTF8'"));
    server.sql("drop database latin");
}

TEST_CASE("a store that a newer version wrote is not opened, and not changed") {
    Server& server = Server::instance();
    const store::ScratchSchema schema{server.url()};
    store::open_postgresql(schema.connection(), {});
    SECTION("newer schema") { server.sql("insert into " + schema_of(schema) + ".migration values (99, 'tomorrow')"); }
    SECTION("higher feature level") { server.sql("update " + schema_of(schema) + ".store set feature_level = 2"); }
    CHECK_THAT(refusal(schema.connection(), Code::conflict), Catch::Contains("newer version"));
    CHECK_THAT(refusal(schema.connection(), Code::conflict, {.access = store::Access::reader}), Catch::Contains("newer version"));
}

TEST_CASE("tables that are not Kontor's stay as they are") {
    Server& server = Server::instance();
    const store::ScratchSchema schema{server.url()};
    SECTION("a table of the host beside the store's is nobody's business") {
        server.sql("create table " + schema_of(schema) + ".cats (name text)");
        CHECK(store::open_postgresql(schema.connection(), {})->info().buckets == 16);
    }
    SECTION("a migration that is another program's") {
        server.sql("create table " + schema_of(schema) + ".migration (name text)");
        CHECK_THAT(refusal(schema.connection(), Code::conflict), Catch::Contains("schema of its own"));
    }
    SECTION("a name that is taken") {
        server.sql("create table " + schema_of(schema) + ".message (name text)");
        CHECK_THAT(refusal(schema.connection(), Code::conflict), Catch::Contains("schema of its own"));
        CHECK(server.sql("select tablename from pg_tables where schemaname = '" + schema_of(schema) + "'") == std::vector<std::string>{"message"});
    }
}

TEST_CASE("a reader makes nothing and changes nothing") {
    const store::ScratchSchema schema{Server::instance().url()};
    CHECK_THAT(refusal(schema.connection(), Code::not_found, {.access = store::Access::reader}), Catch::Contains("holds no store"));
    const auto owner = store::open_postgresql(schema.connection(), {});
    Writer writer{*owner};
    auto batch = writer.batch();
    writer.start(batch);
    writer.commit(batch);
    const auto reader = store::open_postgresql(schema.connection(), {.access = store::Access::reader});
    CHECK(require_whole(*reader) == 1);
    CHECK_THROWS_AS(reader->take(0, "x"), Error);
    CHECK_THROWS_AS(reader->deploy({}), Error);
    CHECK_THROWS_AS(reader->outcome(batch), Error);
    CHECK_THROWS_AS(reader->drop_period(674), Error);
    CHECK(name(reader->commit({})) == "refused");
}

TEST_CASE("two starters make the tables once") {
    for (int round = 0; round < 5; ++round) {
        const store::ScratchSchema schema{Server::instance().url()};
        const auto start = [&](const auto& report) { report(store::open_postgresql(schema.connection(), {})->info().id); };
        Child one{start};
        Child two{start};
        const auto first = one.line();
        CHECK(first.size() == 20);
        CHECK(two.line() == first);
        CHECK(one.wait() == 0);
        CHECK(two.wait() == 0);
    }
}

TEST_CASE("the journal has a partition for each month, made when it is needed and dropped whole") {
    Server& server = Server::instance();
    const store::ScratchSchema schema{server.url()};
    const auto store = store::open_postgresql(schema.connection(), {});
    const auto partitions = [&] {
        const auto names = server.sql("select tablename from pg_tables where schemaname = '" + schema_of(schema) +
                                      "' and tablename like 'journal\\_%'");
        return std::set<std::string>{names.begin(), names.end()};
    };
    CHECK(partitions().empty());
    Writer writer{*store};
    const auto start = [&](std::int32_t period) {
        auto batch = writer.batch();
        const auto key = writer.start(batch);
        auto& row = Writer::row(batch, key);
        row.period = batch.journal[0].period = period;
        row.phase = lifecycle::Instance::completed;
        writer.commit(batch);
        return key;
    };
    const auto old = start(674);
    start(675);
    CHECK(partitions() == std::set<std::string>{"journal_2026_03", "journal_2026_04"});
    CHECK(store->drop_period(674) == 1U);
    CHECK(partitions() == std::set<std::string>{"journal_2026_04"});
    CHECK(store->instance(old)->dropped);

    SECTION("a month that is needed again comes again") {
        const auto again = start(674);
        CHECK_FALSE(broken_instance(*store, again));
    }
    SECTION("also if another process has dropped it") {
        const auto other = store::open_postgresql(schema.connection(), {});
        start(676);
        CHECK(other->drop_period(676) == 1U);
        CHECK_FALSE(broken_instance(*store, start(676)));
    }
}

TEST_CASE("a tool that reads the journal for long makes dropping give up, and nobody wait") {
    Server& server = Server::instance();
    const store::ScratchSchema schema{server.url()};
    const auto store = store::open_postgresql(schema.connection(), {});
    Writer writer{*store};
    auto batch = writer.batch();
    const auto key = writer.start(batch);
    Writer::row(batch, key).phase = lifecycle::Instance::completed;
    writer.commit(batch);
    Child tool{[&](const auto& report) {
        report("ready");
        server.sql("begin; select * from " + schema_of(schema) + ".journal; select pg_sleep(600)");
    }};
    REQUIRE(tool.line() == "ready");
    const std::string reading = " from pg_locks where relation = '" + schema_of(schema) + ".journal'::regclass and mode = 'AccessShareLock'";
    while (server.sql("select count(*)" + reading).at(0) == "0") ::poll(nullptr, 0, 2);
    CHECK_THROWS_WITH(store->drop_period(674), Catch::Contains("holds a lock for too long"));
    server.sql("select pg_terminate_backend(pid)" + reading);
    while (server.sql("select count(*)" + reading).at(0) != "0") ::poll(nullptr, 0, 2);
    CHECK(store->drop_period(674) == 0U);   // its tombstones stand already
    CHECK(store->journal_of_bucket(0, 1, 5).empty());
}
