#include "dmn/decision_table_source.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::dmn;

namespace {

std::vector<std::string> lines(const std::vector<Problem>& problems) {
    std::vector<std::string> result;
    for (const auto& problem : problems)
        result.push_back(std::to_string(problem.line) + ":" + std::to_string(problem.column) + " " + problem.message + (problem.hint.empty() ? "" : " / " + problem.hint));
    return result;
}

using Lines = std::vector<std::string>;

DecisionTableSource declared() {
    DecisionTableSource source;
    source.file = "t.yaml";
    source.inputs = {{{"score", {3, 3}}, {}, {"number", {}}, {}},
                     {{"employment", {4, 3}}, {}, {"string", {}}, AllowedSource{{}, {"permanent", "none"}, {4, 20}}}};
    source.outputs = {{{"rate", {6, 3}}, {"number", {}}, {}, {}}};
    return source;
}

}  // namespace

TEST_CASE("rules are read with their positions") {
    const auto rules = parse_rules("| a | b || \u00e9t\u00e9 || note |\n|---|---||---||---|\n\n| \"x | y\" | - || 1 || seen |\n", {10, 5});
    CHECK(lines(rules.problems) == Lines{});
    REQUIRE(rules.rows.size() == 1);
    CHECK(rules.header.outputs[0].text == "\u00e9t\u00e9");
    CHECK(rules.header.annotations[0].at == Position{10, 23});
    CHECK(rules.rows[0].inputs[0].text == "\"x | y\"");
    CHECK(rules.rows[0].inputs[0].at == Position{13, 7});
    CHECK(rules.rows[0].outputs[0].at == Position{13, 22});
    CHECK(rules.rows[0].annotations[0].text == "seen");
}

TEST_CASE("all problems of a text table at once") {
    const auto rules = parse_rules("| a || b |\n| 1 | 2 || 3 |\n 1 || 2 |\n| \"x || 2 |\n| 1 || 2\n| 1 | 2 |\n", {2, 3});
    CHECK(lines(rules.problems) == Lines{"3:5 this row has 2 inputs, the header has 1 / `||` stands between inputs and outputs, and only there",
                                         "4:4 a row of the table begins with `|`", "5:5 the text that begins here is never closed / end it with \"",
                                         "6:11 a row of the table ends with `|` / add `|`",
                                         "7:5 this row has 2 inputs, the header has 1 / `||` stands between inputs and outputs, and only there"});
    CHECK(lines(parse_rules("\n\n").problems) == Lines{"1:1 the table of rules is empty / its first row names the inputs and outputs"});
}

TEST_CASE("the header must name the declared columns") {
    auto source = declared();
    const auto problems = add_rules(source, parse_rules("| scoer | employment | employment || rat | x |\n", {8, 3}));
    CHECK(lines(problems) == Lines{"8:5 no input is named `scoer` / did you mean `score`?", "8:26 the input `employment` stands twice in the header",
                                   "8:5 the header lacks the input `score`", "8:40 no output is named `rat` / did you mean `rate`?",
                                   "8:46 no output is named `x` / there are: rate", "8:5 the header lacks the output `rate`"});
    CHECK(problems[0].file == "t.yaml");
    CHECK(problems[0].rule == "unknown-column");
}

TEST_CASE("cells are checked with exact positions") {
    auto source = declared();
    REQUIRE(add_rules(source, parse_rules("| score | employment || rate |\n"
                                          "| == 5  | \"permanet\" || 3    |\n"
                                          "| \"a\"   | -            || \"x\"  |\n"
                                          "| < 5   | 'none'       || 1 +  |\n"
                                          "|       | -            ||      |\n", {8, 3})).empty());
    const auto result = compile(source);
    REQUIRE(std::holds_alternative<std::vector<Problem>>(result));
    CHECK(lines(std::get<std::vector<Problem>>(result)) ==
          Lines{"9:5 expected a comparison, found `=` / FEEL compares with a single =",
                "9:13 \"permanet\" is not an allowed value of `employment` / did you mean `\"permanent\"`?",
                "10:5 the input `score` is of type number, found string", "10:29 the output `rate` is of type number, found string",
                "11:13 expected a value, found `'` / FEEL puts text in double quotes: \"...\"", "11:32 the expression ends where a value should follow",
                "12:11 the test is empty / write - for any value", "12:34 the expression is empty / write null for no value"});
}

TEST_CASE("the frame of a table is checked") {
    auto source = declared();
    source.hit_policy = {"UNIQE", {2, 12}};
    source.inputs[0].type = {"numbr", {3, 20}};
    source.inputs[0].expression = {"a +* b", {3, 30}};
    source.outputs.clear();
    const auto result = compile(source);
    REQUIRE(std::holds_alternative<std::vector<Problem>>(result));
    CHECK(lines(std::get<std::vector<Problem>>(result)) ==
          Lines{"2:12 no hit policy is named `UNIQE` / did you mean `UNIQUE`?", "2:12 a decision table needs an output",
                "3:33 expected a value, found `*`", "3:20 no type is named `numbr` / did you mean `number`?"});
    source = declared();
    source.hit_policy = {"PRIORITY", {2, 12}};
    CHECK(lines(std::get<std::vector<Problem>>(compile(source))) == Lines{"2:12 `PRIORITY` needs allowed values of an output, the most important first"});
}
