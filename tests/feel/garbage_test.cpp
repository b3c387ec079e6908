#include "feel/table.hpp"

#include <random>

using namespace kontor;
using namespace kontor::feel;
using namespace kontor::feel::test;

namespace {

constexpr std::string_view seeds[] = {
    R"(if a.b[item > 1] = "x" then {k: [1..5), "a b": @"P1D"} else for i in 1..3, j in [2] return i ** -j)",
    R"(some x in [1, null] satisfies x in (< 3, [4..5], "é\u00e9") and not(b between 1 and 2))",
    R"(function(x: list<number>, y) external x instance of context<a: number, b: function<Any>->string>)",
    R"(replace(string join(["a", "b"], "-"), "[a-z-[b]]+?", "$1\\", "ix") + substring("foobar", -3, 2))",
    R"(date and time("2026-03-01T09:30:00@Europe/Paris") - duration("PT1H") /* c */ // d)",
    R"(sort(list: [3, 1], precedes: function(a, b) a < b)[1] + sum(1, 2.5e3, .5) / modulo(7, -3))",
    R"(number("1 000,5", " ", ",") + decimal(1/3, 2) > ? and context put({a: {}}, ["a", "b"], 1).a.b != null)",
};
constexpr std::string_view pieces[] = {"(", ")", "[", "]", "{", "}", "..", ".", ",", ":", "\"", "\\u", "@", "-", "**", "=", "<", "!=", "?", "/*", "//",
                                       " and ", " or ", " in ", " if ", " then ", " else ", " for ", " return ", " instance of ", "null", "1e999", "\xff", "🐎"};

std::string mutated(std::mt19937& random) {
    std::string text{seeds[random() % std::size(seeds)]};
    for (auto count = random() % 6; count > 0 && !text.empty(); --count) {
        const auto at = random() % text.size();
        switch (random() % 4) {
            case 0: text.erase(at, 1 + random() % 5); break;
            case 1: text.insert(at, pieces[random() % std::size(pieces)]); break;
            case 2: text[at] = static_cast<char>(1 + random() % 255); break;
            case 3: text.insert(at, seeds[random() % std::size(seeds)].substr(0, random() % 40)); break;
        }
    }
    return text;
}

}  // namespace

TEST_CASE("any text is read or refused with a place in it, and what is read ends") {
    std::mt19937 random{20260301};   // the same texts on every machine
    auto limits = situation();
    limits.steps = 20'000;
    const ContextScope scope{{{"a", Variables{{"b", List{1, 2}}}}, {"b", 1}}};
    int accepted = 0;
    for (int i = 0; i < 4'000; ++i) {
        const auto text = mutated(random);
        CAPTURE(i, text);
        const auto expression = Expression::parse(text);
        if (const auto* error = std::get_if<SyntaxError>(&expression)) {
            if (error->offset > text.size() || error->message.empty()) FAIL("no place or no message");
            continue;
        }
        ++accepted;
        const auto result = std::get<Expression>(expression).evaluate(scope, limits);
        if (result.warnings.size() > 20) FAIL("too many warnings");
        (void)to_feel(result.value);
        const auto tests = UnaryTests::parse(text);
        if (const auto* parsed = std::get_if<UnaryTests>(&tests)) (void)parsed->evaluate(1, scope, limits);
    }
    CHECK(accepted > 400);
}
