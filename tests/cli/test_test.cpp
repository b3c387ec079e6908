/// `test`: process tests of a folder.
#include "cli/program.hpp"

#include <catch2/catch.hpp>

using namespace kontor::cli::test;
using kontor::Value;
using kontor::Variables;
using Catch::Matchers::Contains;

namespace {

const std::string process = "kontor: 1\nprocess: p\nflow:\n  - startEvent: a\n  - userTask: wait\n    boundaryEvents:\n      - id: late\n        timer: P1D\n"
                            "        next: never\n  - endEvent: done\npaths:\n  x:\n    - endEvent: never\n";
const std::string good = "kontor: 1\ntest: p\ncases:\n  - case: <it> goes \"well\"\n    steps:\n      - start: {}\n      - complete: wait\n        by: ana\n"
                         "      - ends: done\n";
const std::string bad = good + "  - case: it does not\n    steps:\n      - start: {}\n      - ends: done\n";

struct Bench {
    Folder folder;
    Bench() { folder.file("p.yaml", process); }
    Ran run(const std::string& tests, std::vector<std::string> more = {}) const {
        folder.file("p.test.yaml", tests);
        std::vector<std::string> words{"test", folder.path()};
        words.insert(words.end(), more.begin(), more.end());
        return call(words);
    }
};

}  // namespace

SCENARIO("the ready-made processes pass their tests, and every element and flow is reached") {
    const Ran ran = call({"test", "workflows", "--coverage", "--json"});
    INFO(ran.out.substr(0, 4000) << ran.err);
    CHECK(ran.exit == 0);
    const Variables report = ran.json();
    CHECK(report.at("failed") == Value{0});
    for (const Value& one : report.at("coverage").as<kontor::List>())
        for (const char* what : {"elements", "flows"})
            CHECK(one.as<Variables>().at(what).as<Variables>().at("missed").as<kontor::List>().empty());
}

SCENARIO("a failure says step, expected, found and path, with its place") {
    const Bench bench;
    CHECK(bench.run(good).exit == 0);
    const Ran ran = bench.run(bad);
    CHECK(ran.exit == 1);
    CHECK_THAT(ran.out, Contains("  ok    <it> goes \"well\"\n  FAIL  it does not\n"));
    CHECK_THAT(ran.out, Contains("p.test.yaml:13:9: failed: ends: done\n"
                                 "        expected: the instance ends at done\n"
                                 "        found:    it ended at never\n"
                                 "        path:     late, never\n"));
    CHECK_THAT(ran.out, Contains("1 passed, 1 failed"));
}

SCENARIO("coverage, JSON and JUnit") {
    const Bench bench;
    CHECK_THAT(bench.run(good, {"--coverage"}).out, Contains("no case reached in p:\n  late\n  never\n  late -> never\n"));
    const Variables report = bench.run(bad, {"--json"}).json();
    CHECK(report.at("ok") == Value{false});
    CHECK(report.at("passed") == Value{1});
    const std::string xml = bench.folder.path("junit.xml");
    CHECK(bench.run(bad, {"--junit", xml}).exit == 1);
    CHECK_THAT(read(xml), Contains("<testcase name=\"&lt;it&gt; goes &quot;well&quot;\" classname=\"p\"") && Contains("tests=\"2\" failures=\"1\" errors=\"0\"") &&
                              Contains("<failure message=\"ends: done: expected the instance ends at done\">"));
    const Ran parsed = shell("python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' " + xml);
    CHECK(parsed.exit == 0);
    CHECK(bench.run(good, {"--junit", "/nowhere/junit.xml"}).exit == 3);
}

SCENARIO("tests that cannot run") {
    const Bench bench;
    const Ran broken = bench.run("kontor: 1\ntest: p\ncasse: []\n");
    CHECK(broken.exit == 1);
    CHECK_THAT(broken.out, Contains("p.test.yaml:3:1: error: ") && Contains("1 file with errors"));
    const Ran lost = bench.run("kontor: 1\ntest: q\ncases:\n  - case: x\n    steps:\n      - start: {}\n");
    CHECK(lost.exit == 1);
    CHECK_THAT(lost.out, Contains("there is no process q"));
    const Ran unknown = bench.run(good + "    expect:\n      never: [neverr]\n");
    CHECK(unknown.exit == 1);
    CHECK_THAT(unknown.out, Contains("there is no element `neverr` [unknown-element]\n  did you mean `never`?"));
    CHECK_THAT(bench.run("kontor: 1\ntest: p\nmocks:\n  services: { a.b: { result: 1 } }\ncases:\n  - case: x\n    steps:\n      - start: {}\n").out,
               Contains("p.test.yaml:4:20: warning: no element calls the service `a.b` [unknown-service]"));
    const Folder empty;
    CHECK(call({"test", empty.path()}).exit == 1);
    CHECK(call({"test", empty.path("none")}).exit == 3);
}
