/// What must hold before the YAML parser sees a text.
#include "yaml/tree/parse.hpp"

#include "value/utf8.hpp"

namespace kontor::yaml {

namespace {

/// Found here with a walk of its own: a Text would index all lines of what may be garbage.
Position position_of(std::string_view text, std::size_t offset) {
    Position position{.line = 1, .column = 1};
    for (const char c : text.substr(0, offset)) {
        if (c == '\n') position = {.line = position.line + 1, .column = 1};
        else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++position.column;
    }
    return position;
}

bool forbidden_control(std::string_view text, std::size_t at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c == '\r') return at + 1 >= text.size() || text[at + 1] != '\n';
    return (c < 0x20 && c != '\t' && c != '\n') || c == 0x7F;
}

}  // namespace

namespace {

/// The parser keeps all tokens of a line until it knows that the first bracket is no key: a line of brackets alone would cost it
/// gigabytes. No depth that is accepted needs this many on one line.
constexpr std::size_t most_brackets_open = 256;

/// Counts brackets of one line, closed ones taken off.
class OpenBrackets {
public:
    bool too_many(char c) {
        if (c == '\n') open_ = 0;
        else if (c == '[' || c == '{') ++open_;
        else if ((c == ']' || c == '}') && open_ > 0) --open_;
        return open_ > most_brackets_open;
    }

private:
    std::size_t open_ = 0;
};

}  // namespace

bool guard(std::string_view content, const Limits& limits, Problems& problems) {
    if (content.size() > limits.bytes) {
        problems.error({}, "file-too-large", "the file has " + std::to_string(content.size()) + " bytes, at most "
            + std::to_string(limits.bytes) + " are read",
                       "split the process, or move data out of it");
        return false;
    }
    OpenBrackets brackets;
    for (std::size_t at = 0; at < content.size();) {
        if (brackets.too_many(content[at])) {
            problems.error(position_of(content, at), "too-deep",
                "more than " + std::to_string(most_brackets_open) + " open brackets in one line", "break the line");
            return false;
        }
        const std::size_t length = utf8::character_length(content, at);
        if (length == 0) {
            problems.error(position_of(content, at), "not-utf-8", "a byte sequence that is not UTF-8", "save the file as UTF-8");
            return false;
        }
        if (length == 1 && forbidden_control(content, at)) {
            problems.error(position_of(content, at), "control-character",
                "a control character (code " + std::to_string(static_cast<int>(content[at])) + ")",
                           content[at] == '\r' ? "end lines with LF or CR LF"
                               : "take it out; in double quotes it can be written as an escape");
            return false;
        }
        at += length;
    }
    return true;
}

}  // namespace kontor::yaml
