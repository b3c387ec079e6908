#include <kontor/decimal.hpp>

#include "value/decimal_math.hpp"

#include <catch2/catch.hpp>
#include <kontor/error.hpp>

#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <sstream>
#include <vector>

using namespace kontor;
using namespace kontor::literals;

namespace {

using Maybe = std::optional<Decimal>;
using Words = std::vector<std::string>;

const std::map<std::string, Rounding> modes{
    {"half_even", Rounding::half_even}, {"half_up", Rounding::half_up}, {"half_down", Rounding::half_down}, {"up", Rounding::up},
    {"down", Rounding::down}, {"floor", Rounding::floor}, {"ceiling", Rounding::ceiling}};

Maybe computed(const Words& words) {
    const auto operand = [&](std::size_t n) { return Decimal::parse(words.at(n)); };
    const std::string& operation = words[0];
    if (operation == "add") return math::add(operand(1), operand(2));
    if (operation == "sub") return math::sub(operand(1), operand(2));
    if (operation == "mul") return math::mul(operand(1), operand(2));
    if (operation == "div") return math::div(operand(1), operand(2));
    if (operation == "mod") return math::modulo(operand(1), operand(2));
    if (operation == "pow" || operation == "power") return math::pow(operand(1), operand(2));
    if (operation == "sqrt") return math::sqrt(operand(1));
    if (operation == "exp") return math::exp(operand(1));
    if (operation == "log") return math::log(operand(1));
    if (operation == "cmp") return operand(1) < operand(2) ? -1 : operand(1) == operand(2) ? 0 : 1;
    return math::round(operand(2), std::stoi(words[1]), modes.at(operation));
}

/// Whether the result differs from the expected one, which has 34 digits, by at most so many units of the last.
bool close(const Decimal& result, const Decimal& expected, int units) {
    if (result == expected) return true;
    return math::abs(result - expected) <= Decimal{units} * Decimal::parse("1e" + std::to_string(-expected.scale()));
}

std::string text(const Maybe& number) { return number ? number->str() : "none"; }

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

}  // namespace

TEST_CASE("decimals agree with Python's decimal module") {
    std::ifstream file{KONTOR_SOURCE_DIR "/tests/value/decimal_reference.txt"};
    int cases = 0;
    for (std::string line; std::getline(file, line); ++cases) {
        INFO(line);
        std::istringstream stream{line};
        Words words{std::istream_iterator<std::string>{stream}, {}};
        if (words[0] == "text") {
            CHECK(Decimal::parse(words[1]).str() == words[2]);
            continue;
        }
        const auto result = computed(words);
        if (words.back() == "none" || !result) {
            CHECK(text(result) == words.back());
            continue;
        }
        const auto expected = Decimal::parse(words.back());
        const bool transcendental = words[0] == "exp" || words[0] == "log" || words[0] == "power";
        const bool keeps_scale = !transcendental && words[0] != "mod" && words[0] != "pow";
        CHECK(close(*result, expected, transcendental ? 1 : 0));
        if (keeps_scale) CHECK(result->scale() == expected.scale());
    }
    CHECK(cases > 3500);
}

TEST_CASE("decimals keep their scale") {
    CHECK(("100.00"_dec + 1).str() == "101.00");
    CHECK(("100.00"_dec * "1.5"_dec).str() == "150.000");
    CHECK(("100.00"_dec / 4).str() == "25.00");
    CHECK(math::pow("1.1"_dec, 2)->str() == "1.21");
    CHECK(math::pow("2.00"_dec, 3)->str() == "8.000000");
    CHECK(math::pow(10, -2)->str() == "0.01");
    CHECK(math::sqrt("16.00"_dec)->str() == "4.0");
    CHECK("100.00"_dec.scale() == 2);
    CHECK("1e3"_dec.scale() == -3);
    CHECK("100.00"_dec == 100);
    CHECK("99.99"_dec < 100);
}

TEST_CASE("only a whole text that is a number is read") {
    for (const auto* bad : {"", "-", "+1", "--1", "5.", ".", "-.", "1e", "1e+", "e5", "1.2.3", " 1", "1 ", "1,5", "0x1", "abc",
                            "NaN", "Infinity", "inf", "1e5.0", "1_000", "\xD9\xA1"}) {
        INFO(bad);
        CHECK_FALSE(Decimal::try_parse(bad));
        CHECK(complaint([&] { (void)Decimal::parse(bad); }) == "the text is not a number");
    }
    CHECK(Decimal::parse(".5").str() == "0.5");
    CHECK(Decimal::parse("-.5e-1").str() == "-0.05");
    CHECK(Decimal::parse("007.10").str() == "7.10");
    CHECK(Decimal::parse("-0.00").str() == "0.00");
    CHECK(complaint([] { (void)Decimal::parse("12345678901234567890123456789012345"); }) ==
          "a number has at most 34 significant digits");
    CHECK(complaint([] { (void)Decimal::parse("1e99999999999999999999"); }) == "the number is out of the range of decimal128");
    CHECK(complaint([] { (void)Decimal::parse(std::string(1'000'000, '0')); }) == "the number is out of the range of decimal128");
    CHECK(Decimal::parse("0." + std::string(100, '0') + "1") == "1e-101"_dec);
}

TEST_CASE("the ends of the range") {
    CHECK("1e6144"_dec.str() == "1.000000000000000000000000000000000E+6144");
    CHECK_FALSE(Decimal::try_parse("1e6145"));
    CHECK("1e-6176"_dec.str() == "1E-6176");
    CHECK("10e-6177"_dec == "1e-6176"_dec);
    CHECK_FALSE(Decimal::try_parse("1e-6177"));
    CHECK("0e9999"_dec.is_zero());
    CHECK("0e-9999"_dec.is_zero());
}

TEST_CASE("a result that is not finite is refused") {
    CHECK(complaint([] { (void)(1 / Decimal{}); }) == "division by zero");
    CHECK(complaint([] { (void)(Decimal{} / Decimal{}); }) == "division by zero");
    CHECK(complaint([] { (void)("9e6144"_dec * 10); }) == "product out of range");
    CHECK(complaint([] { (void)("9e6144"_dec + "9e6144"_dec); }) == "sum out of range");
    CHECK(complaint([] { (void)("-9e6144"_dec - "9e6144"_dec); }) == "difference out of range");
    CHECK(complaint([] { (void)("9e6144"_dec / "0.1"_dec); }) == "quotient out of range");
    CHECK_FALSE(math::pow(0, -1));
    CHECK_FALSE(math::pow(-8, "0.5"_dec));
    CHECK_FALSE(math::pow(10, 7000));
    CHECK_FALSE(math::pow(10, "1e30"_dec));
    CHECK_FALSE(math::exp("1e6000"_dec));
    CHECK_FALSE(math::log(0));
    CHECK_FALSE(math::log(-1));
    CHECK_FALSE(math::sqrt(-1));
    CHECK_FALSE(math::modulo(1, 0));
    CHECK(math::pow(0, 0) == Decimal{1});
    CHECK(math::pow(10, -6150).value() == "1e-6150"_dec);
    CHECK(math::exp("-1e6000"_dec)->is_zero());
}

TEST_CASE("there is no negative zero") {
    for (const Decimal& zero : {Decimal{} * -1, -Decimal{}, "-0"_dec, "-0.4"_dec.rounded(0, Rounding::half_even),
                                *Decimal::from_bits({0, 0xb040000000000000}), "1e-6176"_dec * "-0.1"_dec, *math::modulo(-5, 5)}) {
        CHECK_FALSE(zero.is_negative());
        CHECK(zero.str().front() == '0');
    }
}

TEST_CASE("integers and minor units are exact or refused") {
    CHECK("1e18"_dec.to_int64() == 1'000'000'000'000'000'000);
    CHECK(Decimal{INT64_MIN}.to_int64() == INT64_MIN);
    CHECK_FALSE((Decimal{INT64_MIN} - 1).to_int64());
    CHECK_FALSE(Decimal{UINT64_MAX}.to_int64());
    CHECK_FALSE("1.5"_dec.to_int64());
    CHECK_FALSE("1e19"_dec.to_int64());
    CHECK_FALSE("1e-6000"_dec.to_int64());
    CHECK("0e-6000"_dec.to_int64() == 0);
    CHECK("120.00"_dec.is_integer());
    CHECK_FALSE("120.01"_dec.is_integer());

    CHECK("-12.30"_dec.minor_units(2) == -1230);
    CHECK("12"_dec.minor_units(2) == 1200);
    CHECK("1200"_dec.minor_units(-2) == 12);
    CHECK(Decimal{INT64_MIN}.minor_units(0) == INT64_MIN);
    CHECK(complaint([] { (void)"12.345"_dec.minor_units(2); }) != "accepted");
    CHECK(complaint([] { (void)"1e17"_dec.minor_units(2); }) != "accepted");
    CHECK(complaint([] { (void)Decimal{1}.minor_units(100'000); }) != "accepted");
}

TEST_CASE("rounding pads as far as 34 digits allow and refuses places out of range") {
    CHECK("2.5"_dec.rounded(4, Rounding::down).str() == "2.5000");
    CHECK("1234567890123456789012345678901234"_dec.rounded(2, Rounding::half_even).str() == "1234567890123456789012345678901234");
    CHECK("1e40"_dec.rounded(2, Rounding::half_even) == "1e40"_dec);
    CHECK("-5"_dec.rounded(-6111, Rounding::up) == "-1e6111"_dec);
    CHECK("0"_dec.rounded(6176, Rounding::up).scale() == 6176);
    CHECK(complaint([] { (void)Decimal{1}.rounded(6177, Rounding::up); }) != "accepted");
    CHECK(complaint([] { (void)Decimal{1}.rounded(-6112, Rounding::up); }) != "accepted");
    CHECK(math::floor("-1.5"_dec).str() == "-2");
    CHECK(math::ceiling("-1.5"_dec).str() == "-1");
    CHECK(math::modulo("-10.1"_dec, "4.5"_dec) == "3.4"_dec);
}

TEST_CASE("any bits are a finite number or nothing, and survive text") {
    std::mt19937_64 random{128};
    int finite = 0;
    for (int n = 0; n < 20'000; ++n) {
        const auto number = Decimal::from_bits({random(), random() >> 16 | (random() & 0xfffe000000000000)});
        if (!number) continue;
        ++finite;
        REQUIRE(Decimal::parse(number->str()).bits() == number->bits());
        REQUIRE(Decimal::from_bits(number->bits())->bits() == number->bits());
    }
    CHECK(finite > 5'000);
    CHECK_FALSE(Decimal::from_bits({0, 0x7800000000000000}));   // infinity
    CHECK_FALSE(Decimal::from_bits({0, 0x7c00000000000000}));   // NaN
    CHECK_FALSE(Decimal::from_bits({0, 0x6000000000000000}));   // the long form of the coefficient
    CHECK_FALSE(Decimal::from_bits({0xffffffffffffffff, 0x3041ffffffffffff}));   // 35 digits
}

TEST_CASE("equal decimals have equal hashes") {
    CHECK(math::hash("1.0"_dec) == math::hash(1));
    CHECK(math::hash("1000.00"_dec) == math::hash("1e3"_dec));
    CHECK(math::hash("0.00"_dec) == math::hash(0));
    CHECK(math::hash("-1"_dec) != math::hash(1));
    CHECK(math::hash("0.1"_dec) != math::hash(1));
}
