#include "postgresql/proxy.hpp"
#include "postgresql_server/server.hpp"
#include "store/postgresql/address.hpp"
#include "store/postgresql/open_postgresql.hpp"
#include "store_suite/world.hpp"

#include <kontor/error.hpp>

#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

#include <poll.h>

using namespace kontor;
using namespace kontor::test;

namespace {

using namespace std::chrono_literals;

template <class Condition>
void wait_until(const Condition& condition) {
    for (const auto end = std::chrono::steady_clock::now() + 20s; !condition();) {
        REQUIRE(std::chrono::steady_clock::now() < end);
        ::poll(nullptr, 0, 2);
    }
}

/// A store whose way to the server can be cut, and one beside it that goes straight.
struct World {
    Server& server = Server::instance();
    store::ScratchSchema schema{server.url()};
    Proxy proxy{server.port()};
    std::string through_proxy = [this] {
        std::string text = schema.connection();
        const std::string port = "port='" + std::to_string(server.port()) + "'";
        return text.replace(text.find(port), port.size(), "port='" + std::to_string(proxy.port()) + "'");
    }();
    std::unique_ptr<ports::Store> direct = store::open_postgresql(schema.connection(), {});
    std::unique_ptr<ports::Store> store = store::open_postgresql(through_proxy, {.write_connections = 1});
};

/// Afterwards statements are prepared and the partition is there: the next commit is one way to the server.
void warm_up(Writer& writer) {
    auto batch = writer.batch();
    writer.start(batch);
    writer.commit(batch);
}

}  // namespace

TEST_CASE("a commit whose connection breaks before it arrives is absent, and succeeds when it is sent again") {
    World world;
    Writer writer{*world.store, 2};
    auto first = writer.batch({0, 1});
    writer.start(first, 1);
    writer.commit(first);   // statements are prepared, the partition is there

    auto batch = writer.batch({0, 1});
    writer.start(batch, 0);
    world.proxy.cut_next(Proxy::Cut::before);
    const auto result = world.store->commit(batch);
    CHECK(name(result) == "unknown");
    CHECK_THAT(why(result), Catch::Contains("connection broke"));
    CHECK(world.store->outcome(batch) == ports::Outcome::absent);
    writer.commit(batch);
    CHECK(world.store->outcome(batch) == ports::Outcome::committed);
    CHECK(require_whole(*world.direct) == 2);
}

TEST_CASE("a commit whose connection breaks after it was done is committed, and cannot be done again") {
    World world;
    Writer writer{*world.store};
    warm_up(writer);

    auto batch = writer.batch();
    writer.start(batch);
    world.proxy.cut_next(Proxy::Cut::after);
    CHECK(name(world.store->commit(batch)) == "unknown");
    CHECK(world.store->outcome(batch) == ports::Outcome::committed);
    CHECK(name(world.store->commit(batch)) == "fenced");
    CHECK(require_whole(*world.direct) == 2);
}

TEST_CASE("a backend that waits for the rest of a commit is ended, and holds nobody up") {
    World world;
    Writer writer{*world.store};
    warm_up(writer);

    auto batch = writer.batch();
    const auto key = writer.start(batch);
    for (int n = 0; n < 100; ++n) writer.record(batch, key, every_byte());
    world.proxy.cut_next(Proxy::Cut::half);
    CHECK(name(world.store->commit(batch)) == "unknown");
    CHECK(world.store->outcome(batch) == ports::Outcome::absent);
    writer.commit(batch);
    CHECK(require_whole(*world.direct) == 102);
}

TEST_CASE("the outcome is final: what was sent before does not fit any more") {
    World world;
    Writer writer{*world.store};
    auto batch = writer.batch();
    writer.start(batch);
    // Another store of the same lease asks: the numbers that this one knows are old now.
    CHECK(world.direct->outcome(batch) == ports::Outcome::absent);
    const auto settled = [&] {
        const auto schema = world.schema.connection();
        const auto at = schema.find("search_path=") + 12;
        return world.server.sql("select settled from " + schema.substr(at, schema.find('\'', at) - at) + ".bucket where id = 0").at(0);
    };
    CHECK(settled() == "1");
    writer.commit(batch);   // a new attempt looks, and goes on
    CHECK(world.store->outcome(batch) == ports::Outcome::committed);
    CHECK(settled() == "2");
    CHECK(require_whole(*world.direct) == 1);
}

TEST_CASE("pg_terminate_backend in the middle of a commit") {
    World world;
    Writer writer{*world.store};
    warm_up(writer);

    const auto schema = world.schema.connection();
    const auto at = schema.find("search_path=") + 12;
    const std::string bucket = schema.substr(at, schema.find('\'', at) - at) + ".bucket";
    auto batch = writer.batch();
    writer.start(batch);
    Server& server = world.server;
    std::jthread holder{[&] {   // has the bucket's row until it is ended
        try {
            server.sql("begin; select 1 from " + bucket + " where id = 0 for update; select pg_sleep(600)");
        } catch (const std::runtime_error&) {}
    }};
    const std::string sleeping = " from pg_stat_activity where wait_event = 'PgSleep'";
    wait_until([&] { return server.sql("select count(*)" + sleeping).at(0) == "1"; });
    std::jthread administrator{[&] {
        std::vector<std::string> pids;
        while (pids.empty()) pids = server.sql("select pid from pg_stat_activity where wait_event_type = 'Lock' and application_name like 'kontor %'");
        server.sql("select pg_terminate_backend(" + pids.at(0) + ")");
    }};
    CHECK(name(world.store->commit(batch)) == "unknown");
    administrator.join();
    server.sql("select pg_terminate_backend(pid)" + sleeping);
    holder.join();
    CHECK(world.store->outcome(batch) == ports::Outcome::absent);
    writer.commit(batch);
    CHECK(require_whole(*world.direct) == 2);
}

TEST_CASE("a read whose connection breaks is done again, and says so while the server is away") {
    World world;
    Writer writer{*world.store};
    auto batch = writer.batch();
    const auto key = writer.start(batch);
    writer.commit(batch);
    CHECK(world.store->instance(key));

    world.proxy.cut_next(Proxy::Cut::before);
    CHECK(world.store->instance(key));
    world.proxy.cut_next(Proxy::Cut::after);
    CHECK(world.store->instance(key));

    world.proxy.let_in(false);
    world.proxy.cut_next(Proxy::Cut::before);
    try {
        (void)world.store->instance(key);
        FAIL("nobody noticed");
    } catch (const Error& error) {
        CHECK(error.code() == Code::unavailable);
        CHECK_THAT(error.what(), Catch::Contains("no connection; is the server running there") && !Catch::Contains("\t"));
    }
    world.proxy.let_in(true);
    wait_until([&] {   // pauses between attempts end within a second
        try {
            return world.store->instance(key).has_value();
        } catch (const Error&) {
            return false;
        }
    });
}
