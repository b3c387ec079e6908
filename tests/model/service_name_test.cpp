#include "model/service_name.hpp"

#include <catch2/catch.hpp>

using namespace kontor::model;

TEST_CASE("a pattern fits every service with its beginning, a name only itself") {
    CHECK(service_fits("credit.*", "credit.check"));
    CHECK(service_fits("credit.*", "credit."));
    CHECK_FALSE(service_fits("credit.*", "credit"));
    CHECK(service_fits("*", "credit.check"));
    CHECK(service_fits("credit.check", "credit.check"));
    CHECK_FALSE(service_fits("credit.check", "credit.checked"));
    CHECK_FALSE(service_fits("", "credit"));
}

TEST_CASE("a whole name says more than any pattern, a longer pattern more than a shorter one") {
    CHECK(says_more("credit.a", "credit.*"));
    CHECK(says_more("credit.a", "credit.a*"));   // though it is shorter
    CHECK_FALSE(says_more("credit.a*", "credit.a"));
    CHECK(says_more("credit.*", "*"));
    CHECK_FALSE(says_more("credit.*", "credit.*"));
}
