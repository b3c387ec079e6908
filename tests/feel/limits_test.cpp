#include "feel/table.hpp"

using namespace kontor;
using namespace kontor::feel;
using namespace kontor::feel::test;

namespace {

std::string repeated(std::string_view text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

}  // namespace

TEST_CASE("nesting ends in an error, not at the end of the stack") {
    for (const std::string_view open : {"(", "[", "{a: ", "if true then 1 else ", "-", "not(", "for i in 1 return ", "function(x) ", "a["}) {
        CAPTURE(open);
        CHECK(refused(repeated(open, 100'000)).message.find("nested") != std::string::npos);
    }
    CHECK(refused("a" + repeated(".a", 100'000)).message.find("nested") != std::string::npos);
    CHECK(refused("a" + repeated("(1)", 100'000)).message.find("nested") != std::string::npos);
    CHECK(refused("1" + repeated(" = 1", 100'000)).message.find("too many") != std::string::npos);
    CHECK(refused("x instance of " + repeated("list<", 100'000)).message.find("nested") != std::string::npos);
    CHECK(written("1" + repeated(" + 1", 50'000)) == "50001");
    CHECK(written(repeated("(", 190) + "1" + repeated(")", 190)) == "1");
}

TEST_CASE("no expression runs for ever") {
    for (const std::string_view text :
         {"for i in 1..1000000000 return i", "count(for i in 1..100000, j in 1..100000 return 1)", "{f: function(x) f(x), r: f(1)}.r",
          "some i in 1..1000000000000 satisfies i < 0", "{s: \"aaaaaaaaaa\", f: function(x, n) if n = 0 then x else f(x + x, n - 1), r: f(s, 40)}.r",
          "for i in 1..1000000 return partial", "{f: function(x) f(x) + f(x), r: f(1)}.r"}) {
        CAPTURE(text);
        const auto result = evaluated(text);
        CHECK(result.exhausted);
        CHECK(result.value.is_null());
        CHECK(result.warnings.back().message.starts_with("evaluation stopped"));
    }
    CHECK_FALSE(evaluated("count(for i in 1..100000 return i) = 100000").exhausted);
}

TEST_CASE("recursion goes some hundred calls deep") {
    CHECK(written("{f: function(n) if n = 0 then 0 else 1 + f(n - 1), r: f(250)}.r") == "250");
    CHECK(evaluated("{f: function(n) if n = 0 then 0 else 1 + f(n - 1), r: f(100000)}.r").exhausted);
}

TEST_CASE("at most twenty warnings, each place once") {
    CHECK(evaluated("for i in 1..100 return i + null").warnings.size() == 1);
    CHECK(evaluated("[" + repeated("1 + null,", 30) + "1]").warnings.size() <= 20);
}
