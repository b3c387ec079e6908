#pragma once
/// A place in an expression's text, and the tokens that can be read there.
///
/// There is no separate list of tokens: since names may contain spaces and operators, what a token is depends on the names in scope.
#include "feel/feel.hpp"
#include "feel/syntax/characters.hpp"

#include <string>
#include <string_view>

namespace kontor::feel {

/// Ends parsing; caught where the parser is entered.
struct ParseFailure {
    SyntaxError error;
};

class Cursor {
public:
    explicit Cursor(std::string_view text) : text_{text} {}

    [[nodiscard]] std::uint32_t offset() const noexcept { return static_cast<std::uint32_t>(at_); }
    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    [[nodiscard]] std::string_view rest() const noexcept { return text_.substr(at_); }
    void move_to(std::uint32_t offset) noexcept { at_ = offset; }
    void advance(std::size_t bytes) noexcept { at_ += bytes; }

    /// Passes over spaces and comments.
    void skip();
    [[nodiscard]] bool at_end();
    /// The next byte that is no space, or NUL at the end.
    char peek();
    /// Whether the next token begins with these characters; `accept` also passes over them.
    bool sees(std::string_view symbol);
    bool accept(std::string_view symbol);
    /// The same for a word, which must end where it ends here.
    bool sees_word(std::string_view word);
    bool accept_word(std::string_view word);
    /// The identifier that begins here; empty if there is none.
    std::string_view peek_identifier();

    /// A literal; the cursor stands on its first character.
    Decimal number();
    std::string string();

    [[noreturn]] void fail(std::uint32_t offset, std::string message, std::string hint = {}) const;

private:
    char32_t escape();
    char32_t hex_digits(std::size_t count);

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace kontor::feel
