#include "journal/snapshot.hpp"
#include "random_fields.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::journal;
using test::Fill;
using test::Maker;

TEST_CASE("a random state comes back from its snapshot") {
    const auto fill = GENERATE(Fill::at_random, Fill::all, Fill::none);
    Maker make{11, fill};
    for (int round = 0; round < 200; ++round) {
        const core::State state = make.state();
        const std::string bytes = encode_snapshot(state);
        const auto back = decode_snapshot(bytes);
        REQUIRE(back);
        REQUIRE(*back == state);
        REQUIRE(encode_snapshot(*back) == bytes);
    }
}

TEST_CASE("a damaged snapshot is thrown away") {
    Maker make{12};
    const std::string bytes = encode_snapshot(make.state());
    for (std::size_t length = 0; length < bytes.size(); ++length) REQUIRE_FALSE(decode_snapshot(std::string_view{bytes}.substr(0, length)));
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        std::string changed = bytes;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        REQUIRE_FALSE(decode_snapshot(changed));
    }
    CHECK_FALSE(decode_snapshot(bytes + '\0'));
}

TEST_CASE("a snapshot of another version or with other fields is thrown away") {
    std::string bytes = encode_snapshot(core::State{});
    const auto place = GENERATE(0, 1);   // version, fingerprint
    bytes[place] = static_cast<char>(bytes[place] + 1);
    CHECK_FALSE(decode_snapshot(bytes));
}

TEST_CASE("states stand in a snapshot by their names") {
    core::State state;
    state.key = {1 << 12};
    state.phase = lifecycle::Instance::suspended;
    core::ElementInstance waiting;
    waiting.job.emplace().state = lifecycle::Job::backing_off;
    state.elements[{1 << 12}] = waiting;
    const std::string bytes = encode_snapshot(state);
    CHECK(bytes.find("suspended") != std::string::npos);
    CHECK(bytes.find("backing-off") != std::string::npos);
}

TEST_CASE("a snapshot is due after 200 events or 64 KB") {
    CHECK_FALSE(wants_snapshot(199, 65'535));
    CHECK(wants_snapshot(200, 0));
    CHECK(wants_snapshot(1, 65'536));
}
