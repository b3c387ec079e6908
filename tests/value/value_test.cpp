#include <kontor/value.hpp>

#include <catch2/catch.hpp>
#include <kontor/error.hpp>
#include <kontor/key.hpp>

#include <thread>

using namespace kontor;
using namespace kontor::literals;

namespace {

template <class Call>
std::string complaint(Call call) {
    try {
        call();
    } catch (const Error& error) {
        CHECK(error.code() == Code::bad_input);
        return error.what();
    }
    return "accepted";
}

struct Applicant {
    std::string name;
    int age = 0;
};
Value to_value(const Applicant& applicant) { return Variables{{"name", applicant.name}, {"age", applicant.age}}; }
void from_value(const Value& value, Applicant& applicant) {
    const auto fields = value.as<Variables>();
    applicant = {fields.get<std::string>("name"), fields.get<int>("age")};
}

std::vector<Variables::Entry> numbered(int count) {
    std::vector<Variables::Entry> entries;
    for (int n = 0; n < count; ++n) entries.push_back({"name" + std::to_string(n * 7919 % count), n});
    return entries;
}

Value deep(std::size_t levels) {
    Value value = List{};
    for (std::size_t n = 1; n < levels; ++n) value = List{value};
    return value;
}

}  // namespace

TEST_CASE("variables keep the order in which names were first set") {
    Variables variables{{"b", 1}, {"a", 2}};
    variables.set("c", 3);
    variables.set("b", 4);
    REQUIRE(variables.size() == 3);
    CHECK(variables.begin()[0].name == "b");
    CHECK(variables.begin()[2].name == "c");
    CHECK(variables.at("b") == Value{4});
    variables.erase("b");
    variables.erase("absent");
    CHECK(variables == Variables{{"c", 3}, {"a", 2}});
    CHECK_FALSE(variables.contains("b"));
}

TEST_CASE("a name that stands twice keeps its first place and its last value") {
    const Variables few{{"a", 1}, {"b", 2}, {"a", 3}};
    REQUIRE(few.size() == 2);
    CHECK(few.begin()->name == "a");
    CHECK(few.at("a") == Value{3});

    auto entries = numbered(100);
    for (int n = 0; n < 100; ++n) entries.push_back({"name" + std::to_string(n), -n});
    const Variables many{entries};
    REQUIRE(many.size() == 100);
    for (int n = 0; n < 100; ++n) {
        CHECK(many.begin()[n].name == entries[static_cast<std::size_t>(n)].name);
        CHECK(many.at("name" + std::to_string(n)) == Value{-n});
    }
}

TEST_CASE("large contexts behave as small ones") {
    Variables variables;
    for (const auto& [name, value] : numbered(1000)) variables.set(name, value);
    CHECK(variables == Variables{numbered(1000)});
    for (int n = 0; n < 1000; n += 2) variables.erase("name" + std::to_string(n));
    CHECK(variables.size() == 500);
    for (int n = 0; n < 1000; ++n) CHECK(variables.contains("name" + std::to_string(n)) == (n % 2 == 1));
    for (int n = 1; n < 980; n += 2) variables.erase("name" + std::to_string(n));
    CHECK(variables.size() == 10);
    variables.set("name999", "changed");
    CHECK(variables.get<std::string>("name999") == "changed");
}

TEST_CASE("copies share until one is changed") {
    const Variables original{{"a", 1}};
    Variables copy = original;
    CHECK(copy.begin() == original.begin());
    copy.set("a", 2);
    CHECK(original.at("a") == Value{1});
    CHECK(copy.at("a") == Value{2});

    const auto* place = copy.begin();
    copy.set("a", 3);   // nobody shares it: changed in place
    CHECK(copy.begin() == place);
}

TEST_CASE("copies may be used from several threads") {
    Variables shared{{"a", 1}};
    std::thread other{[copy = shared]() mutable {
        for (int n = 0; n < 1000; ++n) copy.set("a", n);
    }};
    for (int n = 0; n < 1000; ++n) shared.set("a", n);
    other.join();
    CHECK(shared.at("a") == Value{999});
}

TEST_CASE("a conversion that fails says the name, the wanted and the found type") {
    const Variables variables{{"amount", "12.5"_dec}, {"name", "x"}, {"big", 300}, {"none", nullptr}, {"list", List{1, "two"}}};
    CHECK(complaint([&] { (void)variables.get<Decimal>("name"); }) == "variable `name`: expected number, found string");
    CHECK(complaint([&] { (void)variables.get<int>("name"); }) == "variable `name`: expected integer, found string");
    CHECK(complaint([&] { (void)variables.get<int>("amount"); }) ==
          "variable `amount`: expected an integer, found a number with a fraction");
    CHECK(complaint([&] { (void)variables.get<std::uint8_t>("big"); }) ==
          "variable `big`: the integer does not fit the wanted type");
    CHECK(complaint([&] { (void)variables.get<std::string>("none"); }) == "variable `none`: expected string, found null");
    CHECK(complaint([&] { (void)variables.get<std::vector<int>>("list"); }) == "variable `list`: expected integer, found string");
    CHECK(complaint([&] { (void)variables.get<DateTime>("amount"); }) ==
          "variable `amount`: expected date and time, found number");
    CHECK(complaint([&] { (void)variables.get<int>("absent"); }) == "there is no variable `absent`");
    CHECK(variables.get_or<int>("absent", 7) == 7);
    CHECK(variables.get_or<int>("none", 7) == 7);
    CHECK(variables.get<std::optional<int>>("none") == std::nullopt);
}

TEST_CASE("integers are exact up to 64 bits") {
    CHECK(Value{INT64_MIN}.as<std::int64_t>() == INT64_MIN);
    CHECK(Value{UINT64_MAX}.as<std::uint64_t>() == UINT64_MAX);
    CHECK(Value{"1e3"_dec}.as<int>() == 1000);
    CHECK(Value{"7.00"_dec}.as<int>() == 7);
    CHECK(complaint([] { (void)Value{-1}.as<unsigned>(); }) == "the integer does not fit the wanted type");
    CHECK(complaint([] { (void)Value{"18446744073709551616"_dec}.as<std::uint64_t>(); }) ==
          "the integer does not fit the wanted type");
    CHECK(complaint([] { (void)Value{"18446744073709551614.5"_dec}.as<std::uint64_t>(); }) != "accepted");
}

TEST_CASE("own types become values and back") {
    const Value value = Applicant{"Ada", 36};
    CHECK(value.as<Applicant>().age == 36);
    const Variables variables{{"applicants", List{Applicant{"Ada", 36}, Applicant{"Bob", 20}}}};
    CHECK(variables.get<std::vector<Applicant>>("applicants")[1].name == "Bob");
}

TEST_CASE("values compare by structure") {
    CHECK(Value{"1.0"_dec} == Value{1});
    CHECK(Value{Variables{{"a", 1}, {"b", 2}}} == Value{Variables{{"b", 2}, {"a", "1.00"_dec}}});
    CHECK_FALSE(Value{Variables{{"a", 1}}} == Value{Variables{{"a", 1}, {"b", nullptr}}});
    CHECK_FALSE(Value{List{1, 2}} == Value{List{2, 1}});
    CHECK_FALSE(Value{"1"} == Value{1});
    CHECK(Value{} == Value{nullptr});
    CHECK(Value{Time{.hour = 9}} == Value{Time{.hour = 9}});
    CHECK_FALSE(Value{Time{.hour = 9}} == Value{Time{.hour = 9, .zone = UtcOffset{0}}});
    CHECK(Value{Range{.low = 1, .high = 2}} == Value{Range{.low = "1.0"_dec, .high = 2}});
    CHECK_FALSE(Value{Range{.low = 1, .high = 2}} == Value{Range{.low = 1, .high = 2, .high_closed = false}});
}

TEST_CASE("a list is made from its items, or from the vector of them") {
    std::vector<Value> items{1, "two"};
    CHECK(List{items}.size() == 2);
    CHECK(List(items).size() == 2);
    CHECK(Value{items} == Value{List{1, "two"}});
    const List list{1, "two"};
    CHECK(List{list} == List{Value{list}});
    CHECK(List(list) == list);
    CHECK(List{List{}}.size() == 1);
    CHECK(List{true, nullptr, "3.0"_dec, std::string{"x"}, Date{}, Variables{}, Range{}, Applicant{}}.size() == 8);
}

TEST_CASE("values nest only so deep that walking them is safe") {
    CHECK(nesting(Value{1}) == 0);
    CHECK(nesting(Value{Range{.low = 1, .high = 2}}) == 1);
    CHECK(nesting(deep(max_nesting)) == max_nesting);
    CHECK(deep(max_nesting) == deep(max_nesting));
    CHECK(complaint([] { (void)deep(max_nesting + 1); }) == "a value nests at most 256 levels deep");
    CHECK(complaint([] { (void)Value{Range{.low = deep(max_nesting), .high = 1}}; }) != "accepted");

    Variables variables{{"a", 1}};
    CHECK(complaint([&] { variables.set("a", deep(max_nesting)); }) != "accepted");
    CHECK(variables == Variables{{"a", 1}});
    variables.set("a", deep(max_nesting - 1));
    CHECK(variables.nesting() == max_nesting);
    variables.set("a", List{1});
    CHECK(variables.nesting() == 2);
    variables.set("b", deep(9));
    variables.erase("b");
    CHECK(variables.nesting() == 2);
}

TEST_CASE("keys are read exactly") {
    CHECK(InstanceKey::parse("9223372036854775807").value == 9223372036854775807u);
    CHECK(InstanceKey::parse(InstanceKey{42}.str()) == InstanceKey{42});
    for (const auto* text : {"", "0", "01", "-1", "+1", " 1", "1 ", "1x", "9223372036854775808", "99999999999999999999"}) {
        INFO(text);
        CHECK(complaint([&] { (void)JobKey::parse(text); }) == "not a key of a job");
    }
    CHECK(complaint([] { (void)InstanceKey::parse("x"); }) == "not a key of an instance");
}

TEST_CASE("a problem is written as editors read it") {
    const Problem error{"loan.yaml", 3, 7, Severity::error, "unknown-target", "there is no element `x`", "did you mean `y`?"};
    const Problem warning{.file = "a.yaml", .severity = Severity::warning, .message = "empty"};
    CHECK(to_string(error) == "loan.yaml:3:7: error: there is no element `x` [unknown-target]");
    CHECK(to_string(warning) == "a.yaml:0:0: warning: empty");
    CHECK(to_string(Code::outcome_unknown) == "outcome-unknown");
}

TEST_CASE("a character is not a number") {
    STATIC_REQUIRE(!std::is_constructible_v<kontor::Value, char>);
    STATIC_REQUIRE(!std::is_constructible_v<kontor::Decimal, char8_t>);
    STATIC_REQUIRE(std::is_constructible_v<kontor::Value, unsigned char>);
}
