#include "feel/table.hpp"

using namespace kontor::feel::test;

namespace {

struct Case {
    std::string_view text;
    std::uint32_t offset;
    std::string_view message;
    std::string_view hint;
};

}  // namespace

TEST_CASE("a syntax error names the place, the trouble and the mend") {
    for (const auto& [text, offset, message, hint] : {
             Case{"a == 1", 2, "expected a comparison, found `=`", "FEEL compares with a single ="},
             Case{"a && b", 2, "expected an operator or the end, found `&`", "FEEL writes: and"},
             Case{"a || b", 2, "expected an operator or the end, found `|`", "FEEL writes: or"},
             Case{"a = 'x'", 4, "expected a value, found `'`", "FEEL puts text in double quotes: \"...\""},
             Case{"!a", 0, "expected a value, found `!`", "FEEL writes not(...)"},
             Case{"a <> b", 2, "expected a comparison, found `<`", "FEEL writes != for not equal"},
             Case{"a +", 3, "the expression ends where a value should follow", ""},
             Case{"a and", 5, "the expression ends where a value should follow", ""},
             Case{"f(a, (b + 1)", 1, "the `(` opened here is never closed", "add `)`"},
             Case{"[1, 2", 0, "the `[` opened here is never closed", "add `]`"},
             Case{"{a: 1", 0, "the `{` opened here is never closed", "add `}`"},
             Case{"a)", 1, "expected an operator or the end, found `)`", "no ( is open here"},
             Case{"\"abc", 0, "the text that begins here is never closed", "end it with \""},
             Case{"a AND b", 2, "expected an operator or the end, found `AND`", "keywords are in lower case: and"},
             Case{"a % 2", 2, "expected an operator or the end, found `%`", "FEEL writes modulo(dividend, divisor)"},
             Case{"a ? 1 : 2", 2, "expected an operator or the end, found `?`", "FEEL writes: if condition then a else b"},
             Case{"if a then b", 11, "`if` without `else`", "write: if condition then a else null"},
             Case{"@\"tomorrow\"", 0, "\"tomorrow\" is no date, time or duration", "for example @\"2026-03-01\", @\"09:30:00\", @\"P2D\" or @\"P1Y6M\""},
             Case{"", 0, "the expression is empty", "write null for no value"},
             Case{"1 /* x", 2, "the comment is never closed", "end it with */"},
             Case{"a + \xe4nderung", 4, "a byte that is not UTF-8", "write the text in UTF-8"},
             Case{"\"\xc3\"", 1, "a byte that is not UTF-8", "write the text in UTF-8"},
             Case{"1 + \xed\xa0\x80", 4, "a byte that is not UTF-8", "write the text in UTF-8"},
             Case{"f(a: 1, 2)", 7, "arguments are either all named or none", "name them all: f(a: 1, b: 2)"},
         }) {
        CAPTURE(text);
        const auto error = refused(text);
        CHECK(error.offset == offset);
        CHECK(error.message == message);
        CHECK(error.hint == hint);
    }
}
