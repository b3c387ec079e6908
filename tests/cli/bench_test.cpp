#include "cli/program.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::cli::test;

SCENARIO("bench measures a workload on a store of its own, and leaves nothing behind") {
    const Folder folder;
    const Ran ran = call({"bench", "loan-8", "--store", "sqlite:" + folder.path("bench.db"), "--duration", "1", "--in-flight", "20", "--limit", "--json"});
    REQUIRE(ran.exit == 0);
    const Variables answer = ran.json();
    CHECK(answer.get<Decimal>("instances_per_second") > Decimal{0});
    CHECK(answer.get<Decimal>("ratio") > Decimal{0});
    CHECK(answer.get<int>("journal_rows_per_instance") >= 9);
    CHECK(std::filesystem::is_empty(folder.path()));
}

SCENARIO("bench measures what waiting instances cost, and how soon one goes on") {
    const Folder folder;
    const Ran ran = call({"bench", "parked", "--store", "sqlite:" + folder.path("bench.db"), "--instances", "600", "--json"});
    REQUIRE(ran.exit == 0);
    const Variables answer = ran.json();
    for (const char* name : {"starts_per_second", "store_bytes_per_instance", "restart_seconds", "resident_mb", "message_p50_ms"})
        CHECK(answer.get<Decimal>(name) > Decimal{0});
    CHECK(std::filesystem::is_empty(folder.path()));
    CHECK(call({"bench", "parked", "--store", "memory:"}).exit == 2);
}

SCENARIO("bench refuses a workload that it does not know, and a store that exists") {
    const Folder folder;
    CHECK(call({"bench", "loan-9", "--store", "memory:"}).exit == 2);
    CHECK(call({"bench", "loan-8", "--store", "sqlite:" + folder.file("mine.db", "mine")}).exit == 2);
    CHECK(call({"bench", "loan-8", "--store", "memory:", "--in-flight", "0"}).exit == 2);
    CHECK(read(folder.path("mine.db")) == "mine");
}
