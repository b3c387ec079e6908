#include "value/json.hpp"

#include <catch2/catch.hpp>
#include <kontor/error.hpp>

#include <chrono>

using namespace kontor;
using namespace kontor::literals;

namespace {

std::string complaint(std::string_view text, const json::Limits& limits = {}) {
    try {
        (void)json::parse(text, limits);
    } catch (const Error& error) {
        CHECK(error.code() == Code::bad_input);
        return error.what();
    }
    return "accepted";
}

std::string again(std::string_view text) { return json::write(json::parse(text)); }
std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("JSON numbers keep every digit") {
    for (const auto* text : {"25000.00", "0", "-12.50", "0.10", "1234567890123456789012345678901234",
                             "-0.0000000000000000000000000000000001", "9223372036854775808", "18446744073709551616", "0.1"}) {
        CHECK(again(text) == text);
    }
    CHECK(json::parse("1e400") == Value{Decimal::parse("1e400")});
    CHECK(again("1e400") == "1E+400");
    CHECK(again("1.50e3") == "1.50E+3");
    CHECK(again("-0") == "0");
    CHECK(json::parse("1E-2") == Value{"0.01"_dec});
}

TEST_CASE("JSON numbers that a decimal cannot hold are errors") {
    CHECK(complaint("1e7000") == "JSON, line 1, column 7: the number is out of the range of decimal128");
    CHECK(complaint("[1e99999999999]").find("out of the range of decimal128") != std::string::npos);
    CHECK(complaint("1e-7000").find("out of the range") != std::string::npos);
    CHECK(complaint("12345678901234567890123456789012345").find("at most 34 significant digits") != std::string::npos);
    CHECK(complaint("0." + std::string(100, '1')).find("at most 34 significant digits") != std::string::npos);
}

TEST_CASE("JSON texts are read as RFC 8259 says") {
    CHECK(json::parse(" \t\r\n{ } ") == Value{Variables{}});
    CHECK(json::parse("[]") == Value{List{}});
    CHECK(json::parse("\"\"") == Value{""});
    CHECK(json::parse(R"("\u0041\n\t\/\\\"\ud83d\ude00")") == Value{"A\n\t/\\\"\xF0\x9F\x98\x80"});
    CHECK(json::parse("\"\x7f\"") == Value{"\x7f"});
    CHECK(again(R"({"b":[1,{"c":null}],"a":true,"":false})") == R"({"b":[1,{"c":null}],"a":true,"":false})");
}

TEST_CASE("what is not JSON is refused with its place") {
    for (const auto* text : {
             "", " ", "[", "{", "\"", "tru", "nul", "truee", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "[1 2]", "{\"a\" 1}", "1 2",
             "[]]", "01", "+1", ".5", "5.", "1e", "-", "NaN", "Infinity", "// c\n1", "/* c */1", "\"a\nb\"", "\xEF\xBB\xBF" "1",
             R"("\x")", R"("\u12")", R"("\ud800")", R"("\ud800\u0041")", R"("\udc00")",
             "\"\xFF\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"", "\"\xE2\x82\"",
         }) {
        INFO(text);
        CHECK(complaint(text).substr(0, 10) == "JSON, line");
    }
    CHECK(complaint("{\n  \"a\": 1,\n  \"b\": x\n}") == "JSON, line 3, column 8: unexpected `x`");
    CHECK(complaint("[1, 2") == "JSON, line 1, column 6: the text ends too early");
    CHECK(complaint("[\"\xC3\xA4\", x]") == "JSON, line 1, column 7: unexpected `x`");
    CHECK(complaint("1 2") == "JSON, line 1, column 3: there is more after the end of the value");
    CHECK(complaint("\"a\nb\"") == "JSON, line 1, column 3: a control character must be escaped here");
    CHECK(complaint("[\"ok\", \"\xFF\"]").find("invalid UTF-8") != std::string::npos);
}

TEST_CASE("a key that stands twice is refused") {
    CHECK(complaint(R"({"a":1,"b":2,"a":3})") == "JSON, line 1, column 16: the key \"a\" stands twice in this object");
    CHECK(complaint(R"({"a":{"x":1,"\u0078":2}})").find("\"x\" stands twice") != std::string::npos);
    CHECK(complaint(R"([{"a":1},{"a":2}])") == "accepted");

    std::string many = "{";
    for (int n = 0; n < 100; ++n) many += "\"k" + std::to_string(n) + "\":1,";
    CHECK(complaint(many + "\"k50\":2}").find("\"k50\" stands twice") != std::string::npos);
    CHECK(complaint(many + "\"k3\":2}").find("\"k3\" stands twice") != std::string::npos);
    CHECK(complaint(many + "\"k100\":2}") == "accepted");
}

TEST_CASE("NUL is refused, raw and escaped, in keys and in strings") {
    using namespace std::string_literals;
    CHECK(complaint(R"("a\u0000b")").find("NUL") != std::string::npos);
    CHECK(complaint(R"({"a\u0000":1})").find("NUL") != std::string::npos);
    CHECK(complaint("\"a\0b\""s).find("NUL") != std::string::npos);
    CHECK(complaint("1\0"s).substr(0, 4) == "JSON");
}

TEST_CASE("JSON limits: size and depth") {
    CHECK(complaint(nested(64)) == "accepted");
    CHECK(complaint(nested(65)) == "JSON, line 1, column 65: nested deeper than 64 levels");
    CHECK(complaint(std::string(1'000'000, '[')).find("nested deeper than 64 levels") != std::string::npos);
    std::string objects;
    for (int n = 0; n < 100'000; ++n) objects += "{\"a\":";
    CHECK(complaint(objects).find("nested deeper than 64 levels") != std::string::npos);
    CHECK(complaint("[1,2,3]", {.bytes = 6}) == "JSON of 7 bytes; at most 6 are accepted");
    CHECK(complaint("[[1]]", {.depth = 1}).find("deeper than 1 level") != std::string::npos);
    // Whoever raises the limit still meets that of values.
    CHECK(complaint(nested(max_nesting), {.depth = 1000}) == "accepted");
    CHECK(complaint(nested(max_nesting + 1), {.depth = 1000}).find("256") != std::string::npos);
}

TEST_CASE("strings are escaped as little as JSON allows") {
    CHECK(json::write("a\"b\\c/\b\f\n\r\t\x01\x1f\x7f \xC3\xA4 \xF0\x9F\x98\x80") ==
          "\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f \xC3\xA4 \xF0\x9F\x98\x80\"");
}

TEST_CASE("values without a JSON form become text") {
    const Value value = Variables{
        {"date", Date{2026, 3, 1}},
        {"half-open", Range{.low = 1, .high = "5.0"_dec, .high_closed = false}},
        {"above", Range{.low = 5, .high = nullptr, .low_closed = false, .high_closed = false}},
        {"until", Range{.low = nullptr, .high = Date{2026, 3, 1}, .low_closed = false}},
        {"letters", Range{.low = "a", .high = "b"}},
    };
    CHECK(json::write(value) ==
          R"json({"date":"2026-03-01","half-open":"[1..5.0)","above":"> 5",)json"
          R"json("until":"<= date(\"2026-03-01\")","letters":"[\"a\"..\"b\"]"})json");
}

TEST_CASE("pretty JSON is indented by two spaces") {
    CHECK(json::write_pretty(json::parse(R"({"a":[1,{}],"b":{"c":[]}})")) == R"({
  "a": [
    1,
    {}
  ],
  "b": {
    "c": []
  }
})");
}

TEST_CASE("a large flat object is read in reasonable time") {
    std::string text = "{";
    for (int n = 0; n < 100'000; ++n) text += "\"key" + std::to_string(n) + "\":" + std::to_string(n) + ".00,";
    text.back() = '}';
    const auto start = std::chrono::steady_clock::now();
    const Value value = json::parse(text);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{5});   // a quadratic search takes minutes
    CHECK(value.if_context()->size() == 100'000);
    CHECK(value.if_context()->at("key99999") == Value{"99999.00"_dec});
    CHECK(json::write(value) == text);
}
