#include "feel/syntax/cursor.hpp"

#include "value/decimal_math.hpp"

namespace kontor::feel {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::size_t digits_at(std::string_view text, std::size_t at) {
    std::size_t count = 0;
    while (at + count < text.size() && is_digit(text[at + count])) ++count;
    return count;
}

/// A number of more than 34 digits, rounded to 34: the sum of its first 34 digits and of the others.
std::optional<Decimal> long_number(std::string_view text) {
    std::string digits;
    std::int64_t exponent = 0;
    bool behind_point = false;
    for (const char c : text) {
        if (c == 'e' || c == 'E') return std::nullopt;
        if (c == '.') behind_point = true;
        else if (digits.empty() && c == '0') exponent -= behind_point;
        else digits.push_back(c), exponent -= behind_point;
    }
    if (digits.size() <= 34) return Decimal::try_parse((digits.empty() ? "0" : digits) + "e" + std::to_string(exponent));
    const auto count = static_cast<std::int64_t>(digits.size());
    const auto tail = digits.substr(34, 34);
    const auto high = Decimal::try_parse(digits.substr(0, 34) + "e" + std::to_string(exponent + count - 34));
    const auto low = Decimal::try_parse(tail + "e" + std::to_string(exponent + count - 34 - static_cast<std::int64_t>(tail.size())));
    if (!high || !low) return std::nullopt;
    return math::add(*high, *low);
}

}  // namespace

void Cursor::fail(std::uint32_t offset, std::string message, std::string hint) const {
    throw ParseFailure{{offset, std::move(message), std::move(hint)}};
}

void Cursor::skip() {
    for (;;) {
        const auto c = code_point(text_, at_);
        if (c.length && is_space(c.value)) {
            at_ += c.length;
        } else if (rest().starts_with("//")) {
            at_ = std::min(text_.find('\n', at_), text_.size());
        } else if (rest().starts_with("/*")) {
            const auto end = text_.find("*/", at_ + 2);
            if (end == text_.npos) fail(offset(), "the comment is never closed", "end it with */");
            at_ = end + 2;
        } else {
            return;
        }
    }
}

bool Cursor::at_end() {
    skip();
    return at_ >= text_.size();
}

char Cursor::peek() {
    skip();
    return at_ < text_.size() ? text_[at_] : '\0';
}

bool Cursor::sees(std::string_view symbol) {
    skip();
    return rest().starts_with(symbol);
}

bool Cursor::accept(std::string_view symbol) {
    if (!sees(symbol)) return false;
    at_ += symbol.size();
    return true;
}

bool Cursor::sees_word(std::string_view word) {
    if (!sees(word)) return false;
    const auto next = code_point(text_, at_ + word.size());
    return !next.length || !is_name_part(next.value);
}

bool Cursor::accept_word(std::string_view word) {
    if (!sees_word(word)) return false;
    at_ += word.size();
    return true;
}

std::string_view Cursor::peek_identifier() {
    skip();
    auto end = at_;
    for (auto c = code_point(text_, end); c.length && (end == at_ ? is_name_start(c.value) : is_name_part(c.value)); c = code_point(text_, end))
        end += c.length;
    return text_.substr(at_, end - at_);
}

Decimal Cursor::number() {
    const auto begin = at_;
    at_ += digits_at(text_, at_);
    if (rest().starts_with(".") && digits_at(text_, at_ + 1) > 0) at_ += 1 + digits_at(text_, at_ + 1);
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
        const std::size_t sign = at_ + 1 < text_.size() && (text_[at_ + 1] == '+' || text_[at_ + 1] == '-') ? 1 : 0;
        if (const auto count = digits_at(text_, at_ + 1 + sign)) at_ += 1 + sign + count;
    }
    const auto found = text_.substr(begin, at_ - begin);
    const auto next = code_point(text_, at_);
    if (next.length && is_name_part(next.value))
        fail(offset(), "a name cannot follow the number " + std::string{found} + " directly", "put an operator or a space between them");
    auto value = Decimal::try_parse(found);
    if (!value) value = long_number(found);
    if (!value) fail(static_cast<std::uint32_t>(begin), "the number " + std::string{found} + " is out of range");
    return *value;
}

char32_t Cursor::hex_digits(std::size_t count) {
    char32_t value = 0;
    for (std::size_t i = 0; i < count; ++i, ++at_) {
        const int digit = at_ < text_.size() ? hex(text_[at_]) : -1;
        if (digit < 0) fail(offset(), "expected " + std::to_string(count) + " hexadecimal digits", "\\uXXXX or \\UXXXXXX");
        value = value * 16 + static_cast<char32_t>(digit);
    }
    return value;
}

/// The code point of \u or \U; the cursor stands behind that letter. Two escapes may stand for one code point (a surrogate pair).
char32_t Cursor::escape() {
    const auto begin = offset() - 2;
    const bool is_long = text_[at_ - 1] == 'U';
    char32_t value = hex_digits(is_long ? 6 : 4);
    if (value >= 0xD800 && value < 0xDC00 && rest().starts_with("\\u")) {
        at_ += 2;
        const char32_t low = hex_digits(4);
        if (low < 0xDC00 || low > 0xDFFF) fail(begin, "half a surrogate pair stands alone");
        value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
    }
    if (value == 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) fail(begin, "this escape is not a character that text may hold");
    return value;
}

std::string Cursor::string() {
    const auto begin = offset();
    ++at_;
    std::string out;
    while (at_ < text_.size() && text_[at_] != '"') {
        const char c = text_[at_++];
        if (c != '\\' || at_ >= text_.size()) {
            out.push_back(c);
            continue;
        }
        const char next = text_[at_++];
        switch (next) {
            case 'n': out.push_back('\n'); break;
            case 'r': out.push_back('\r'); break;
            case 't': out.push_back('\t'); break;
            case '"':
            case '\'':
            case '\\': out.push_back(next); break;
            case 'u':
            case 'U': append_utf8(out, escape()); break;
            default: out.append(1, '\\').push_back(next);   // not an escape: `\d` of a pattern stays
        }
    }
    if (at_ >= text_.size()) fail(begin, "the text that begins here is never closed", "end it with \"");
    ++at_;
    return out;
}

}  // namespace kontor::feel
