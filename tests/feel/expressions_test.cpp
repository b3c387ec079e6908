#include "feel/table.hpp"

#include <kontor/decimal.hpp>

using namespace kontor;
using namespace kontor::feel::test;
using namespace kontor::literals;

namespace {

Variables loan() {
    return {{"application", Variables{{"id", "L-42"}, {"amount", "250000.00"_dec}, {"coBorrowers", List{Variables{{"id", "c1"}}}}}},
            {"documentRequests", 2},
            {"documents", List{"a"}},
            {"result", Variables{{"documents", List{"b"}}, {"consent", true}}},
            {"valuation", Variables{{"failed", nullptr}, {"ltv", "0.85"_dec}, {"amount", 300000}, {"reason", "gone"}}},
            {"risk", Variables{{"decision", "approve"}}},
            {"error", Variables{{"code", "PROPERTY_NOT_FOUND"}}},
            {"valuationless", nullptr},
            {"consents", List{true, false}}};
}

}  // namespace

TEST_CASE("expressions of the home loan") {
    check({{R"(risk.decision = "approve")", "true"},
           {"documentRequests >= 3", "false"},
           {"documentRequests + 1", "3"},
           {"concatenate(documents, result.documents)", R"(["a", "b"])"},
           {"{ failed: true, reason: error.code }", R"({failed: true, reason: "PROPERTY_NOT_FOUND"})"},
           {"valuation.failed = true", "false"},
           {"valuation = null", "false"},
           {"valuationless = null", "true"},
           {R"-("property could not be valued (" + valuation.reason + ")")-", R"-("property could not be valued (gone)")-"},
           {"valuation.ltv > 0.80", "true"},
           {"count(application.coBorrowers) > 0", "true"},
           {"some c in consents satisfies c = false", "true"},
           {"application.amount / valuation.amount", "0.8333333333333333333333333333333333"}},
          loan());
}

TEST_CASE("numbers and precedence") {
    check({{"1 + 2 * 3", "7"}, {"(1 + 2) * 3", "9"}, {"-5 ** 2", "25"}, {"3 ** 4 ** 5", "3486784401"}, {"10 - 3 - 2", "5"}, {"100.00", "100.00"},
           {".5 + .5", "1.0"}, {"1e3", "1E+3"}, {"1/0", "null"}, {"- (2)", "-2"}, {"1 = 1.0", "true"}, {"5 between 1 and 5", "true"},
           {"2 in (1..3)", "true"}, {"3 in (1..3)", "false"}, {"5 in (<3, >4)", "true"}, {"5 in > 4", "true"}, {"5 in [1,5]", "true"},
           {"1 < 2 and 2 < 3 or false", "true"}, {"12345678901234567890123456789012345678", "1.234567890123456789012345678901235E+37"}});
}

TEST_CASE("three truth values") {
    check({{"true and null", "null"}, {"false and null", "false"}, {"true or null", "true"}, {"false or 1", "null"}, {"not(null)", "null"},
           {"null = null", "true"}, {"null != null", "false"}, {"1 = \"1\"", "null"}, {"1 < null", "null"}, {"null > 1", "null"},
           {"if null then 1 else 2", "2"}});
}

TEST_CASE("paths, filters and iteration") {
    check({{"{a: {b: 1}}.a.b", "1"}, {"[{a: 1}, {a: 2}].a", "[1, 2]"}, {"[1, 2, 3][item > 1]", "[2, 3]"}, {"[1, 2, 3][-1]", "3"},
           {"[{x: 1, y: 2}, {x: null, y: 3}][x < 2]", "[{x: 1, y: 2}]"}, {"[][a = 1]", "[]"}, {"[1,2][3]", "null"},
           {"for i in 1..3 return i * i", "[1, 4, 9]"}, {"for i in 3..1 return i", "[3, 2, 1]"}, {"for i in (1..4) return i", "[2, 3]"},
           {"for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"},
           {"for x in [[1,2],[3]], y in x return y", "[1, 2, 3]"}, {"every x in [1,2] satisfies x > 0", "true"},
           {"some x in [1,2], y in [2,3] satisfies x = y", "true"}, {"{a: 1, b: a + 1}.b", "2"},
           {"{f: function(n) if n <= 1 then 1 else n * f(n - 1), r: f(5)}.r", "120"},
           {"(function(a, b) a - b)(b: 1, a: 3)", "2"}, {"[1..5[.end included", "false"}, {"{\"a b\": 1}.a b", "1"}});
}

TEST_CASE("names with spaces and operators need to be known") {
    const std::vector<std::string> names = {"Monthly income", "a-b", "days in week"};
    check({{"Monthly   income * 12", "120"}, {"a-b + 1", "4"}, {"a -b", "6"}, {"for d in days in week return d", "[1]"}},
          {{"Monthly income", 10}, {"a-b", 3}, {"a", 8}, {"b", 2}, {"days in week", List{1}}}, names);
}

TEST_CASE("what an expression reads") {
    using Set = std::set<std::string>;
    CHECK(parsed("a.b + count(c) + (for i in d return i + partial[-1] + e)[1]").reads() == Set{"a", "c", "d", "e"});
    CHECK(parsed("loans[amount > limit]").reads() == Set{"loans", "amount", "limit"});
    CHECK(parsed("loans[amount > limit and limit > 0] + limit").perhaps_entries() == Set{"amount"});
    CHECK(parsed("{a: 1, b: a}.b + now().year + (function(x) x + y)(1)").reads() == Set{"y"});
    CHECK(parsed("count + 1").reads() == Set{"count"});
}

TEST_CASE("a function keeps the values of its free names") {
    check({{"(for f in [function(x) x + rate] return f(1))[1]", "4"}, {"sort([3, 1, 2], function(a, b) a > b)", "[3, 2, 1]"}}, {{"rate", 3}});
    const auto function = evaluated("function(x) x + rate", {{"rate", 3}}).value;
    CHECK(written("f(4)", {{"f", function}}) == "7");
}

TEST_CASE("warnings name the thing") {
    const auto first = [](std::string_view text, Variables variables = {}) {
        const auto result = evaluated(text, std::move(variables));
        return result.warnings.empty() ? std::string{} : std::to_string(result.warnings[0].offset) + " " + result.warnings[0].message;
    };
    CHECK(first("1 + credt") == "4 no variable named credt");
    CHECK(first("1 + \"a\"") == "2 number + string is not defined");
    CHECK(first("a.b", {{"a", Variables{}}}) == "1 no entry b in a context");
    CHECK(first("substring(1, 2)") == "0 substring: `string` must be string, found number");
    CHECK(first("nothing(1)") == "0 no function named nothing");
    CHECK(first("1 / 0") == "2 number / number has no result for these values");
}
