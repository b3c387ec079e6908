#include "cli/program.hpp"

#include <catch2/catch.hpp>

using namespace kontor::cli::test;
using Catch::Matchers::Contains;

TEST_CASE("files that are in order") {
    const Ran ran = call({"validate", "workflows/home-loan/home-loan.yaml", "workflows/home-loan/loan-types.yaml",
                            "workflows/home-loan/loan-eligibility.decision.yaml", "workflows/home-loan/home-loan.test.yaml",
                            "workflows/consumer-credit/consumer-credit.mock.yaml"});
    CHECK(ran.exit == 0);
    CHECK(ran.err.empty());
    CHECK_THAT(ran.out, Contains("5 files: 0 errors"));
    CHECK(call({"validate", "--json", "workflows/home-loan/home-loan.yaml"}).json().at("valid") == kontor::Value{true});
}

TEST_CASE("all that is wrong, a line each, as editors read it") {
    const Folder folder;
    const std::string file = folder.file("broken.yaml",
                                         "kontor: 1\nprocess: broken\nflow:\n  - startEvent: begin\n  - serviceTask: pay\n    servce: funds.pay\n"
                                         "  - businessRuleTask: assess\n    decision: nowhere\n  - exclusiveGateway: done\n    next: missing\n");
    const Ran ran = call({"validate", file});
    CHECK(ran.exit == 1);
    CHECK_THAT(ran.out, Contains(file + ":6:5: error: ") && Contains("[unknown-key]\n  did you mean `service`?\n"));
    CHECK_THAT(ran.out, Contains(file + ":10:11: error: ") && Contains("1 file: "));

    const auto answer = call({"validate", file, "--json"});
    CHECK(answer.exit == 1);
    CHECK(answer.json().at("valid") == kontor::Value{false});
    for (const kontor::Value& problem : answer.json().at("problems").as<kontor::List>())
        for (const char* name : {"file", "line", "column", "severity", "rule", "message", "hint"}) CHECK(problem.as<kontor::Variables>().contains(name));
}

TEST_CASE("a process whose decision is missing, or is there and wrong") {
    const Folder folder;
    const std::string file = folder.file("p.yaml",
                                         "kontor: 1\nprocess: p\nflow:\n  - startEvent: begin\n  - businessRuleTask: assess\n    decision: price\n  - endEvent: done\n");
    const Ran missing = call({"validate", file});
    CHECK(missing.exit == 1);
    CHECK_THAT(missing.out, Contains("[unknown-decision]"));
    folder.file("price.decision.yaml", "kontor: 1\ndecision: price\ninputs: {}\noutputs: {}\nrulez: 1\n");
    CHECK_THAT(call({"validate", file}).out, Contains("price.decision.yaml:5:1: error: "));
}

TEST_CASE("files that are no definitions") {
    const Ran missing = call({"validate", "nothing.yaml", "workflows/home-loan/loan-types.yaml"});
    CHECK(missing.exit == 3);
    CHECK_THAT(missing.out, Contains("nothing.yaml: error: cannot read nothing.yaml: No such file or directory [unreadable]"));
    CHECK(call({"validate", "workflows"}).exit == 3);
    const Folder folder;
    CHECK(call({"validate", folder.file("empty.yaml", "")}).exit == 1);
    CHECK(call({"validate", folder.file("binary.yaml", std::string("\0\xff\xfe\x01", 4))}).exit == 1);
    CHECK(call({"validate", folder.file("list.yaml", "- 1\n- 2\n")}).exit == 1);
    CHECK(call({"validate", folder.file("größe 1.yaml", "kontor: 1\nprocess: p\nflow:\n  - startEvent: a\n  - endEvent: b\n")}).exit == 0);
}

SCENARIO("--watch checks again when a file changes") {
    const Folder folder;
    const std::string file = folder.file("p.yaml", "kontor: 1\nprocess: p\nflow:\n  - startEvent: a\n");
    const Ran ran = shell("timeout 3 $K validate --watch " + file + " & sleep 1; echo '  - endEvent: b' >> " + file + "; wait");
    CHECK_THAT(ran.out, Contains("1 file: 1 error") && Contains("1 file: 0 errors"));
}
