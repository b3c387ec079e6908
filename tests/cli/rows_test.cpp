/// `run --each`: one instance for every row.
#include "cli/program.hpp"

#include <catch2/catch.hpp>

using namespace kontor::cli::test;
using kontor::Value;
using kontor::Variables;
using Catch::Matchers::Contains;

namespace {

const std::string loan = R"(kontor: 1
process: loan
variables:
  client: { type: string, required: true }
  amount: { type: number, default: 50 }
  code:   { type: string }
flow:
  - startEvent: asked
  - exclusiveGateway: decided
    branches:
      - if: = amount > 100
        next: refused
      - default: true
  - endEvent: granted
paths:
  no:
    - endEvent: refused
)";

struct Bench {
    Folder folder;
    std::string process = folder.file("loan.yaml", loan);

    Ran run(const std::string& csv, std::vector<std::string> more = {}) const {
        std::vector<std::string> words{"run", process, "--each", folder.file("rows.csv", csv)};
        words.insert(words.end(), more.begin(), more.end());
        return call(words);
    }
    Variables row(const std::string& csv) const {
        const auto lines = run(csv, {"--json"}).json_lines();
        REQUIRE(lines.size() == 2);
        return lines.front().at("variables").as<Variables>();
    }
    std::string refused(const std::string& csv) const {
        const Ran ran = run(csv);
        CHECK(ran.exit == 2);
        CHECK(ran.out.empty());
        return ran.err;
    }
};

}  // namespace

SCENARIO("a table of ends, and one against a column") {
    const Ran ran = Bench{}.run("client,amount,repaid\nA,5,good\nB,500,bad\nC,7,bad\n", {"--compare", "repaid"});
    CHECK(ran.exit == 0);
    CHECK(ran.err.empty());
    CHECK_THAT(ran.out, Contains("3 instances in ") && Contains("granted                            2    66.7 %\n"));
    CHECK_THAT(ran.out, Contains("repaid   granted   refused\n  bad            1         1\n  good           1         0\n"));
}

SCENARIO("a JSON line for every row and a summary") {
    const auto lines = Bench{}.run("client,amount,repaid\nA,5,good\nB,500,bad\n", {"--compare", "repaid", "--json"}).json_lines();
    REQUIRE(lines.size() == 3);
    CHECK(lines[0].at("row") == Value{1});
    CHECK(lines[1].at("endEvent") == Value{"refused"});
    CHECK(lines[2].at("event") == Value{"summary"});
    CHECK(lines[2].at("instances") == Value{2});
    CHECK(lines[2].at("incidents") == Value{0});
    CHECK(lines[2].at("ended") == Value{Variables{{"granted", 1}, {"refused", 1}}});
    CHECK(lines[2].at("compare").as<Variables>().at("counts").as<Variables>().at("bad") == Value{Variables{{"refused", 1}}});
}

SCENARIO("cells become what the variable is declared as") {
    const Bench bench;
    CHECK(bench.row("client,amount,code\nA,1.50,007\n") == Variables{{"client", "A"}, {"amount", kontor::Decimal::parse("1.50")}, {"code", "007"}});
    CHECK(bench.row("client,amount\n\"12\",\"7\"\n") == Variables{{"client", "12"}, {"amount", 7}});
    // An empty cell leaves the default; a column that nobody declares is left out.
    CHECK(bench.row("client,amount,shoe size\nA,,44\n") == Variables{{"client", "A"}, {"amount", 50}});
    CHECK(bench.row("\xEF\xBB\xBF" "client\r\n\"Zoë, \"\"Z\"\"\nand sons\"\r\n") == Variables{{"client", "Zoë, \"Z\"\nand sons"}, {"amount", 50}});
}

SCENARIO("a row that is refused is counted and told, and the others go on") {
    const Ran ran = Bench{}.run("client,amount\nA,lots\n,5\nB,5\n");
    CHECK(ran.exit == 1);
    CHECK_THAT(ran.out, Contains("3 instances") && Contains("granted                            1") && Contains("refused                            2"));
    CHECK_THAT(ran.out, Contains("1 times: ") && Contains("needs the variable client"));
}

SCENARIO("CSV files that cannot be read") {
    const Bench bench;
    CHECK_THAT(bench.refused(""), Contains("rows.csv:1: the file is empty"));
    CHECK_THAT(bench.refused("client,amount\nA\n"), Contains("rows.csv:2: there are 1 cells for 2 columns"));
    CHECK_THAT(bench.refused("client,amount\nA,1,2\n"), Contains("rows.csv:2: there are 3 cells for 2 columns"));
    CHECK_THAT(bench.refused("client,client\nA,1\n"), Contains("two columns named client"));
    CHECK_THAT(bench.refused("client,\nA,1\n"), Contains("column 2 has no name"));
    CHECK_THAT(bench.refused("client\nA\n\"B\n"), Contains("rows.csv:3: a quoted cell that begins here is never closed"));
    CHECK_THAT(bench.refused("client\n\"A\"B\n"), Contains("rows.csv:2: text stands behind a closing quote"));
    CHECK(call({"run", bench.process, "--each", "nothing.csv"}).exit == 3);
    const Ran column = bench.run("client\nA\n", {"--compare", "clint"});
    CHECK(column.exit == 2);
    CHECK_THAT(column.err, Contains("has no column clint") && Contains("did you mean `client`?"));
    CHECK(bench.run("client\n").exit == 0);
}

SCENARIO("the progress bar goes to the standard error and only when wanted") {
    const Bench bench;
    CHECK(bench.run("client\nA\n").err.empty());
    const Ran ran = bench.run("client\nA\nB\n", {"--progress"});
    CHECK_THAT(ran.err, Contains("2 of 2"));
    CHECK(ran.out.find("of 2") == std::string::npos);
}

SCENARIO("a thousand applicants take seconds") {
    const Ran ran = call({"run", "workflows/consumer-credit/consumer-credit.yaml", "--each", "examples/data/german-credit.csv", "--mock",
                          "workflows/consumer-credit/consumer-credit.mock.yaml", "--compare", "repaid", "--json"});
    CHECK(ran.exit == 0);
    const auto lines = ran.json_lines();
    REQUIRE(lines.size() == 1001);
    CHECK(lines.back().at("instances") == Value{1000});
    CHECK(lines.back().at("incidents") == Value{0});
    CHECK(lines.back().at("seconds").as<kontor::Decimal>() < kontor::Decimal{20});   // far less; sanitizers are slow
}
