#include "bench/holdings.hpp"

#include <catch2/catch.hpp>

using namespace kontor;

namespace {

/// Two engines and an onlooker; the buckets belong to those of these names, a blank is nobody.
ports::Census census(const std::string& owners) {
    ports::Census made{.nodes = {{"bench-1-x"}, {"bench-2-y"}, {"onlooker", true}}};
    for (const char owner : owners)
        made.buckets.push_back({.node = owner == ' ' ? "" : owner == '1' ? "bench-1-x" : "bench-2-y", .epoch = 1, .is_free = owner == ' '});
    return made;
}

}  // namespace

TEST_CASE("buckets are even when every engine has as many as the others, up to one, and nobody's are none") {
    CHECK(bench::are_even(census("1212"), 2));
    CHECK(bench::are_even(census("11122"), 2));
    CHECK_FALSE(bench::are_even(census("1112"), 2));
    CHECK_FALSE(bench::are_even(census("12 "), 2));
    CHECK_FALSE(bench::are_even(census("1111"), 2));
    CHECK_FALSE(bench::are_even(census("1212"), 3));
    auto gone = census("1212");
    gone.nodes.erase(gone.nodes.begin());   // its buckets are nobody's, whatever their rows say
    CHECK_FALSE(bench::are_even(gone, 1));
}

TEST_CASE("a bucket that came back to the same engine has changed hands too") {
    const auto before = census("1212");
    auto after = before;
    CHECK(bench::changed(before, after) == 0);
    ++after.buckets[2].epoch;
    CHECK(bench::changed(before, after) == 1);
    CHECK(bench::held_by(before, "bench-1") == 2);
}
