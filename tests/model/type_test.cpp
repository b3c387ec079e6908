#include "model/type.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::model;

namespace {

Type context(std::string name, std::vector<Type::Field> fields) {
    Type type = *builtin_type("context");
    type.name = std::move(name);
    type.fields = std::move(fields);
    return type;
}

}  // namespace

TEST_CASE("FEEL's types are known by all their names") {
    for (const char* name : {"any", "boolean", "number", "string", "date", "time", "date and time", "dateTime",
        "days and time duration",
                             "years and months duration", "list", "context"}) {
        INFO(name);
        REQUIRE(builtin_type(name));
        CHECK(builtin_type(name)->name == name);
    }
    CHECK_FALSE(builtin_type("Money"));
    CHECK_FALSE(builtin_type(""));
}

TEST_CASE("a mismatch says where, what is wanted and what was found") {
    const Type application = context("Application", {{"amount", builtin_type("number"), true},
        {"client", builtin_type("string"), false}});
    Type applications = *builtin_type("list");
    applications.element = std::make_shared<const Type>(application);
    const Variables good{{"amount", 12}, {"more", true}};
    CHECK_FALSE(mismatch(application, Value{good}, "application"));
    CHECK(mismatch(application, Value{Variables{{"amount", "12"}}}, "application") ==
        "application.amount: a number is wanted, not a string");
    CHECK(mismatch(application, Value{Variables{{"client", "x"}}}, "application") == "application.amount: a value is required");
    CHECK(mismatch(application, Value{12}, "application") == "application: an Application is wanted, not a number");
    CHECK(mismatch(applications, Value{std::vector<Value>{Value{good}, Value{3}}}, "all") ==
        "all[2]: an Application is wanted, not a number");
    CHECK_FALSE(mismatch(application, Value{}, "application"));
    CHECK_FALSE(mismatch(*builtin_type("any"), Value{12}, "x"));
}

TEST_CASE("allowed values compare by value") {
    Type grade = *builtin_type("number");
    grade.allowed_values = {Value{1}, Value{2}};
    CHECK_FALSE(mismatch(grade, Value{Decimal::parse("1.0")}, "grade"));
    CHECK(mismatch(grade, Value{3}, "grade") == "grade: the value is not one of 1, 2");
}
