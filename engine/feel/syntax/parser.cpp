#include "feel/syntax/parser_impl.hpp"

#include "value/utf8.hpp"

namespace kontor::feel {
namespace {

constexpr std::uint16_t max_height = 1000;

/// What people write who come from another language, and what FEEL wants instead.
struct Mend {
    std::string_view found;
    std::string_view hint;
};
constexpr Mend symbol_mends[] = {
    {"==", "FEEL compares with a single ="},
    {"<>", "FEEL writes != for not equal"},
    {"=>", "FEEL writes >= for at least"},
    {"=<", "FEEL writes <= for at most"},
    {"&&", "FEEL writes: and"},
    {"&", "FEEL writes: and"},
    {"||", "FEEL writes: or"},
    {"|", "FEEL writes: or"},
    {"!", "FEEL writes not(...)"},
    {"'", "FEEL puts text in double quotes: \"...\""},
    {"`", "FEEL puts text in double quotes: \"...\""},
    {"%", "FEEL writes modulo(dividend, divisor)"},
    {"^", "FEEL writes ** for powers"},
    {"?", "FEEL writes: if condition then a else b"},
    {"$", "a name begins with a letter or _"},
    {"#", "a comment begins with //"},
    {";", "an expression is one value and ends without ;"},
    {":", "an entry `name: value` stands in braces: {name: value}"},
    {")", "no ( is open here"},
    {"}", "no { is open here"},
    {"]", "no [ is open here"},
    {",", "a list stands in brackets: [a, b]"},
};
constexpr Mend word_mends[] = {
    {"AND", "keywords are in lower case: and"}, {"OR", "keywords are in lower case: or"},   {"IN", "keywords are in lower case: in"},
    {"is", "FEEL compares with ="},             {"equals", "FEEL compares with ="},         {"eq", "FEEL compares with ="},
    {"mod", "FEEL writes modulo(a, b)"},        {"not", "FEEL writes not(...)"},            {"then", "then belongs to: if condition then a else b"},
    {"else", "else belongs to: if condition then a else b"},
};

}  // namespace

NodePtr Parser::checked(NodePtr node) const {
    if (node->height > max_height) cursor_.fail(node->offset, "the expression is nested too deeply", "divide it into several");
    return node;
}

void Parser::unexpected(std::string_view wanted) {
    if (cursor_.at_end()) cursor_.fail(cursor_.offset(), "the expression ends where " + std::string{wanted} + " should follow");
    const auto word = cursor_.peek_identifier();
    std::string hint;
    for (const auto& mend : word_mends)
        if (word == mend.found) hint = mend.hint;
    if (word.empty())
        for (const auto& mend : symbol_mends)
            if (hint.empty() && cursor_.sees(mend.found)) hint = mend.hint;
    const auto length = word.empty() ? code_point(cursor_.rest(), 0).length : word.size();
    cursor_.fail(cursor_.offset(), "expected " + std::string{wanted} + ", found `" + std::string{cursor_.rest().substr(0, length)} + "`", hint);
}

void Parser::expect(std::string_view symbol, std::string_view after) {
    if (!cursor_.accept(symbol)) unexpected("`" + std::string{symbol} + "` after " + std::string{after});
}

void Parser::expect_word(std::string_view word, std::string_view after) {
    if (!cursor_.accept_word(word)) unexpected("`" + std::string{word} + "` after " + std::string{after});
}

void Parser::expect_close(char close, char open, std::uint32_t opened_at) {
    if (cursor_.accept(std::string_view{&close, 1})) return;
    if (cursor_.at_end())
        cursor_.fail(opened_at, std::string{"the `"} + open + "` opened here is never closed", std::string{"add `"} + close + "`");
    unexpected(std::string{"an operator, `,` or `"} + close + "`");
}

Parsed Parser::finish(NodePtr root) {
    if (!cursor_.at_end()) unexpected("an operator or the end");
    return {std::move(root), std::move(names_.reads), std::move(names_.perhaps_entries)};
}

Parsed Parser::expression_only() {
    if (cursor_.at_end()) cursor_.fail(0, "the expression is empty", "write null for no value");
    return finish(expression());
}

Parsed Parser::unary_tests_only() {
    if (cursor_.at_end()) cursor_.fail(0, "the test is empty", "write - for any value");
    if (cursor_.sees("-")) {
        const auto begin = cursor_.offset();
        cursor_.advance(1);
        if (cursor_.at_end()) return finish(make<Tests>(begin, std::vector<Tests::Test>{}, false, true));
        cursor_.move_to(begin);
    }
    if (auto negated = negated_tests()) return finish(std::move(negated));
    return finish(tests(false));
}

Type Parser::type_only() {
    auto result = type();
    if (!cursor_.at_end()) unexpected("the end of the type");
    return result;
}

namespace {

/// Names and texts leave the engine as JSON: what is not UTF-8 must not come in.
std::optional<SyntaxError> refuse_bytes(std::string_view text) {
    const auto at = utf8::find_invalid(text);
    if (at == std::string_view::npos) return std::nullopt;
    return SyntaxError{static_cast<std::uint32_t>(at), "a byte that is not UTF-8", "write the text in UTF-8"};
}

}  // namespace

std::variant<Parsed, SyntaxError> parse_expression(std::string_view text, const Vocabulary& vocabulary) try {
    if (auto error = refuse_bytes(text)) return std::move(*error);
    return Parser{text, vocabulary}.expression_only();
} catch (ParseFailure& failure) {
    return std::move(failure.error);
}

std::variant<Parsed, SyntaxError> parse_unary_tests(std::string_view text, const Vocabulary& vocabulary) try {
    if (auto error = refuse_bytes(text)) return std::move(*error);
    return Parser{text, vocabulary}.unary_tests_only();
} catch (ParseFailure& failure) {
    return std::move(failure.error);
}

std::variant<Type, SyntaxError> read_type(std::string_view text, const Types& types) try {
    if (auto error = refuse_bytes(text)) return std::move(*error);
    return Parser{text, {{}, &types}}.type_only();
} catch (ParseFailure& failure) {
    return std::move(failure.error);
}

}  // namespace kontor::feel
