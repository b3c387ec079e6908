#include "value/codec.hpp"

#include "value/json.hpp"

#include <catch2/catch.hpp>
#include <kontor/error.hpp>

#include <random>

using namespace kontor;
using namespace kontor::literals;

namespace {

std::string encoded(const Value& value) {
    std::string out;
    codec::encode(value, out);
    return out;
}

Value decoded(std::string_view bytes) {
    Value value = codec::decode(bytes);
    CHECK(bytes.empty());
    return value;
}

std::string hex(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        text += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
        text += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
    }
    return text;
}

/// Makes random values of all kinds that can be stored. The same seed gives the same values on every machine.
class Maker {
public:
    explicit Maker(std::uint32_t seed) : random_{seed} {}

    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

    std::uint64_t some_bits() { return random_() >> below(64); }

    Value value(int depth) {
        switch (below(depth > 0 ? 14 : 11)) {
            case 0: return nullptr;
            case 1: return below(2) == 1;
            case 2: return static_cast<std::int64_t>(some_bits());
            case 3: return decimal();
            case 4: return text();
            case 5: return date();
            case 6: return time();
            case 7: return DateTime{date(), time()};
            case 8: return days();
            case 9: return MonthsDuration{static_cast<std::int64_t>(some_bits())};
            case 10: return Range{value(0), value(0), below(2) == 1, below(2) == 1};
            case 11: return Range{value(depth - 1), value(depth - 1), below(2) == 1, below(2) == 1};
            case 12: return list(depth);
            default: return context(depth);
        }
    }

private:
    Decimal decimal() {
        const std::uint64_t biased_exponent = below(3) == 0 ? below(12287) : 6176 - below(20);
        const auto number = Decimal::from_bits({random_(), some_bits() >> 15 | biased_exponent << 49});
        return number.value_or("-12.50"_dec);
    }
    std::string text() {
        std::string text(below(40), ' ');
        for (char& c : text) c = static_cast<char>(below(256));
        return text;
    }
    Date date() {
        const auto year = static_cast<std::int32_t>(below(1'999'999'999)) - 999'999'999;
        return {year, static_cast<std::uint8_t>(1 + below(12)), static_cast<std::uint8_t>(1 + below(28))};
    }
    Time time() {
        Time at{static_cast<std::uint8_t>(below(24)), static_cast<std::uint8_t>(below(60)), static_cast<std::uint8_t>(below(60)),
                static_cast<std::uint32_t>(below(1'000'000'000)), {}};
        if (below(3) == 0) at.zone = UtcOffset{static_cast<std::int32_t>(below(129'601)) - 64'800};
        if (below(3) == 0) at.zone = ZoneName{text()};
        return at;
    }
    DaysDuration days() {
        const int sign = below(2) == 0 ? 1 : -1;
        return {sign * static_cast<std::int64_t>(some_bits() >> 1), sign * static_cast<std::int32_t>(below(1'000'000'000))};
    }
    List list(int depth) {
        std::vector<Value> items;
        for (auto n = below(6); n > 0; --n) items.push_back(value(depth - 1));
        return items;
    }
    Variables context(int depth) {
        Variables variables;
        for (auto n = below(below(8) == 0 ? 40 : 6); n > 0; --n) variables.set(text(), value(depth - 1));
        return variables;
    }

    std::mt19937_64 random_;
};

bool is_damaged(std::string_view bytes) {
    const auto before = bytes;
    try {
        (void)codec::decode(bytes);
        return false;
    } catch (const Error& error) {
        CHECK(error.code() == Code::bad_input);
        CHECK(bytes.data() == before.data());
        CHECK(bytes.size() == before.size());
        return true;
    }
}

}  // namespace

TEST_CASE("stored values: golden bytes, which must never change") {
    const std::pair<Value, const char*> golden[] = {
        {nullptr, "00"},
        {false, "01"},
        {true, "02"},
        {0, "2000"},
        {-1, "2001"},
        {42, "2054"},
        {"100.00"_dec, "22a09c01"},
        {"0.00"_dec, "2200"},
        {INT64_MAX, "20feffffffffffffffff01"},
        {INT64_MIN, "03000000000000008000000000000040b0"},
        {"1e40"_dec, "0301000000000000000000000000009030"},
        {"", "0400"},
        {"caf\xC3\xA9", "0405636166c3a9"},
        {Date{2026, 3, 1}, "05d41f0301"},
        {Time{.hour = 9, .minute = 30}, "06091e000000"},
        {Time{.hour = 9, .zone = UtcOffset{-3600}}, "0609000000019f38"},
        {Time{.hour = 9, .nanosecond = 500, .zone = ZoneName{"UTC"}}, "06090000f4030203555443"},
        {DateTime{Date{1969, 12, 31}, Time{.hour = 23, .minute = 59, .second = 59}}, "07e21e0c1f173b3b0000"},
        {DaysDuration{-1, -5}, "080109"},
        {MonthsDuration{18}, "0924"},
        {Range{.low = 1, .high = 2, .high_closed = false}, "0a0120022004"},
        {List{1, nullptr, List{}}, "0b032002000b00"},
        {Variables{{"b", true}, {"a", "x"}}, "0c020162020161040178"},
    };
    for (const auto& [value, bytes] : golden) {
        INFO(json::write(value));
        CHECK(hex(encoded(value)) == bytes);
        CHECK(decoded(encoded(value)) == value);
    }
}

TEST_CASE("stored values: money and counters are short, and keep their scale") {
    CHECK(encoded(63).size() == 2);
    CHECK(encoded("81.91"_dec).size() == 3);
    CHECK(encoded("10000.00"_dec).size() == 4);
    CHECK(encoded("250000.00"_dec).size() == 5);
    CHECK(encoded("1.234567890123456789012345678901234"_dec).size() == 17);
    for (const auto* text : {"100.00", "0.000", "1E+3", "-0.000000000000001", "-0.0000000000000001",
                             "9223372036854775807", "9223372036854775808"}) {
        CHECK(decoded(encoded(Decimal::parse(text))).if_number()->str() == text);
    }
}

TEST_CASE("stored values: what goes in comes out, and nothing less") {
    Maker make{20260301};
    for (int round = 0; round < 2000; ++round) {
        const Value value = make.value(4);
        const std::string bytes = encoded(value);
        REQUIRE(decoded(bytes) == value);
        REQUIRE(encoded(decoded(bytes)) == bytes);
        if (bytes.size() > 2000) continue;
        for (std::size_t size = 0; size < bytes.size(); ++size) REQUIRE(is_damaged(std::string_view{bytes}.substr(0, size)));
    }
}

TEST_CASE("stored values: damaged bytes are refused or mean what they say, and never crash") {
    Maker make{7};
    int accepted = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes = encoded(make.value(3));
        if (bytes.size() > 1000) continue;
        if (round % 2 == 0) {
            for (char& c : bytes) c = static_cast<char>(make.below(4) == 0 ? make.below(256) : make.below(0x30));
        } else {
            bytes[make.below(bytes.size())] = static_cast<char>(make.below(256));
        }
        std::string_view rest = bytes;
        try {
            const Value value = codec::decode(rest);
            ++accepted;
            // One form for each value: whatever is accepted is what encode would have written.
            REQUIRE(encoded(value) == std::string_view{bytes}.substr(0, bytes.size() - rest.size()));
        } catch (const Error&) {
        }
    }
    CHECK(accepted > 1000);
}

TEST_CASE("stored values: several follow each other") {
    std::string bytes;
    codec::encode(1, bytes);
    codec::encode("two", bytes);
    std::string_view rest = bytes;
    CHECK(codec::decode(rest) == Value{1});
    CHECK(codec::decode(rest) == Value{"two"});
    CHECK(rest.empty());
    CHECK(is_damaged(rest));
}

TEST_CASE("stored values: other forms of the same value are damage") {
    const auto refused = [](std::initializer_list<int> bytes) {
        std::string text;
        for (const int byte : bytes) text += static_cast<char>(byte);
        return is_damaged(text);
    };
    CHECK(refused({0x20, 0x80, 0x00}));                                            // a varint longer than it needs to be
    CHECK(refused({0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02}));   // more than 64 bits
    CHECK(refused({0x03, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x30}));   // 1 as a wide number
    CHECK(refused({0x03, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x78}));   // infinity
    CHECK(refused({0x03, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x90, 0xb0}));   // minus zero
    CHECK(refused({0x0c, 2, 1, 'a', 0, 1, 'a', 0}));                               // a name twice
    CHECK(refused({0x05, 0xd4, 0x1f, 2, 30}));                                     // 30 February
    CHECK(refused({0x08, 0x01, 0x0a}));                                            // -1 s, +5 ns
    CHECK(refused({0x0d}));
    CHECK(refused({0xff}));
}

TEST_CASE("stored values: a damaged count cannot ask for much memory or depth") {
    std::string huge{"\x0b"};
    bytes::Writer{huge}.varint(std::uint64_t{1} << 60);
    CHECK(is_damaged(huge));
    CHECK(is_damaged(std::string(1'000'000, '\x0b')));   // every list announces eleven items
    std::string bomb;
    for (int n = 0; n < 100'000; ++n) bomb += "\x0b\x01";
    CHECK(is_damaged(bomb + '\0'));

    Value deepest = List{};
    for (std::size_t n = 1; n < max_nesting; ++n) deepest = List{deepest};
    CHECK(decoded(encoded(deepest)) == deepest);
}

TEST_CASE("stored values: what cannot be stored leaves nothing behind") {
    std::string out = "before";
    CHECK_THROWS_AS(codec::encode(List{1, std::shared_ptr<const Function>{}}, out), Error);
    CHECK_THROWS_AS(codec::encode(List{1, Date{2026, 2, 30}}, out), Error);
    CHECK_THROWS_AS(codec::encode(Time{.hour = 24}, out), Error);
    CHECK_THROWS_AS(codec::encode(DaysDuration{1, -1}, out), Error);
    CHECK(out == "before");
}
