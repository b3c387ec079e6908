#include "store/postgresql/address.hpp"
#include "store/postgresql/failure.hpp"
#include "store/postgresql/partitions.hpp"
#include "store/postgresql/sql_text.hpp"
#include "store/postgresql/sqlstate.hpp"
#include "store_suite/world.hpp"

#include <kontor/error.hpp>

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::store::postgresql;

TEST_CASE("an error code blames the batch or nobody") {
    for (const std::string state : {"22021", "22P02", "22003", "23505", "23502", "23514", "54000"}) CHECK(blame_of(state) == Blame::statement);
    for (const std::string state : {"53100", "53200", "53300", "57014", "57P01", "57P03", "25006", "40001", "40P01", "55P03", "58030",
                                    "XX001", "42501", "42P01", "26000", ""}) {
        INFO(state);
        CHECK(blame_of(state) == Blame::nobody);
    }
}

TEST_CASE("a failed commit is unknown if the connection broke, else unavailable or refused") {
    const auto answer = [](const std::string& state, bool lost) { return test::name(classify("postgresql://db", {"words", state, lost})); };
    CHECK(answer("", true) == "unknown");
    CHECK(answer("57P01", true) == "unknown");
    CHECK(answer("53100", false) == "unavailable");
    CHECK(answer("25006", false) == "unavailable");
    CHECK(answer("55P03", false) == "unavailable");
    CHECK(answer("23505", false) == "refused");
    CHECK(answer("22021", false) == "refused");
    CHECK(explain("postgresql://db", {"could not extend file", "53100", false}) ==
          "postgresql://db: the server's disk is full; nothing is lost, make room (could not extend file, SQLSTATE 53100)");
}

TEST_CASE("an address is named without its password") {
    CHECK(Address{"postgresql://bank:s3cret@db.example:5433/loans"}.name() == "postgresql://bank@db.example:5433/loans");
    CHECK(Address{"host=db dbname='the loans' password='s3 cret'"}.name() == "postgresql://db/the loans");
    CHECK(Address{"postgres://"}.name() == "postgresql://");
    const auto connection = Address{"postgresql://bank:it%27s%5C@db/loans?connect_timeout=7"}.connection(std::chrono::seconds{5});
    CHECK_THAT(connection, Catch::Contains("password='it\\'s\\\\'") && Catch::Contains("connect_timeout='7'"));
    CHECK_THAT(connection, Catch::Contains("client_encoding='UTF8'"));
    CHECK_THAT(Address{"dbname=x options='-c geqo=off'"}.in_schema("s1").connection(std::chrono::seconds{5}),
               Catch::Contains("options='-c geqo=off -c search_path=s1'"));
    for (const std::string text : {"postgresql://bank:s3cret@db:port:7/x%ZZ", "host=db s3cret", "dbname='s3cret"}) {
        try {
            const Address address{text};
            FAIL(text);
        } catch (const Error& error) {
            CHECK(error.code() == Code::bad_input);
            CHECK_THAT(error.what(), !Catch::Contains("s3cret") && Catch::Contains("postgresql://user@host:port/db"));
        }
    }
}

TEST_CASE("SQL of all stores in PostgreSQL's words") {
    CHECK(in_postgresql("where a = :a and b > :b and c < :a limit :limit") == "where a = $1 and b > $2 and c < $1 limit $3");
    CHECK(in_postgresql("{m.name = g.name} and {id = :id}") ==
          "kontor_digest(m.name) = kontor_digest(g.name) and m.name = g.name and kontor_digest(id) = kontor_digest($1) and id = $1");
    CHECK(in_postgresql("select ':' || x") == "select ':' || x");
}

TEST_CASE("a journal's partition is named after its month") {
    CHECK(partition_of(0) == "\"journal_1970_01\"");
    CHECK(partition_of(674) == "\"journal_2026_03\"");
    CHECK(partition_of(-1) == "\"journal_1969_12\"");
    CHECK(partition_of(-12) == "\"journal_1969_01\"");
}
