// Work that is done once, in a transaction of the host on any PostgreSQL database.
#include "postgresql/waiting.hpp"
#include "postgresql_server/server.hpp"
#include "store/postgresql/open_postgresql.hpp"

#include <kontor/error.hpp>
#include <kontor/soci.hpp>
#include <kontor/value.hpp>

#include <catch2/catch.hpp>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <atomic>
#include <future>
#include <latch>
#include <random>

using namespace kontor;
using namespace kontor::literals;
using namespace kontor::test;

namespace {

/// A schema without a store.
struct Ledger {
    Ledger() { sql << "create table entries (id text)"; }
    [[nodiscard]] soci::session session() const { return soci::session{soci::postgresql, schema.connection()}; }
    [[nodiscard]] int count(const std::string& table) {
        int rows = -1;
        sql << "select count(*) from " << table, soci::into(rows);
        return rows;
    }
    static Variables reserve(soci::session& sql) {
        sql << "insert into entries (id) values ('reserved')";
        return {{"reservation", std::string{"R\0-1", 4}}, {"fee", "2025.00"_dec}};
    }
    static Variables reserve_once(soci::session& sql, std::string_view key = "step-1") {
        return once(sql, key, [&] { return reserve(sql); });
    }
    [[nodiscard]] static bool somebody_waits() {
        return Server::instance().sql("select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%kontor_once%'").size() == 1;
    }

    store::ScratchSchema schema{Server::instance().url()};
    soci::session sql{soci::postgresql, schema.connection()};
};

template <class Work>
Code code_of(Work work) {
    try {
        work();
    } catch (const Error& error) {
        return error.code();
    }
    return Code::ok;
}

}  // namespace

SCENARIO("on PostgreSQL work under a key is done once", "[host]") {
    Ledger ledger;
    WHEN("it is repeated after its commit") {
        Variables results[2];
        for (auto& result : results) {
            soci::transaction transaction{ledger.sql};
            result = Ledger::reserve_once(ledger.sql);
            transaction.commit();
        }
        THEN("the second time it gets the first result") {
            CHECK(ledger.count("entries") == 1);
            CHECK(results[0] == results[1]);
            CHECK(results[1].get<std::string>("reservation") == std::string{"R\0-1", 4});
            CHECK(results[1].get<Decimal>("fee").str() == "2025.00");
        }
    }
    WHEN("it is repeated in the same transaction, beside another") {
        soci::transaction transaction{ledger.sql};
        const auto first = Ledger::reserve_once(ledger.sql);
        Ledger::reserve_once(ledger.sql, "step-2");
        CHECK(Ledger::reserve_once(ledger.sql) == first);
        transaction.commit();
        CHECK(ledger.count("entries") == 2);
    }
    WHEN("its transaction is rolled back") {
        {
            soci::transaction transaction{ledger.sql};
            Ledger::reserve_once(ledger.sql);
        }
        soci::transaction transaction{ledger.sql};
        Ledger::reserve_once(ledger.sql);
        transaction.commit();
        THEN("it is done again, and its effect is there once") {
            CHECK(ledger.count("entries") == 1);
            CHECK(ledger.count("kontor_once") == 1);
        }
    }
    WHEN("it throws") {
        soci::transaction transaction{ledger.sql};
        CHECK_THROWS_AS(once(ledger.sql, "step-1", []() -> Variables { throw BusinessError{"LIMIT_EXCEEDED"}; }), BusinessError);
        transaction.rollback();
        THEN("nothing is remembered") {
            soci::transaction again{ledger.sql};
            Ledger::reserve_once(ledger.sql);
            again.commit();
            CHECK(ledger.count("entries") == 1);
        }
    }
    WHEN("there is no transaction") {
        THEN("it is refused") {
            CHECK(code_of([&] { Ledger::reserve_once(ledger.sql); }) == Code::bad_input);
            CHECK(ledger.count("entries") == 0);
        }
    }
    WHEN("the transaction has failed before") {
        soci::transaction transaction{ledger.sql};
        CHECK_THROWS_AS(ledger.sql << "select 1 / 0", soci::soci_error);
        THEN("it is refused") { CHECK(code_of([&] { Ledger::reserve_once(ledger.sql); }) == Code::unavailable); }
    }
    WHEN("a statement of the work fails and the work says nothing") {
        soci::transaction transaction{ledger.sql};
        const auto careless = [&]() -> Variables {
            try {
                ledger.sql << "select 1 / 0";
            } catch (const soci::soci_error&) {}
            return {};
        };
        THEN("the server has given the transaction up") { CHECK(code_of([&] { once(ledger.sql, "step-1", careless); }) == Code::unavailable); }
    }
    WHEN("the work ends the transaction") {
        ledger.sql.begin();
        const auto hasty = [&]() -> Variables {
            ledger.sql.commit();
            return {};
        };
        THEN("it is refused, and nothing is taken for its result") {
            CHECK(code_of([&] { once(ledger.sql, "step-1", hasty); }) == Code::bad_input);
            ledger.sql.begin();
            CHECK(code_of([&] { Ledger::reserve_once(ledger.sql); }) == Code::unavailable);
            ledger.sql.rollback();
        }
    }
    WHEN("its result is large and its key is not of ASCII") {
        const Variables large{{"text", std::string(3'000'000, 'x')}};
        for (int n = 0; n < 2; ++n) {
            soci::transaction transaction{ledger.sql};
            ledger.sql << "set local client_encoding = 'LATIN1'";
            CHECK(once(ledger.sql, "Größe", [&] { return large; }) == large);
            transaction.commit();
        }
        std::string key;
        ledger.sql << "select key from kontor_once", soci::into(key);
        CHECK(key == "Größe");
    }
    WHEN("the key is one that the database cannot hold") {
        soci::transaction transaction{ledger.sql};
        std::string key(20'000, ' ');
        std::mt19937 random{1};   // that the server cannot make smaller
        for (char& c : key) c = static_cast<char>('!' + random() % 90);
        CHECK(code_of([&] { Ledger::reserve_once(ledger.sql, key); }) == Code::bad_input);
    }
}

SCENARIO("two do the same work at the same time", "[host]") {
    Ledger ledger;
    {
        soci::transaction transaction{ledger.sql};   // the table is there
        Ledger::reserve_once(ledger.sql, "before");
        transaction.commit();
    }
    soci::transaction first{ledger.sql};
    const auto result = Ledger::reserve_once(ledger.sql);
    const auto begin = [&](const std::string& statement) {
        return std::async(std::launch::async, [&ledger, statement] {
            auto sql = ledger.session();
            sql << statement;
            sql << "select count(*) from entries";   // what this transaction sees begins here, if it sees one moment only
            auto answer = Ledger::reserve_once(sql);
            sql << "commit";
            return answer;
        });
    };
    WHEN("the first one commits") {
        auto second = begin("begin");
        until(&Ledger::somebody_waits);
        first.commit();
        THEN("the second has waited, and gets its result") {
            CHECK(second.get() == result);
            CHECK(ledger.count("entries") == 2);
        }
    }
    WHEN("the first one rolls back") {
        auto second = begin("begin");
        until(&Ledger::somebody_waits);
        first.rollback();
        THEN("the second does it") {
            CHECK(second.get() == result);
            CHECK(ledger.count("entries") == 2);
        }
    }
    WHEN("the first one commits, and the second sees only what was there when it began") {
        auto second = begin("begin isolation level repeatable read");
        until(&Ledger::somebody_waits);
        first.commit();
        THEN("it has to begin again") {
            try {
                second.get();
                FAIL("it has seen what it cannot see");
            } catch (const Error& error) {
                CHECK(error.code() == Code::unavailable);
                CHECK_THAT(error.what(), Catch::Contains("roll back and try again"));
            }
            soci::transaction again{ledger.sql};
            CHECK(Ledger::reserve_once(ledger.sql) == result);
        }
    }
}

SCENARIO("hosts that all find no table kontor_once make one", "[host]") {
    for (int round = 0; round < 3; ++round) {
        Ledger ledger;
        constexpr int hosts = 6;
        std::latch together{hosts};
        std::vector<std::future<Variables>> answers;
        for (int n = 0; n < hosts; ++n) answers.push_back(std::async(std::launch::async, [&, n] {
            auto sql = ledger.session();
            soci::transaction transaction{sql};
            together.arrive_and_wait();
            auto answer = Ledger::reserve_once(sql, n % 2 ? "odd" : "even");
            transaction.commit();
            return answer;
        }));
        for (auto& answer : answers) CHECK(answer.get().get<Decimal>("fee").str() == "2025.00");
        CHECK(ledger.count("kontor_once") == 2);
        CHECK(ledger.count("entries") == 2);
    }
}

SCENARIO("who finds no table kontor_once while another's is not committed waits for it", "[host]") {
    Ledger ledger;
    soci::transaction first{ledger.sql};
    Ledger::reserve_once(ledger.sql);
    auto second = std::async(std::launch::async, [&] {
        auto sql = ledger.session();
        soci::transaction transaction{sql};
        auto answer = Ledger::reserve_once(sql, "step-2");
        transaction.commit();
        return answer;
    });
    until(&Ledger::somebody_waits);
    WHEN("it commits") { first.commit(); }
    WHEN("it rolls back") { first.rollback(); }
    CHECK(second.get().get<Decimal>("fee").str() == "2025.00");
}
