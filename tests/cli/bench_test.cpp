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
    for (const char* name : {"cpu_ms_per_instance", "commits", "instances_per_commit"}) CHECK(answer.get<Decimal>(name) > Decimal{0});
    CHECK(answer.get<Decimal>("database_bytes_per_instance") > Decimal{1000});
    CHECK_FALSE(answer.contains("database_cpu_ms_per_instance"));   // SQLite is part of the process
    CHECK(std::filesystem::is_empty(folder.path()));
}

SCENARIO("bench measures a fork into a hundred, timers that are due together, and messages") {
    const Folder folder;
    const auto measured = [&](const char* workload, const char* in_flight) {
        const Ran ran = call({"bench", workload, "--store", "sqlite:" + folder.path("bench.db"), "--duration", "1", "--in-flight", in_flight, "--json"});
        INFO(ran.err);
        REQUIRE(ran.exit == 0);
        CHECK(std::filesystem::is_empty(folder.path()));
        return ran.json();
    };
    const Variables parallel = measured("parallel-100", "2");
    CHECK(parallel.get<int>("journal_rows_per_instance") > 100);
    CHECK(parallel.get<Decimal>("instances_per_second") > Decimal{0});
    const Variables timers = measured("timers", "20");
    CHECK(timers.get<int>("instances") >= 20);
    CHECK(timers.get<Decimal>("late_p50_ms") >= Decimal{0});
    CHECK(timers.get<Decimal>("late_p99_ms") >= timers.get<Decimal>("late_p50_ms"));
    const Variables messages = measured("messages", "5");
    CHECK(messages.get<Decimal>("messages_per_second") > Decimal{0});
    CHECK(messages.get<Decimal>("message_p50_ms") > Decimal{0});
}

SCENARIO("bench restarts an engine on a store where many timers are due") {
    const Folder folder;
    const Ran ran = call({"bench", "parked", "--store", "sqlite:" + folder.path("bench.db"), "--instances", "300", "--due", "--json"});
    REQUIRE(ran.exit == 0);
    CHECK(ran.json().get<Decimal>("due_per_second") > Decimal{0});
}

SCENARIO("twenty thousand instances wait on disk, not in memory, and bench says how soon one goes on") {
    const Folder folder;
    const Ran ran = call({"bench", "parked", "--store", "sqlite:" + folder.path("bench.db"), "--instances", "20000", "--json"});
    REQUIRE(ran.exit == 0);
    const Variables answer = ran.json();
    for (const char* name : {"starts_per_second", "store_bytes_per_instance", "restart_seconds", "resident_mb", "message_p50_ms"})
        CHECK(answer.get<Decimal>(name) > Decimal{0});
#ifndef __SANITIZE_ADDRESS__
    CHECK(answer.get<Decimal>("resident_mb") < Decimal{100});
#endif
    CHECK(answer.get<Decimal>("restart_seconds") < Decimal{5});
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

SCENARIO("bench with several processes refuses what they cannot share, and says what they can") {
    const Folder folder;
    const Ran sqlite = call({"bench", "loan-8", "--processes", "2", "--store", "sqlite:" + folder.path("bench.db")});
    CHECK(sqlite.exit == 2);
    CHECK(sqlite.err == "kontor: error: one process owns a SQLite store, so 2 cannot share it\n"
                        "  name a PostgreSQL database: --store postgresql://user@host/db\n");
    CHECK(call({"bench", "loan-8", "--processes", "2", "--store", "memory:"}).exit == 2);
    const std::string nowhere = "postgresql://nobody@127.0.0.1:1/none";
    CHECK(call({"bench", "timers", "--processes", "2", "--store", nowhere}).exit == 2);
    CHECK(call({"bench", "loan-8", "--processes", "9", "--store", nowhere}).exit == 2);
    CHECK(call({"bench", "loan-8", "--processes", "3", "--in-flight", "2", "--store", nowhere}).exit == 2);
    CHECK(call({"bench", "loan-8", "--processes", "2", "--store", nowhere}).exit == 3);
    const std::string file = "sqlite:" + folder.path("bench.db");
    CHECK(call({"bench", "loan-8", "--processes", "1", "--store", file, "--duration", "1", "--in-flight", "5"}).exit == 0);
    CHECK(std::filesystem::is_empty(folder.path()));
}
