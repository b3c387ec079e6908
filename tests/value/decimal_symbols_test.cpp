/// libgcc defines `__bid128_*` too, with other arguments than Intel's library. Both in one program must not meet.
#if defined(__GNUC__) && !defined(__clang__) && __has_include(<decimal/decimal>)
#include <kontor/decimal.hpp>

#include <catch2/catch.hpp>
#include <decimal/decimal>

using namespace kontor::literals;

TEST_CASE("a program may use the compiler's decimals beside ours") {
    volatile long long seven = 7;
    using Theirs = std::decimal::decimal128;
    const Theirs theirs = Theirs{seven} * Theirs{6LL} / Theirs{4LL};
    const kontor::Decimal ours = kontor::Decimal{static_cast<long long>(seven)} * 6 / 4;
    CHECK(theirs == std::decimal::make_decimal128(105LL, -1));
    CHECK(ours == "10.5"_dec);
}
#endif
