#include "postgresql_server/server.hpp"
#include "store/open.hpp"
#include "store/postgresql/open_postgresql.hpp"
#include "store_suite/stores.hpp"
#include "value/json.hpp"

#include <kontor/kontor.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <sys/wait.h>

using namespace kontor::test;

namespace {

struct Ran {
    int exit = 0;
    std::string text;
};

/// `kontor` with what it prints, errors included.
Ran kontor_command(const std::string& arguments) {
    FILE* pipe = ::popen((KONTOR_BINARY " " + arguments + " 2>&1 </dev/null").c_str(), "r");
    REQUIRE(pipe);
    Ran ran;
    std::array<char, 4096> buffer{};
    for (std::size_t count; (count = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) ran.text.append(buffer.data(), count);
    const int status = ::pclose(pipe);
    ran.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    return ran;
}

constexpr const char* process = R"(kontor: 1
process: review
flow:
  - startEvent: placed
  - userTask: look
    candidateGroups: [sales]
  - endEvent: done
)";

}  // namespace

TEST_CASE("the command line works on a PostgreSQL store") {
    Server& server = Server::instance();
    server.sql("create database shop");
    const std::string store = " --store postgresql://kontor:s3cret@127.0.0.1:" + std::to_string(server.port()) + "/shop";
    const Folder folder;
    std::ofstream{folder.path("review.yaml")} << process;

    const Ran early = kontor_command("list" + store);
    CHECK(early.exit == 3);
    CHECK_THAT(early.text, Catch::Contains("holds no store of Kontor") && !Catch::Contains("s3cret"));
    CHECK(kontor_command("deploy " + folder.path("review.yaml") + store).exit == 0);
    const Ran started = kontor_command("start review --key R-1" + store);
    INFO(started.text);
    CHECK(started.exit == 0);
    CHECK_THAT(kontor_command("tasks --group sales" + store).text, Catch::Contains("look"));
    CHECK_THAT(kontor_command("list" + store).text, Catch::Contains("R-1"));
    CHECK(kontor_command("store check" + store).exit == 0);
    CHECK(kontor_command("audit verify" + store).exit == 0);
    {
        // Beside an engine that runs, a tool takes nothing away from it: what it wants travels there.
        kontor::Engine engine{{.store = kontor::store_at(store.substr(store.find("postgresql:")))}};
        engine.run();
        const Ran beside = kontor_command("start review --key R-2" + store);
        INFO(beside.text);
        CHECK(beside.exit == 0);
        const auto key = engine.instances({.business_key = "R-2"}).items.at(0).key;
        CHECK(kontor_command("cancel " + key.str() + " --by anna --reason enough" + store).exit == 0);
        CHECK(engine.wait_for(key, std::chrono::seconds{20}));
        CHECK(kontor_command("cancel " + key.str() + " --by anna --reason enough" + store).exit == 1);
        CHECK(engine.health().ready);
    }
    server.sql("drop database shop", "postgres");
}

TEST_CASE("a measurement leaves nothing in the database") {
    Server& server = Server::instance();
    const Ran ran = kontor_command("bench loan-8 --duration 1 --in-flight 20 --limit --json --store " + server.url());
    INFO(ran.text);
    CHECK(ran.exit == 0);
    CHECK_THAT(ran.text, Catch::Contains("\"ratio\""));
    CHECK(server.sql("select nspname from pg_namespace where nspname like 'kontor%'").empty());
}

TEST_CASE("twenty thousand instances wait in the database, not in memory") {
    const Ran ran = kontor_command("bench parked --instances 20000 --json --store " + Server::instance().url());
    INFO(ran.text);
    REQUIRE(ran.exit == 0);
    const auto measured = kontor::json::parse(ran.text).as<kontor::Variables>();
#ifndef __SANITIZE_ADDRESS__
    CHECK(measured.get<kontor::Decimal>("resident_mb") < kontor::Decimal{100});
#endif
    CHECK(measured.get<kontor::Decimal>("restart_seconds") < kontor::Decimal{5});
}

TEST_CASE("a store that is loaded from a dump is a copy: no engine runs on it until it has been looked after") {
    Server& server = Server::instance();
    server.sql("create database original");
    server.sql("create database copy");
    const std::string address = "postgresql://kontor@127.0.0.1:" + std::to_string(server.port());
    const std::string original = " --store " + address + "/original", copy = " --store " + address + "/copy";
    const Folder folder;
    std::ofstream{folder.path("review.yaml")} << process;
    REQUIRE(kontor_command("deploy " + folder.path("review.yaml") + original).exit == 0);
    REQUIRE(kontor_command("start review --key R-1" + original).exit == 0);
    const std::string programs = server.programs().string();
    REQUIRE(std::system(("'" + programs + "/pg_dump' " + address + "/original | '" + programs + "/psql' -q " + address + "/copy >/dev/null").c_str()) == 0);

    CHECK(kontor_command("start review --key R-2" + original).exit == 0);   // the original goes on
    CHECK(kontor_command("list" + copy).exit == 0);
    const Ran refused = kontor_command("start review --key R-3" + copy);
    CHECK(refused.exit == 3);
    CHECK_THAT(refused.text, Catch::Contains("was loaded from a dump") && Catch::Contains("kontor store restored"));

    SECTION("after a restore its instances wait for a person, and keys are new") {
        const Ran restored = kontor_command("store restored --json" + copy);
        CHECK_THAT(restored.text, Catch::Contains("{\"halted\":1,"));
        CHECK_THAT(kontor_command("incidents --kind restored" + copy).text, Catch::Contains("the store was restored from a backup"));
        CHECK(kontor_command("retry --all --kind restored --by alice" + copy).exit == 0);
        CHECK(kontor_command("start review --key R-3" + copy).exit == 0);
        const auto places = server.sql("select count(*) from bucket where next_sequence > 1000000000", "copy");
        CHECK(places.at(0) == "16");
    }
    SECTION("a store that was only moved goes on as it is") {
        CHECK(kontor_command("store restored --nothing-lost" + copy).exit == 0);
        CHECK(kontor_command("start review --key R-3" + copy).exit == 0);
        CHECK_THAT(kontor_command("incidents" + copy).text, !Catch::Contains("restored"));
    }
    CHECK(kontor_command("store check" + copy).exit == 0);
    CHECK(kontor_command("audit verify" + copy).exit == 0);
    server.sql("drop database copy with (force)");
    server.sql("drop database original with (force)");
}
