#include "bench/part.hpp"

#include <catch2/catch.hpp>

using namespace kontor::bench;

TEST_CASE("a part comes back as it was") {
    Part part;
    part.figures.instances = 7;
    part.figures.cost.database_bytes = 3.5;
    for (const auto& milliseconds : {std::vector<double>{}, std::vector<double>{1, 2.25}}) {
        part.milliseconds = milliseconds;
        const Part back = unpacked(packed(part));
        CHECK(back.figures.instances == 7);
        CHECK(back.figures.cost.database_bytes == 3.5);
        CHECK(back.milliseconds == milliseconds);
    }
}
