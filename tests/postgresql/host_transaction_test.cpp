// What the host records for engines in a transaction of its own, in the PostgreSQL database that is their store.
#include "postgresql/waiting.hpp"
#include "postgresql_server/pooler.hpp"
#include "postgresql_server/server.hpp"
#include "runtime/mail/inbox.hpp"
#include "store/postgresql/open_postgresql.hpp"
#include "support/host_loan.hpp"

#include <kontor/kontor.hpp>
#include <kontor/soci.hpp>

#include <catch2/catch.hpp>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <map>
#include <mutex>

using namespace kontor;
using namespace kontor::literals;
using namespace kontor::test;
using namespace std::chrono_literals;

namespace {

/// A bank's session and the engines beside it, in one schema. Nobody calls wake().
struct Bank {
    Bank() { sql << "create table applications (id text primary key)"; }

    Engine& join() {
        auto& engine = engines.emplace_back(std::make_unique<Engine>(Options{.store = postgresql(schema.connection()),
                                                                             .services = {{"property.value",
                                                                                           [this](const ServiceCall& call) -> Answer {
                                                                                               const std::scoped_lock lock{mutex};
                                                                                               job = call.job();
                                                                                               return Later{72h};
                                                                                           }}},
                                                                             .log = [this](const LogRecord& record) { log.add(record); }}));
        if (engines.size() == 1) engine->deploy({yaml_text(host_loan, "loan.yaml")});
        engine->run();
        return *engine;
    }
    /// Each has its share of the buckets.
    void share() {
        until([&] { return number("select count(distinct node) from bucket where node <> ''") == static_cast<int>(engines.size()); });
    }

    [[nodiscard]] int number(const std::string& query) {
        int n = -1;
        sql << query, soci::into(n);
        return n;
    }
    [[nodiscard]] std::string text(const std::string& query) {
        std::string t;
        sql << query, soci::into(t);
        return t;
    }
    template <class Work>
    void in_transaction(Work work) {
        soci::transaction transaction{sql};
        work(InTransaction{sql});
        transaction.commit();
    }
    /// As an application does it: its own row, and the process.
    void submit(const std::string& id) {
        in_transaction([&](InTransaction in) {
            sql << "insert into applications (id) values (:id)", soci::use(id);
            in.start(request(id));
        });
    }
    [[nodiscard]] static StartRequest request(const std::string& id) {
        return {.process = "loan", .business_key = id, .variables = {{"id", id}}, .request_id = id};
    }
    /// Engines look into the inbox by themselves every half minute: what comes sooner came by a signal.
    InstanceKey started(const std::string& id, std::size_t engine = 0) {
        until([&] { return engines.at(engine)->started(id).has_value(); });
        return *engines.at(engine)->started(id);
    }
    void settle() {
        until([&] { return number("select count(*) from inbox") == 0; });
    }
    JobKey wait_for_job() {
        until([&] {
            const std::scoped_lock lock{mutex};
            return bool{job};
        });
        return job;
    }

    Server& server = Server::instance();
    store::ScratchSchema schema{server.url()};
    std::mutex mutex;
    JobKey job;
    Log log;
    soci::session sql{soci::postgresql, schema.connection()};
    std::vector<std::unique_ptr<Engine>> engines;
};

/// A store without engines, so that what is in the inbox stays there.
struct Shelf {
    store::ScratchSchema schema{Server::instance().url()};
    std::unique_ptr<ports::Store> store = store::open_postgresql(schema.connection(), {});
    soci::session sql{soci::postgresql, schema.connection()};
    std::vector<ports::InboxRow> rows() {
        std::vector<ports::InboxRow> all;
        for (std::uint32_t bucket = 0; bucket < store->info().buckets; ++bucket)
            for (auto& row : store->inbox(bucket, 0, 1'000)) all.push_back(std::move(row));
        return all;
    }
};

template <class Work>
Error error_of(Work work) {
    try {
        work();
    } catch (const Error& error) {
        return error;
    }
    FAIL("no error");
    std::terminate();
}

}  // namespace

SCENARIO("on PostgreSQL a start in the host's transaction happens with its commit, and engines hear of it by themselves", "[host]") {
    Bank bank;
    bank.join();
    WHEN("it commits") {
        {
            soci::transaction transaction{bank.sql};
            bank.sql << "insert into applications (id) values ('L-1')";
            CHECK(InTransaction{bank.sql}.start(Bank::request("L-1")) == "L-1");
            CHECK(bank.engines[0]->instances({}).items.empty());
            transaction.commit();
        }
        const auto key = bank.started("L-1");
        CHECK(bank.engines[0]->find(key)->business_key == "L-1");
        THEN("the same request later is the same instance") {
            const auto again = bank.engines[0]->start(Bank::request("L-1"));
            CHECK(again.duplicate);
            CHECK(again.key == key);
        }
        THEN("recorded once more it starts nothing") {
            bank.in_transaction([](InTransaction in) { in.start(Bank::request("L-1")); });
            bank.settle();
            CHECK(bank.engines[0]->instances({}).items.size() == 1);
        }
    }
    WHEN("it is rolled back") {
        {
            soci::transaction transaction{bank.sql};
            bank.sql << "insert into applications (id) values ('L-1')";
            InTransaction{bank.sql}.start(Bank::request("L-1"));
        }
        bank.submit("L-2");   // what comes after it in the inbox
        bank.started("L-2");
        THEN("nothing happens, and the host's row is gone as well") {
            CHECK_FALSE(bank.engines[0]->started("L-1"));
            CHECK(bank.engines[0]->instances({}).items.size() == 1);
            CHECK(bank.text("select id from applications") == "L-2");
        }
    }
    WHEN("it is taken back to a savepoint") {
        soci::transaction transaction{bank.sql};
        bank.sql << "savepoint before";
        InTransaction{bank.sql}.start(Bank::request("L-1"));
        bank.sql << "rollback to before";
        InTransaction{bank.sql}.start(Bank::request("L-2"));
        transaction.commit();
        bank.started("L-2");
        THEN("the rest happens") { CHECK_FALSE(bank.engines[0]->started("L-1")); }
    }
    WHEN("it is recorded twice in one transaction") {
        bank.in_transaction([](InTransaction in) {
            in.start(Bank::request("L-1"));
            in.start(Bank::request("L-1"));
        });
        bank.started("L-1");
        bank.settle();
        THEN("one instance was started") { CHECK(bank.engines[0]->instances({}).items.size() == 1); }
    }
    WHEN("the engine is away when the host commits") {
        bank.engines.clear();
        for (const char* id : {"L-1", "L-2", "L-3"}) bank.submit(id);
        CHECK(bank.number("select count(*) from inbox") == 3);
        THEN("the next one takes it up") {
            bank.join();
            for (const char* id : {"L-1", "L-2", "L-3"}) bank.started(id);
            bank.settle();
        }
    }
    WHEN("what was recorded cannot be done") {
        bank.in_transaction([](InTransaction in) {
            in.start({.process = "no-such-process"});
            in.complete(TaskKey{1U << 12}, {});
        });
        bank.settle();
        THEN("it is logged and does not stay") {
            CHECK(bank.log.has("process no-such-process is not deployed"));
            CHECK(bank.log.has("a user task that the host recorded"));
        }
    }
    WHEN("the host is behind a pooler that keeps no sessions") {
        const Pooler pooler{bank.server, "transaction"};
        soci::session pooled{soci::postgresql, "host=127.0.0.1 user=kontor dbname=kontor port=" + std::to_string(pooler.port())};
        soci::transaction transaction{pooled};
        pooled << "set local search_path = " << bank.text("select current_schema()");
        InTransaction{pooled}.start(Bank::request("L-1"));
        CHECK(once(pooled, "step-1", [] { return Variables{{"n", 1}}; }) == Variables{{"n", 1}});
        transaction.commit();
        THEN("it is all the same") { bank.started("L-1"); }
    }
    WHEN("the session is one of SOCI's pool") {
        soci::connection_pool pool{1};
        pool.at(0).open(soci::postgresql, bank.schema.connection());
        soci::session pooled{pool};
        soci::transaction transaction{pooled};
        InTransaction{pooled}.start(Bank::request("L-1"));
        transaction.commit();
        THEN("it is all the same") { bank.started("L-1"); }
    }
}

SCENARIO("of two engines that one hears of the host's commit which has the bucket", "[host]") {
    Bank bank;
    bank.join();
    bank.join();
    bank.share();
    std::vector<std::string> ids;
    for (int n = 0; n < 24; ++n) ids.push_back("L-" + std::to_string(n));
    for (const auto& id : ids) bank.submit(id);
    for (const auto& id : ids) bank.started(id, 1);
    CHECK(bank.engines[0]->instances({.limit = 100}).items.size() == ids.size());
    CHECK(bank.number("select count(distinct b.node) from instance i join bucket b on b.id = i.key >> 55") == 2);
    bank.settle();
}

SCENARIO("a start that the host recorded of a process that its engine has not heard of yet is not refused", "[host]") {
    Bank bank;
    Engine engine{{.store = postgresql(bank.schema.connection()), .records_only = true}};
    engine.run();
    Bank other;
    other.join();
    const auto store = store::open_postgresql(bank.schema.connection(), {});
    store->deploy(store::open_postgresql(other.schema.connection(), {})->deployments());   // nobody is told
    bank.submit("L-1");
    until([&] { return engine.started("L-1").has_value(); });
}

SCENARIO("on PostgreSQL a clerk's decision and a valuer's answer in the host's transaction", "[host]") {
    Bank bank;
    bank.join();
    bank.join();
    bank.share();
    const auto key = bank.engines[0]->start({.process = "loan", .variables = {{"id", "L-1"}}}).key;
    const auto task = bank.engines[0]->tasks({}).items.at(0).key;
    bank.in_transaction([&](InTransaction in) { in.complete(task, {.output = {{"ok", true}}, .by = {"alice", {"clerks"}}}); });
    const auto job = bank.wait_for_job();
    CHECK(bank.engines[1]->tasks({}).items.empty());
    bank.in_transaction([&](InTransaction in) { in.complete(job, {{"price", "300000.00"_dec}}); });
    const auto outcome = bank.engines[0]->wait_for(key, 20s);
    REQUIRE(outcome);
    CHECK(std::get<Completed>(*outcome).variables.get<Decimal>("price") == "300000"_dec);
    bank.in_transaction([&](InTransaction in) { in.complete(job, {{"price", 1}}); });
    bank.settle();
    CHECK(bank.log.has("a job that the host recorded"));
}

SCENARIO("on PostgreSQL a message in the host's transaction is delivered once", "[host]") {
    Bank bank;
    bank.join();
    const auto start = [&] { return bank.engines[0]->start({.process = "loan", .variables = {{"id", "L-1"}}}).key; };
    const auto publish = [](InTransaction in) { in.publish({.name = "withdrawn", .correlation_key = "L-1", .message_id = "m-1"}); };
    const auto first = start();
    bank.in_transaction(publish);
    const auto outcome = bank.engines[0]->wait_for(first, 20s);
    REQUIRE(outcome);
    CHECK(std::get<Completed>(*outcome).end_event == "gone");
    bank.settle();
    const auto second = start();
    bank.in_transaction(publish);
    bank.settle();
    CHECK(bank.engines[0]->find(second)->state == State::running);
}

SCENARIO("the inbox row of a host's transaction has the bytes that the engine reads, whatever the session's encoding is", "[host]") {
    Shelf shelf;
    StartRequest request{.process = "loan", .variables = {{"id", std::string{"a\0\\'b", 5}}}, .request_id = "Größe/\\x41 'q'"};
    WHEN("the session speaks UTF-8") { shelf.sql << "set client_encoding = 'UTF8'"; }
    WHEN("the session speaks Latin 1") { shelf.sql << "set client_encoding = 'LATIN1'"; }
    WHEN("the session has settings of long ago") { shelf.sql << "set standard_conforming_strings = off"; }
    InTransaction{shelf.sql}.start(request);
    const auto rows = shelf.rows();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].id == "host/start/Größe/\\x41 'q'");
    CHECK(rows[0].command == runtime::encode(runtime::HostStart{request}));
}

SCENARIO("a database without a store is refused, and so is a schema without one", "[host]") {
    Shelf with;
    const store::ScratchSchema without{Server::instance().url()};
    soci::session sql{soci::postgresql, without.connection()};
    const auto start = [&] { InTransaction{sql}.start({.process = "loan"}); };
    WHEN("the schemas that the session looks into hold none") {
        const auto error = error_of(start);
        CHECK(error.code() == Code::not_found);
        CHECK_THAT(error.what(), Catch::Contains("search_path"));
    }
    WHEN("somebody else's tables have these names") {
        sql << "create table store (city text)";
        CHECK(error_of(start).code() == Code::not_found);
        sql << "drop table store";
        sql << "create table store (id text, buckets bigint)";
        sql << "create table inbox (mail text)";
        CHECK(error_of(start).code() == Code::not_found);
    }
    WHEN("the session looks into the store's schema too") {
        std::string name;
        with.sql << "select current_schema()", soci::into(name);
        sql << "set search_path = public, " << name;
        start();
        CHECK(with.rows().size() == 1);
    }
}

SCENARIO("a host's session that cannot write is told so, and what its transaction is to do", "[host]") {
    Shelf shelf;
    const auto start = [&] { InTransaction{shelf.sql}.start({.process = "loan", .request_id = "s3cret"}); };
    const auto require_error = [&](Code code, const std::string& text) {
        const auto error = error_of(start);
        CHECK(error.code() == code);
        CHECK_THAT(error.what(), Catch::Contains(text) && !Catch::Contains("s3cret"));
    };
    WHEN("it may only read") {
        shelf.sql << "set transaction_read_only = on";
        shelf.sql << "set default_transaction_read_only = on";
        require_error(Code::unavailable, "25006");
    }
    WHEN("its transaction has failed before") {
        soci::transaction transaction{shelf.sql};
        CHECK_THROWS_AS(shelf.sql << "select 1 / 0", soci::soci_error);
        require_error(Code::unavailable, "roll back");
    }
    WHEN("rows that it has asked for are still on their way") {
        auto* handle = static_cast<soci::postgresql_session_backend*>(shelf.sql.get_backend())->conn_;
        REQUIRE(PQsendQuery(handle, "select 1") == 1);
        require_error(Code::bad_input, "fetch its rows");
        int rows = 0;
        for (PGresult* answer = PQgetResult(handle); answer; answer = PQgetResult(handle)) {
            rows += PQntuples(answer);
            PQclear(answer);
        }
        THEN("none of them is lost") { CHECK(rows == 1); }
    }
    WHEN("its connection was ended") {
        std::string pid;
        shelf.sql << "select cast(pg_backend_pid() as text)", soci::into(pid);
        Server::instance().sql("select pg_terminate_backend(" + pid + ", 10000)");
        require_error(Code::unavailable, "connection broke");
        require_error(Code::unavailable, "connection broke");
    }
    WHEN("it is closed") {
        shelf.sql.close();
        require_error(Code::bad_input, "closed");
    }
    WHEN("its user has no rights, and then those that are needed") {
        std::string schema;
        shelf.sql << "select current_schema()", soci::into(schema);
        Server::instance().sql("create role teller login");
        shelf.sql << "grant usage on schema " + schema + " to teller";
        soci::session teller{soci::postgresql, [&] {
                                 auto text = shelf.schema.connection();
                                 return text.replace(text.find("user='kontor'"), 13, "user='teller'");
                             }()};
        CHECK_THAT(error_of([&] { InTransaction{teller}.start({.process = "loan"}); }).what(), Catch::Contains("select and insert on inbox"));
        shelf.sql << "grant select on store to teller";
        shelf.sql << "grant select, insert on inbox to teller";
        InTransaction{teller}.start({.process = "loan"});
        CHECK(shelf.rows().size() == 1);
        teller.close();
        Server::instance().sql("drop owned by teller");
        Server::instance().sql("drop role teller");
    }
    WHEN("another transaction has recorded the same after this one had begun") {
        shelf.sql << "begin isolation level repeatable read";
        shelf.sql << "select 1";
        soci::session other{soci::postgresql, shelf.schema.connection()};
        InTransaction{other}.start({.process = "loan", .request_id = "s3cret"});
        require_error(Code::unavailable, "roll back and try again");
        shelf.sql << "rollback";
        start();
        CHECK(shelf.rows().size() == 1);
    }
}
