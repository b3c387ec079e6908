#include "value/wording.hpp"

#include <catch2/catch.hpp>

using namespace kontor;

TEST_CASE("names stand in backticks, and long ones are cut between characters") {
    CHECK(quoted("check-credit") == "`check-credit`");
    CHECK(quoted("") == "``");
    CHECK(quoted(std::string(60, 'x')) == "`" + std::string(60, 'x') + "`");
    CHECK(quoted(std::string(61, 'x')) == "`" + std::string(60, 'x') + "...`");
    CHECK(quoted(std::string(59, 'x') + "é!") == "`" + std::string(59, 'x') + "...`");
}

TEST_CASE("what was probably meant is near, whatever its case and order of letters") {
    CHECK(did_you_mean("scoer", {"amount", "score"}) == "did you mean `score`?");
    CHECK(did_you_mean("SCORE", {"amount", "score"}) == "did you mean `score`?");
    CHECK(did_you_mean("retires", {"retry", "wires"}) == "did you mean `retry`?");   // the same beginning counts
    CHECK(did_you_mean("x", {"amount", "score"}).empty());
    CHECK(did_you_mean("", {"a"}).empty());
    CHECK(did_you_mean(std::string(5'000, 'a'), {std::string_view{"a"}}).empty());
}

TEST_CASE("where nothing is near, all names can be said") {
    CHECK(did_you_mean_or_all("scoer", {"amount", "score"}) == "did you mean `score`?");
    CHECK(did_you_mean_or_all("x", {"amount", "score"}) == "there are: amount, score");
    CHECK(did_you_mean_or_all("x", {}).empty());
}

TEST_CASE("lists are joined") {
    CHECK(joined(std::vector<std::string>{}).empty());
    CHECK(joined(std::vector<std::string>{"a"}) == "a");
    CHECK(joined(std::vector<std::string>{"", "a", ""}) == ", a, ");   // an empty text is an item as well
    CHECK(joined(std::vector<std::string_view>{"a", "b"}, " or ") == "a or b");
    CHECK(joined(std::vector<int>{1, 2, 3}, "+", [](int i) { return std::to_string(i); }) == "1+2+3");
}
