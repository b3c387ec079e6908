#include "dmn/decision_table_source.hpp"

#include <catch2/catch.hpp>
#include <kontor/decimal.hpp>

using namespace kontor;
using namespace kontor::dmn;
using namespace kontor::literals;

namespace {

const feel::Situation situation;

/// One input `x` and the given outputs, all of them in one line of text for each rule.
DecisionTableSource source(std::string policy, std::vector<OutputSource> outputs, std::string_view rules) {
    DecisionTableSource result;
    result.hit_policy = {std::move(policy), {1, 1}};
    result.inputs = {{{"x", {}}, {}, {"number", {}}, {}}};
    result.outputs = std::move(outputs);
    const auto problems = add_rules(result, parse_rules(rules));
    for (const auto& problem : problems) FAIL_CHECK(to_string(problem));
    return result;
}

DecisionTable compiled(const DecisionTableSource& source) {
    auto result = compile(source);
    if (auto* problems = std::get_if<std::vector<Problem>>(&result)) {
        for (const auto& problem : *problems) FAIL_CHECK(to_string(problem) << " / " << problem.hint);
        FAIL("does not compile");
    }
    return std::get<DecisionTable>(result);
}

OutputSource output(std::string name, std::string type = "", std::vector<Value> allowed = {}, std::optional<std::string> fallback = {}) {
    OutputSource result{{std::move(name), {}}, {std::move(type), {}}, {}, {}};
    if (!allowed.empty()) result.allowed = AllowedSource{{}, std::move(allowed), {}};
    if (fallback) result.default_value = Text{*fallback, {}};
    return result;
}

struct Outcome {
    std::string value;
    std::vector<std::size_t> rules;
    std::string error;
    friend bool operator==(const Outcome&, const Outcome&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
        out << outcome.value << " by";
        for (const auto rule : outcome.rules) out << ' ' << rule;
        return out << ' ' << outcome.error;
    }
};

Outcome decide(const DecisionTableSource& source, Value x) {
    const auto result = evaluate(compiled(source), Variables{{"x", std::move(x)}}, situation);
    return {feel::to_feel(result.value), result.matched_rules, result.error.value_or("")};
}

constexpr auto steps = R"(
    | x    || y   |
    | > 10 || 1   |
    | > 5  || 2   |
    | > 5  || 3   |
)";

}  // namespace

TEST_CASE("hit policies on matching rules") {
    const auto run = [](std::string policy, int x) { return decide(source(std::move(policy), {output("y", "number", {3, 1, 2})}, steps), x); };
    CHECK(run("", 20) == Outcome{"null", {1, 2, 3}, "rules 1, 2 and 3 match, but the hit policy is UNIQUE"});
    CHECK(run("FIRST", 20) == Outcome{"1", {1}, ""});
    CHECK(run("PRIORITY", 20) == Outcome{"3", {1, 2, 3}, ""});
    CHECK(run("ANY", 7) == Outcome{"null", {2, 3}, "rules 2 and 3 match with different outputs, but the hit policy is ANY"});
    CHECK(run("RULE ORDER", 20) == Outcome{"[1, 2, 3]", {1, 2, 3}, ""});
    CHECK(run("OUTPUT ORDER", 20) == Outcome{"[3, 1, 2]", {1, 2, 3}, ""});
    CHECK(run("COLLECT", 7) == Outcome{"[2, 3]", {2, 3}, ""});
    CHECK(run("COLLECT SUM", 20) == Outcome{"6", {1, 2, 3}, ""});
    CHECK(run("COLLECT MIN", 7) == Outcome{"2", {2, 3}, ""});
    CHECK(run("COLLECT MAX", 7) == Outcome{"3", {2, 3}, ""});
    CHECK(run("COLLECT COUNT", 20) == Outcome{"3", {1, 2, 3}, ""});
}

TEST_CASE("no rule matches") {
    const auto run = [](std::string policy, std::optional<std::string> fallback = {}) {
        return decide(source(std::move(policy), {output("y", "number", {1, 2, 3}, std::move(fallback))}, steps), 1);
    };
    for (const auto policy : {"UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT SUM", "COLLECT MIN", "COLLECT MAX"}) CHECK(run(policy) == Outcome{"null", {}, ""});
    for (const auto policy : {"RULE ORDER", "OUTPUT ORDER", "COLLECT"}) CHECK(run(policy) == Outcome{"[]", {}, ""});
    CHECK(run("COLLECT COUNT") == Outcome{"0", {}, ""});
    CHECK(run("UNIQUE", "2") == Outcome{"2", {}, ""});
}

TEST_CASE("several outputs give a context") {
    const auto table = source("FIRST", {output("a", "string"), output("b", "number", {}, "7"), output("c")}, "| x || c | a | b |\n| 1 || x + 1 | \"one | two\" | 1.50 |");
    CHECK(decide(table, 1) == Outcome{R"({a: "one | two", b: 1.50, c: 2})", {1}, ""});
    CHECK(decide(table, 2) == Outcome{"{a: null, b: 7, c: null}", {}, ""});
}

TEST_CASE("values outside the declared ones") {
    auto table = source("FIRST", {output("y", "number", {1, 2})}, "| x || y |\n| < 5 || x |\n| - || \"a\" + 1 |");
    table.inputs[0].allowed = AllowedSource{{"[0..10]", {}}, {}, {}};
    CHECK(decide(table, 1) == Outcome{"1", {1}, ""});
    CHECK(decide(table, 3) == Outcome{"null", {1}, "rule 1, output y has a value that is not allowed"});
    CHECK(decide(table, 11) == Outcome{"null", {}, "input x has a value that is not allowed"});
    CHECK(decide(table, "1") == Outcome{"null", {}, "input x is not of type number"});
    const auto result = evaluate(compiled(table), Variables{}, situation);
    CHECK(result.warnings == std::vector<std::string>{"input x: no variable named x", "rule 2, output y: string + number is not defined"});
}

TEST_CASE("the budget of steps is that of the whole table") {
    const auto table = compiled(source("COLLECT", {output("y")}, "| x || y |\n| - || count(for i in 1..400 return i) |\n| - || count(for i in 1..400 return i) |"));
    feel::Situation small;
    small.steps = 1500;
    const auto result = evaluate(table, Variables{{"x", 1}}, small);
    CHECK(result.exhausted);
    CHECK(result.value.is_null());
}

TEST_CASE("the eligibility of a home loan") {
    DecisionTableSource table;
    table.hit_policy = {"FIRST", {}};
    table.inputs = {{{"score", {}}, {}, {"number", {}}, {}},
                    {{"ltv", {}}, {}, {"number", {}}, {}},
                    {{"debtRatio", {}}, {}, {"number", {}}, {}},
                    {{"employment", {}}, {}, {"string", {}}, AllowedSource{{}, {"permanent", "fixed-term", "self-employed", "none"}, {}}}};
    table.outputs = {output("eligibility", "string", {"accept", "review", "refuse"}), output("rate", "number"), output("reason", "string")};
    REQUIRE(add_rules(table, parse_rules(R"(
  | score      | ltv           | debtRatio   | employment                || eligibility | rate | reason                   |
  |------------|---------------|-------------|---------------------------||-------------|------|--------------------------|
  | < 580      | -             | -           | -                         || "refuse"    | null | "score below 580"        |
  | -          | > 1.00        | -           | -                         || "refuse"    | null | "loan exceeds value"     |
  | -          | -             | > 0.40      | -                         || "refuse"    | null | "debts over 40 %"        |
  | -          | -             | -           | "none"                    || "refuse"    | null | "no income from work"    |
  | >= 720     | <= 0.80       | <= 0.33     | "permanent"               || "accept"    | 3.10 | "prime #1: full cover"   |
  | [640..720) | <= 0.80       | <= 0.33     | not("self-employed")      || "accept"    | 3.45 | "standard"               |
  | >= 640     | (0.80..0.95]  | <= 0.33     | -                         || "review"    | 3.90 | "high loan to value"     |
  | -          | -             | -           | -                         || "review"    | 4.20 | "no rule above"          |
)")).empty());
    const auto eligibility = compiled(table);
    CHECK(eligibility.reads() == std::set<std::string>{"score", "ltv", "debtRatio", "employment"});
    const auto decide = [&](int score, const char* ltv, const char* debts, const char* employment) {
        const auto result = evaluate(eligibility, {{"score", score}, {"ltv", Decimal::parse(ltv)}, {"debtRatio", Decimal::parse(debts)}, {"employment", employment}}, situation);
        CHECK(result.matched_rules.size() == 1);
        return std::pair{result.matched_rules[0], feel::to_feel(result.value)};
    };
    CHECK(decide(579, "0.5", "0.1", "permanent") == std::pair{std::size_t{1}, std::string{R"({eligibility: "refuse", rate: null, reason: "score below 580"})"}});
    CHECK(decide(720, "0.80", "0.33", "permanent").first == 5);
    CHECK(decide(719, "0.80", "0.33", "fixed-term").first == 6);
    CHECK(decide(719, "0.80", "0.33", "self-employed").first == 8);
    CHECK(decide(700, "0.81", "0.33", "permanent").first == 7);
    CHECK(decide(700, "0.5", "0.1", "none").first == 4);
}
