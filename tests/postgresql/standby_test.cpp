// What a store does when a standby takes over from its server.
#include "postgresql/patient_opening.hpp"
#include "postgresql/proxy.hpp"
#include "postgresql_server/server.hpp"
#include "store/postgresql/open_postgresql.hpp"
#include "store_suite/world.hpp"

#include <kontor/error.hpp>

#include <catch2/catch.hpp>

#include <chrono>
#include <optional>
#include <thread>

#include <poll.h>

using namespace kontor;
using namespace kontor::test;

namespace {

using namespace std::chrono_literals;
using Catch::Contains;

template <class Condition>
void wait_until(const Condition& condition) {
    for (const auto end = std::chrono::steady_clock::now() + 30s; !condition();) {
        REQUIRE(std::chrono::steady_clock::now() < end);
        ::poll(nullptr, 0, 5);
    }
}

/// Of what waits for a standby.
const std::string waiting_for_standby = " from pg_stat_activity where wait_event = 'SyncRep'";

void wait_until_one_waits(Server& primary) {
    wait_until([&] { return primary.sql("select count(*)" + waiting_for_standby).at(0) == "1"; });
}

/// A commit whose standby does not answer.
class WaitingCommit {
public:
    WaitingCommit(Server& primary, ports::Store& store, const ports::Batch& batch) : thread_{[&] { result_ = store.commit(batch); }} {
        wait_until_one_waits(primary);
    }
    /// Waits.
    const ports::CommitResult& result() {
        if (thread_.joinable()) thread_.join();
        return result_;
    }

private:
    ports::CommitResult result_{};
    std::jthread thread_;
};

/// A primary with a standby, and a store that knows both.
struct World {
    explicit World(bool waits = true) {
        if (waits) primary.wait_for_standby(true);
    }
    /// The primary is gone, and the standby takes its place.
    void fail_over() {
        primary.crash();
        standby.promote();
    }
    [[nodiscard]] std::unique_ptr<ports::Store> open(store::Options options = {}) const { return store::open_postgresql(url(), options); }
    [[nodiscard]] std::string url() const { return primary.url_with(standby); }

    Server primary;
    Server standby{Server::Standby{primary}};
};

/// Until the store has found its server again.
ports::Outcome outcome(ports::Store& store, const ports::Batch& batch) {
    std::optional<ports::Outcome> found;
    wait_until([&] {
        try {
            found = store.outcome(batch);
        } catch (const Error& error) {
            REQUIRE(error.code() == Code::unavailable);
        }
        return found.has_value();
    });
    return *found;
}

void commit(Writer& writer, const ports::Batch& batch) {
    wait_until([&] {
        const auto result = writer.try_commit(batch);
        INFO(why(result));
        REQUIRE((name(result) == "committed" || name(result) == "unavailable"));
        return name(result) == "committed";
    });
}

std::string refusal(const std::function<void()>& work) {
    try {
        work();
    } catch (const Error& error) {
        CHECK(error.code() == Code::unavailable);
        return error.what();
    }
    return "nothing was refused";
}

/// Afterwards statements are prepared and the partition is there: the next commit is one way to the server.
void warm_up(Writer& writer) {
    auto batch = writer.batch();
    writer.start(batch);
    writer.commit(batch);
}

ports::Batch next(Writer& writer) {
    auto batch = writer.batch();
    writer.start(batch);
    return batch;
}

}  // namespace

TEST_CASE("a commit whose answer was lost when its server crashed is found on the standby that took over", "[.][standby]") {
    World world;
    std::optional<Proxy> proxy{std::in_place, world.primary.port()};
    const auto store = store::open_postgresql("postgresql://kontor@127.0.0.1:" + std::to_string(proxy->port()) + ",127.0.0.1:" +
                                                  std::to_string(world.standby.port()) + "/kontor", {.write_connections = 1});
    Writer writer{*store};
    warm_up(writer);
    const auto batch = next(writer);
    proxy->cut_next(Proxy::Cut::after);
    CHECK(name(store->commit(batch)) == "unknown");
    proxy.reset();
    world.fail_over();
    CHECK(outcome(*store, batch) == ports::Outcome::committed);
    CHECK(name(store->commit(batch)) == "fenced");
    CHECK(require_whole(*store) == 2);
}

TEST_CASE("a commit that its standby did not get any more is absent there, and succeeds when it is sent again", "[.][standby]") {
    World world;
    const auto store = world.open({.write_connections = 1});
    Writer writer{*store};
    warm_up(writer);
    const auto batch = next(writer);
    world.standby.crash();
    WaitingCommit waiting{world.primary, *store, batch};
    world.primary.crash();
    CHECK(name(waiting.result()) == "unknown");
    world.standby.start();
    CHECK_THAT(refusal([&] { store->outcome(batch); }), Contains("no connection") && Contains("read-only"));
    world.standby.promote();
    CHECK(outcome(*store, batch) == ports::Outcome::absent);
    commit(writer, batch);
    CHECK(require_whole(*store) == 2);
}

TEST_CASE("a commit that was cut off while it waited for its standby is not taken for one that will last", "[.][standby]") {
    World world;
    const auto store = world.open({.write_connections = 1});
    Writer writer{*store};
    warm_up(writer);
    const auto batch = next(writer);
    world.standby.crash();
    WaitingCommit waiting{world.primary, *store, batch};
    world.primary.sql("select pg_cancel_backend(pid)" + waiting_for_standby);   // as statement_timeout does
    CHECK(name(waiting.result()) == "unknown");
    CHECK_THAT(why(waiting.result()), Contains("while it waited for a standby"));

    // Nor can the question be answered before the standby is there again.
    std::string answer;
    std::jthread inquirer{[&] { answer = refusal([&] { store->outcome(batch); }); }};
    wait_until_one_waits(world.primary);
    world.primary.sql("select pg_cancel_backend(pid)" + waiting_for_standby);
    inquirer.join();
    CHECK_THAT(answer, Contains("while it waited for a standby"));
    world.standby.start();
    CHECK(outcome(*store, batch) == ports::Outcome::committed);
    world.fail_over();
    CHECK(outcome(*store, batch) == ports::Outcome::committed);
    CHECK(require_whole(*store) == 2);
}

TEST_CASE("where commits are missing that were confirmed, nothing is written any more", "[.][standby]") {
    World world{false};   // nobody waits for the standby
    world.primary.sql("create role tenant login");
    world.primary.sql("create schema tenant authorization tenant");
    for (const std::string user : {"kontor", "tenant"}) {   // who is allowed to see standbys, and who is not
        const auto warnings = store::open_postgresql(world.primary.url(user), {})->info().warnings;
        REQUIRE(warnings.size() == 1);
        CHECK_THAT(warnings[0], Contains("commits that were confirmed may be missing"));
    }
    const auto store = world.open();
    const auto beside = world.open();
    Writer writer{*store, 2};
    warm_up(writer);
    wait_until([&] { return world.primary.sql("select count(*) from pg_stat_replication where replay_lsn = pg_current_wal_lsn()").at(0) == "1"; });
    world.standby.crash();
    auto lost = next(writer);
    const auto after = next(writer);
    enum class Lost { step, message, taking };
    const auto what = GENERATE(Lost::step, Lost::message, Lost::taking);
    if (what == Lost::message) {   // without any step
        lost = writer.batch();
        lost.messages.push_back({.key = {0, "paid", "L-1", "m-1"}, .until = at(1'000'000)});
    }
    if (what == Lost::taking) CHECK(store->take(1, "node").epoch == 2);
    else writer.commit(lost);
    world.primary.crash();
    world.standby.start();
    world.standby.promote();

    const auto said = Contains("does not hold commits that were confirmed");
    const bool tells = what != Lost::message;
    std::string found;
    wait_until([&] {   // by telling that it is there, or by a commit
        found = tells ? refusal([&] { store->renew({"node", false}, 10s); }) : why(store->commit(after));
        return found.find("confirmed") != found.npos;
    });
    CHECK_THAT(found, said);
    CHECK_THAT(why(store->commit(lost)), said);
    CHECK_THAT(refusal([&] { store->take(0, "node"); }), said);
    CHECK(store->next_sequence(0) == 2);   // it can be read

    // An engine that has lost nothing itself, one that starts, and one that starts after somebody has looked after the store.
    wait_until([&] {
        const auto why = refusal([&] { beside->renew({"other", false}, 10s); });
        return why.find("does not hold commits that were confirmed") != why.npos;
    });
    CHECK_THROWS_WITH(world.open(), said);
    world.open({.restored = true})->accept_restored();
    const auto fresh = world.open();
    Writer again{*fresh, 1, "again"};
    warm_up(again);
    CHECK_THAT(why(store->commit(lost)), said);
}

TEST_CASE("a server that was replaced and comes back by itself is not written to by whoever has been at its successor", "[.][standby]") {
    World world;
    const auto store = world.open();
    Writer writer{*store};
    warm_up(writer);
    CHECK(store->next_sequence(0) == 2);   // a connection for reads is there too
    world.primary.wait_for_standby(false);
    world.standby.promote();   // and the old primary goes on

    world.primary.crash();
    commit(writer, next(writer));
    const auto batch = next(writer);
    world.primary.start();   // the first in the address again
    world.standby.sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'kontor %'");
    std::string result;
    wait_until([&] { return (result = why(writer.try_commit(batch))).find("timeline") != result.npos; });
    CHECK_THAT(result, Contains("at timeline 1") && Contains("one of timeline 2"));
    CHECK_THAT(refusal([&] { (void)store->next_sequence(0); }), Contains("another server has taken over from it"));
    world.primary.crash();   // as an operator does
    commit(writer, batch);
    CHECK(require_whole(*store) == 3);
}

TEST_CASE("an engine reads at the primary alone, a tool that only reads anywhere", "[.][standby]") {
    World world;
    const auto owner = world.open();
    CHECK(owner->info().warnings.empty());
    Writer writer{*owner};
    warm_up(writer);
    const std::string standby = world.standby.url();
    const std::string refused = refusal([&] { store::open_postgresql(standby, {}); });
    CHECK_THAT(refused, Contains("this server is a standby") && Contains("target_session_attrs=read-write"));
    wait_until([&] { return store::open_postgresql(standby, {.access = store::Access::reader})->next_sequence(0) == 2; });
    const std::string both = "postgresql://kontor@127.0.0.1:" + std::to_string(world.standby.port()) + ",127.0.0.1:" +
                             std::to_string(world.primary.port()) + "/kontor";
    const auto store = store::open_postgresql(both, {});
    CHECK(store->next_sequence(0) == 2);
    CHECK_THAT(refusal([&] { store::open_postgresql(both + "?target_session_attrs=any", {}); }), Contains("this server is a standby"));
}

TEST_CASE("who opens a store waits for a server that starts, for a while", "[.][standby]") {
    Server primary;
    Server starting{Server::Standby{.of = primary, .lets_in = false}};
    CHECK_THAT(refusal([&] { store::open_postgresql(starting.url(), {.patience = 0ms}); }), Contains("it lets nobody in before it is ready"));
    PatientOpening opening{starting.url()};
    const int before = starting.logged("not accepting connections");
    wait_until([&] { return starting.logged("not accepting connections") > before + 2; });
    starting.promote();
    CHECK(opening.result() == store::open_postgresql(starting.url(), {})->info().id);
}

TEST_CASE("who opens a store by several hosts waits for a standby that is about to take over, for a while", "[.][standby]") {
    World world;
    world.primary.crash();
    CHECK_THAT(refusal([&] { (void)world.open({.patience = 0ms}); }), Contains("Connection refused") && Contains("read-only"));
    PatientOpening opening{world.url()};
    world.standby.promote();
    CHECK(opening.result() == world.open()->info().id);
}
