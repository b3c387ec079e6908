#include "journal/encoding.hpp"
#include "journal/error.hpp"
#include "random_fields.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::journal;
using test::Fill;
using test::Maker;

namespace {

constexpr auto event_types = std::variant_size_v<core::Event>;

core::Record with_one_event(Maker& make, std::size_t type) {
    core::Record record = make.record(0);
    record.events.push_back(make.event(type));
    return record;
}

core::Record small_record() {
    Maker make{7};
    return make.record(4);
}

}  // namespace

TEST_CASE("every type of event comes back as it was, in the same bytes") {
    const auto fill = GENERATE(Fill::at_random, Fill::all, Fill::none);
    Maker make{1, fill};
    for (std::size_t type = 0; type < event_types; ++type) {
        for (int round = 0; round < 40; ++round) {
            const core::Record record = with_one_event(make, type);
            INFO(core::type_of(record.events[0]).name);
            const std::string bytes = encode(record);
            const core::Record back = decode(record.position, bytes);
            REQUIRE(back == record);
            REQUIRE(encode(back) == bytes);
        }
    }
}

TEST_CASE("rows of many events come back as they were") {
    Maker make{2};
    for (int round = 0; round < 300; ++round) {
        const core::Record record = make.record(make.below(30));
        const std::string bytes = encode(record);
        REQUIRE(decode(record.position, bytes) == record);
    }
}

TEST_CASE("times and keys at the edge of their range come back") {
    const auto extreme = GENERATE(Instant::min(), Instant::max(), Instant{});
    const auto at = GENERATE(Instant::min(), Instant::max(), Instant{});
    const core::Position position{255, (std::uint64_t{1} << 43) - 1};
    const core::Record record{position, {INT64_MAX}, at, {core::JobDeferred{{1}, extreme}, core::JobDeferred{{INT64_MAX}, extreme}}};
    CHECK(decode(position, encode(record)) == record);
}

TEST_CASE("a row that is cut off anywhere is refused") {
    const core::Record record = small_record();
    const std::string bytes = encode(record);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        REQUIRE_THROWS_AS(decode(record.position, std::string_view{bytes}.substr(0, length)), Damaged);
    }
    CHECK_THROWS_AS(decode(record.position, bytes + '\0'), Damaged);
}

TEST_CASE("a changed bit gives an error or another row, never the same one, and no crash") {
    const core::Record record = small_record();
    const std::string bytes = encode(record);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        std::string changed = bytes;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        try {
            const core::Record read = decode(record.position, changed);
            REQUIRE(encode(read) == changed);
        } catch (const ReadError&) {
        }
    }
}

TEST_CASE("bytes of any kind are refused or read, within bounds") {
    Maker make{3};
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes(make.below(60), '\1');
        for (std::size_t i = 1; i < bytes.size(); ++i) bytes[i] = static_cast<char>(make.below(i < 12 ? 40 : 256));
        try {
            decode({3, 17}, bytes);
        } catch (const ReadError&) {
        }
    }
}

TEST_CASE("an error names the row, the event and what is wrong") {
    const core::Position position{3, 17};
    const core::Record record{position, {first_key({3, 5})}, Instant{}, {core::InstanceResumed{"alice"}, core::JobRetried{{9}, 2}}};
    const std::string bytes = encode(record);
    CHECK_THROWS_WITH(decode(position, bytes.substr(0, bytes.size() - 1)),
                      "journal row 3:17, event 2 (jobRetried): stored bytes are damaged: they end too early");
    CHECK_THROWS_WITH(decode(position, ""), "journal row 3:17: stored bytes are damaged: they end too early");
    try {
        decode(position, "");
    } catch (const ReadError& error) {
        CHECK(error.code() == Code::bad_input);
        CHECK(error.position() == position);
    }
}

TEST_CASE("a value that cannot be stored is refused when it is written") {
    const Value function{std::shared_ptr<const Function>{}};
    const core::Record record{{3, 17}, {first_key({3, 5})}, Instant{}, {core::JobCompleted{{9}, function}}};
    CHECK_THROWS_AS(encode(record), Error);
}
