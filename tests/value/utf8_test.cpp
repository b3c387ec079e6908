#include "value/utf8.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace kontor;

namespace {

bool is_one_character(std::string_view text, char32_t code) {
    const auto found = utf8::character(text, 0);
    return found.code == code && found.length == text.size();
}

}  // namespace

TEST_CASE("the first and the last character of each length are read") {
    CHECK(is_one_character(std::string_view{"\0", 1}, 0));
    CHECK(is_one_character("\x7F", 0x7F));
    CHECK(is_one_character("\xC2\x80", 0x80));
    CHECK(is_one_character("\xDF\xBF", 0x7FF));
    CHECK(is_one_character("\xE0\xA0\x80", 0x800));
    CHECK(is_one_character("\xED\x9F\xBF", 0xD7FF));   // before the surrogates
    CHECK(is_one_character("\xEE\x80\x80", 0xE000));   // behind them
    CHECK(is_one_character("\xEF\xBF\xBF", 0xFFFF));
    CHECK(is_one_character("\xF0\x90\x80\x80", 0x10000));
    CHECK(is_one_character("\xF4\x8F\xBF\xBF", 0x10FFFF));
}

TEST_CASE("what is no character has no length: overlong forms, surrogates, too large ones, halves") {
    for (const std::string_view bad : {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
                                       "\xF5\x80\x80\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xC3(", "\xE2\x82("}) {
        INFO(bad);
        CHECK(utf8::character_length(bad, 0) == 0);
        CHECK(utf8::character(bad, 0).length == 0);
    }
}

TEST_CASE("the first byte that is wrong is found behind what is right") {
    CHECK(utf8::find_invalid("Zoë, 3 €, \U0001F600") == std::string_view::npos);
    CHECK(utf8::find_invalid("Zoë\xFF") == 4);
    CHECK(utf8::character("a€", 1).code == 0x20AC);
}
