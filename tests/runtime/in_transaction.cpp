// What the host records for the engine in a transaction of its own, on the same SQLite file.
#include "support/folder.hpp"
#include "support/host_loan.hpp"

#include <kontor/kontor.hpp>
#include <kontor/soci.hpp>

#include <catch2/catch.hpp>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <condition_variable>
#include <map>
#include <mutex>

using namespace kontor;
using namespace kontor::literals;
using namespace std::chrono_literals;

namespace {

/// Stands still unless it is moved; alarms ring in the thread that moves it.
class TestClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override {
        const std::scoped_lock lock{mutex_};
        return now_;
    }
    [[nodiscard]] std::shared_ptr<void> alarm(Instant when, std::function<void()> then) override {
        const std::scoped_lock lock{mutex_};
        auto ring = std::make_shared<std::function<void()>>(std::move(then));
        alarms_.emplace(when, ring);
        return ring;
    }
    void advance(Duration by) {
        std::vector<std::shared_ptr<std::function<void()>>> due;
        {
            const std::scoped_lock lock{mutex_};
            now_ += by;
            for (auto it = alarms_.begin(); it != alarms_.end() && it->first <= now_; it = alarms_.erase(it))
                if (auto ring = it->second.lock()) due.push_back(std::move(ring));
        }
        for (const auto& ring : due) (*ring)();
    }

private:
    mutable std::mutex mutex_;
    Instant now_{std::chrono::seconds{1'767'225'600}};
    std::multimap<Instant, std::weak_ptr<std::function<void()>>> alarms_;
};

struct World {
    World() {
        engine.emplace(Options{.store = sqlite(file),
                               .services = {{"property.value",
                                             [this](const ServiceCall& call) -> Answer {
                                                 const std::scoped_lock lock{mutex};
                                                 job = call.job();
                                                 called.notify_all();
                                                 return Later{72h};
                                             }}},
                               .log = [this](const LogRecord& record) { log.add(record); },
                               .clock = clock});
        engine->deploy({yaml_text(test::host_loan, "loan.yaml")});
        engine->run();
        sql.open(soci::sqlite3, "db=" + file + " timeout=10");
        sql << "create table applications (id text primary key)";
    }
    ~World() {
        engine.reset();
        sql.close();
    }

    [[nodiscard]] int count(const std::string& table) {
        int rows = 0;
        sql << "select count(*) from " << table, soci::into(rows);
        return rows;
    }
    /// As an application does it: its own row, and the process.
    std::string submit(const std::string& id, bool commit = true) {
        soci::transaction transaction{sql};
        sql << "insert into applications (id) values (:id)", soci::use(id);
        auto request = InTransaction{sql}.start({.process = "loan", .business_key = id, .variables = {{"id", id}}, .request_id = id});
        if (commit) transaction.commit();
        else transaction.rollback();
        return request;
    }
    /// Takes up what is in the inbox and waits until nothing is left.
    void settle() {
        engine->wake();
        const auto until = std::chrono::steady_clock::now() + 20s;
        while (count("inbox") > 0 && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(1ms);
        REQUIRE(count("inbox") == 0);
    }
    template <class Work>
    void in_transaction(Work work) {
        soci::transaction transaction{sql};
        work(InTransaction{sql});
        transaction.commit();
    }
    TaskKey only_task() { return engine->tasks({}).items.at(0).key; }
    JobKey wait_for_job() {
        std::unique_lock lock{mutex};
        REQUIRE(called.wait_for(lock, 20s, [this] { return bool{job}; }));
        return job;
    }

    test::Folder folder;
    std::string file = folder.path("loans.db");
    std::shared_ptr<TestClock> clock = std::make_shared<TestClock>();
    test::Log log;
    std::mutex mutex;
    std::condition_variable called;
    JobKey job;
    std::optional<Engine> engine;
    soci::session sql;
};

}  // namespace

SCENARIO("a start in the host's transaction happens with its commit") {
    World world;
    WHEN("it commits") {
        CHECK(world.submit("L-1") == "L-1");
        CHECK(world.engine->instances({}).items.empty());
        THEN("the engine takes it up when it is woken") {
            world.settle();
            const auto key = world.engine->started("L-1");
            REQUIRE(key);
            CHECK(world.engine->find(*key)->business_key == "L-1");
            AND_THEN("the same request later is the same instance") {
                const auto again = world.engine->start({.process = "loan", .business_key = "L-1", .variables = {{"id", "L-1"}}, .request_id = "L-1"});
                CHECK(again.duplicate);
                CHECK(again.key == *key);
            }
        }
        THEN("the engine finds it by itself within half a minute") {
            world.clock->advance(31s);
            const auto until = std::chrono::steady_clock::now() + 20s;
            while (!world.engine->started("L-1") && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(1ms);
            CHECK(world.engine->started("L-1"));
        }
    }
    WHEN("it is rolled back") {
        world.submit("L-1", false);
        world.settle();
        THEN("nothing happens, and the host's row is gone as well") {
            CHECK(world.engine->instances({}).items.empty());
            CHECK_FALSE(world.engine->started("L-1"));
            CHECK(world.count("applications") == 0);
        }
    }
    WHEN("a request id is recorded twice, before and after the engine took it up") {
        world.submit("L-1");
        const StartRequest same{.process = "loan", .business_key = "L-1", .variables = {{"id", "L-1"}}, .request_id = "L-1"};
        world.in_transaction([&](InTransaction in) { in.start(same); });
        CHECK(world.count("inbox") == 1);
        world.settle();
        world.in_transaction([&](InTransaction in) { in.start(same); });
        world.settle();
        THEN("one instance was started") { CHECK(world.engine->instances({}).items.size() == 1); }
    }
    WHEN("there is no request id") {
        std::string first, second;
        world.in_transaction([&](InTransaction in) {
            first = in.start({.process = "loan", .variables = {{"id", "L-1"}}});
            second = in.start({.process = "loan", .variables = {{"id", "L-1"}}});
        });
        world.settle();
        THEN("each start is new, and can be looked up by the id that was made") {
            CHECK(first != second);
            REQUIRE(world.engine->started(first));
            REQUIRE(world.engine->started(second));
            CHECK(*world.engine->started(first) != *world.engine->started(second));
        }
    }
}

SCENARIO("what the engine refuses after the host's commit is logged and does not stay") {
    World world;
    world.in_transaction([](InTransaction in) {
        in.start({.process = "no-such-process"});
        in.start({.process = "loan", .variables = {{"unknown", 1}}, .request_id = "L-bad"});
        in.complete(TaskKey{1u << 12}, {});
    });
    world.settle();
    CHECK(world.log.has("process no-such-process is not deployed"));
    CHECK(world.log.has("host/start/L-bad) is refused"));
    CHECK(world.log.has("a user task that the host recorded"));
    CHECK(world.engine->instances({}).items.empty());
}

SCENARIO("a clerk's decision and a valuer's answer in the host's transaction") {
    World world;
    const auto key = world.engine->start({.process = "loan", .variables = {{"id", "L-1"}}}).key;
    world.in_transaction([&](InTransaction in) { in.complete(world.only_task(), {.output = {{"ok", true}}, .by = {"alice", {"clerks"}}}); });
    world.settle();
    CHECK(world.engine->tasks({}).items.empty());
    const auto job = world.wait_for_job();
    world.in_transaction([&](InTransaction in) { in.complete(job, {{"price", "300000.00"_dec}}); });
    world.settle();
    const auto outcome = world.engine->wait_for(key, 20s);
    REQUIRE(outcome);
    CHECK(std::get<Completed>(*outcome).variables.get<Decimal>("price") == "300000"_dec);
    AND_WHEN("the answer is recorded again") {
        world.in_transaction([&](InTransaction in) { in.complete(job, {{"price", 1}}); });
        world.settle();
        THEN("it is refused") { CHECK(world.log.has("a job that the host recorded")); }
    }
}

SCENARIO("a message in the host's transaction is delivered once") {
    World world;
    const auto start = [&] { return world.engine->start({.process = "loan", .variables = {{"id", "L-1"}}}).key; };
    const auto first = start();
    const auto publish = [](InTransaction in) { in.publish({.name = "withdrawn", .correlation_key = "L-1", .message_id = "m-1"}); };
    world.in_transaction(publish);
    world.settle();
    const auto outcome = world.engine->wait_for(first, 20s);
    REQUIRE(outcome);
    CHECK(std::get<Completed>(*outcome).end_event == "gone");
    const auto second = start();
    world.in_transaction(publish);
    world.settle();
    CHECK(world.engine->find(second)->state == State::running);
}

SCENARIO("work under a key is done once") {
    World world;
    int done = 0;
    const auto reserve = [&] {
        ++done;
        world.sql << "insert into applications (id) values ('reserved')";
        return Variables{{"reservation", std::string{"R\0-1", 4}}, {"fee", "2025.00"_dec}};
    };
    WHEN("it is repeated after its commit") {
        Variables first, second;
        for (Variables* result : {&first, &second}) {
            soci::transaction transaction{world.sql};
            *result = once(world.sql, "step-1", reserve);
            transaction.commit();
        }
        THEN("the second time it gets the first result") {
            CHECK(done == 1);
            CHECK(first == second);
            CHECK(second.get<Decimal>("fee").str() == "2025.00");
        }
    }
    WHEN("its transaction is rolled back") {
        {
            soci::transaction transaction{world.sql};
            once(world.sql, "step-1", reserve);
        }
        soci::transaction transaction{world.sql};
        once(world.sql, "step-1", reserve);
        transaction.commit();
        THEN("it is done again, and its effect is there once") {
            CHECK(done == 2);
            CHECK(world.count("applications") == 1);
            CHECK(world.count("kontor_once") == 1);
        }
    }
    WHEN("it throws") {
        soci::transaction transaction{world.sql};
        CHECK_THROWS_AS(once(world.sql, "step-1", []() -> Variables { throw BusinessError{"LIMIT_EXCEEDED"}; }), BusinessError);
        transaction.rollback();
        THEN("nothing is remembered") { CHECK(world.count("applications") == 0); }
    }
    WHEN("there is no transaction") {
        THEN("it is refused") { CHECK_THROWS_AS(once(world.sql, "step-1", reserve), Error); }
    }
}

SCENARIO("a database without a store is refused in words") {
    soci::session sql{soci::sqlite3, ":memory:"};
    try {
        InTransaction{sql}.start({.process = "loan"});
        FAIL("recorded nowhere");
    } catch (const Error& error) {
        CHECK(error.code() == Code::not_found);
    }
}
