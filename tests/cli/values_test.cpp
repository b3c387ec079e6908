/// `feel`, `decide`, and data on the command line.
#include "cli/program.hpp"

#include <catch2/catch.hpp>

using namespace kontor::cli::test;
using kontor::Value;
using Catch::Matchers::Contains;

namespace {
const std::string eligibility = "workflows/home-loan/loan-eligibility.decision.yaml";
}

TEST_CASE("a FEEL expression") {
    CHECK(call({"feel", "0.1 + 0.2"}).out == "0.3\n");
    CHECK(call({"feel", "[1, \"é\", {a: 1.00}]"}).out == "[1, \"é\", {a: 1.00}]\n");
    CHECK(call({"feel", "loan * 2", "--context", "{\"loan\": 250000.00}"}).out == "500000.00\n");
    CHECK(call({"feel", "Monthly income - debts", "--context", "{\"Monthly income\": 10, debts: 3}"}).out == "7\n");
    CHECK(call({"feel", "-"}, "1 +\n 1").out == "2\n");
    const Ran json = call({"feel", "a + 1", "--json"});
    CHECK(json.exit == 0);
    CHECK(json.out == "{\"value\":null,\"type\":\"null\",\"warnings\":[\"1:1: no variable named a\"]}\n");
}

TEST_CASE("an expression that cannot be read is refused with its place") {
    const Ran ran = call({"feel", "1 +\n é é"});
    CHECK(ran.exit == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("EXPR:2:4: error: ") && Contains("[syntax]"));
    CHECK_THAT(call({"feel", "= 1"}).err, Contains("here leave it out"));
    CHECK_THAT(call({"feel", "x"}).err, Contains("EXPR:1:1: warning: no variable named x"));
    CHECK(call({"feel", std::string(100'000, '(')}).exit == 1);
    CHECK(call({"feel", "\xff"}).exit == 2);
}

TEST_CASE("control characters in data do not reach the terminal") {
    CHECK(call({"feel", "text", "--context", "{\"text\": \"\\u001b[2J\"}"}).out.find('\x1b') == std::string::npos);
}

TEST_CASE("data that cannot be read are wrong usage, with their place") {
    const auto wrong = [](const std::string& data) {
        const Ran ran = call({"feel", "1", "--context", data});
        CHECK(ran.exit == 2);
        CHECK(ran.out.empty());
        return ran.err;
    };
    CHECK_THAT(wrong("{\"a\": 1,}"), Contains("--context: JSON, line 1, column 9"));
    CHECK_THAT(wrong("{\"a\": [1,\n  2}"), Contains("line 2, column 4"));
    CHECK_THAT(wrong("{a: }"), Contains("--context:1:5: "));
    CHECK_THAT(wrong("{a: b}"), Contains("--context:1:5: no variable named b"));
    CHECK_THAT(wrong("[1]"), Contains("wants a context such as {\"amount\": 250000}, not a list"));
    CHECK_THAT(wrong(""), Contains("--context"));
    CHECK_THAT(wrong("{\"a\": " + std::string(10'000, '[')), Contains("--context: JSON"));

    const Folder folder;
    CHECK_THAT(wrong("@" + folder.file("data.json", "{\"a\" 1}")), Contains("data.json: JSON, line 1, column 6"));
    const Ran missing = call({"feel", "1", "--context", "@" + folder.path("none.json")});
    CHECK(missing.exit == 3);
    CHECK_THAT(missing.err, Contains("none.json: No such file or directory"));
    CHECK(call({"feel", "1", "--context", "@" + folder.path()}).exit == 3);
}

TEST_CASE("a FEEL context is as good as JSON, and a file or the standard input as good as an argument") {
    CHECK(call({"feel", "due + duration(\"P1D\")", "--context", "{\"due\": date(\"2026-03-01\")}"}).out == "date(\"2026-03-02\")\n");
    const Folder folder;
    CHECK(call({"feel", "a", "--context", "@" + folder.file("a.json", "{\"a\": \"ü\"}")}).out == "\"ü\"\n");
    CHECK(call({"feel", "a", "--context", "@-"}, "{\"a\": 7}").out == "7\n");
}

TEST_CASE("a decision") {
    const std::vector<std::string> words{"decide", eligibility, "--input", R"({"score": 735, "ltv": 0.78, "debtRatio": 0.15, "employment": "permanent"})"};
    CHECK(call(words).out == "{eligibility: \"accept\", rate: 3.10, reason: \"prime #1: full cover\"}\n");
    auto with_json = words;
    with_json.push_back("--json");
    const auto answer = call(with_json).json();
    CHECK(*answer.find("matchedRules") == Value{std::vector<Value>{5}});
    CHECK(answer.find("warnings")->as<kontor::List>().empty());
    auto explained = words;
    explained.push_back("--explain");
    CHECK_THAT(call(explained).out, Contains("rule 5 matches: score >= 720;") && Contains("  ltv = 0.78\n"));
    CHECK(call({"decide", eligibility, "--decision", "loan-eligibility", "--input", "{}"}).exit == 0);
}

TEST_CASE("a decision that cannot be taken") {
    CHECK(call({"decide", eligibility}).exit == 2);
    CHECK_THAT(call({"decide", eligibility, "--input", "{scor: 1}"}).err, Contains("the decision reads no scor") && Contains("did you mean `score`?"));
    CHECK_THAT(call({"decide", eligibility, "--input", "{}", "--decision", "x"}).err, Contains("it holds loan-eligibility"));
    CHECK(call({"decide", "nothing.yaml", "--input", "{}"}).exit == 3);
    const Ran process = call({"decide", "workflows/home-loan/home-loan.yaml", "--input", "{}"});
    CHECK(process.exit == 1);
    CHECK_THAT(process.err, Contains("holds no decision"));

    const Folder folder;
    const std::string twice = folder.file("twice.decision.yaml",
                                          "kontor: 1\ndecision: twice\ninputs:\n  a: { type: number }\noutputs:\n  b: { type: number }\n"
                                          "rules: |\n  | a   || b |\n  |-----||---|\n  | > 1 || 1 |\n  | > 2 || 2 |\n");
    CHECK(call({"decide", twice, "--input", "{a: 2}"}).out == "1\n");
    const Ran two = call({"decide", twice, "--input", "{a: 3}", "--json"});
    CHECK(two.exit == 1);
    CHECK(two.json().contains("error"));
}
