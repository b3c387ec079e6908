#include "feel/builtins/registry.hpp"
#include "feel/syntax/characters.hpp"
#include "feel/text.hpp"

#include <clocale>
#include <cwctype>
#include <locale.h>

namespace kontor::feel {
namespace {

/// The byte at which a code point begins, counted from 0.
std::size_t byte_of(std::string_view text, std::int64_t position) {
    std::size_t at = 0;
    for (std::int64_t i = 0; i < position && at < text.size(); ++i) at += code_point(text, at).length;
    return at;
}

Value substring(const Call& call) {
    const auto& text = call.string(0);
    const auto size = static_cast<std::int64_t>(length(text));
    const auto start = call.integer(1);
    if (!start || *start == 0 || *start > size || *start < -size) return call.fail("the start position is outside the text");
    const auto first = *start > 0 ? *start - 1 : size + *start;
    auto count = size - first;
    if (call.has(2)) {
        const auto wanted = call.integer(2);
        if (!wanted || *wanted < 1) return call.fail("the length must be at least 1");
        count = std::min(count, *wanted);
    }
    const auto begin = byte_of(text, first);
    const auto rest = std::string_view{text}.substr(begin);
    return std::string{rest.substr(0, byte_of(rest, count))};
}

Value string_length(const Call& call) { return length(call.string(0)); }

/// Letters of all scripts, independent of the process's locale.
std::string map_letters(std::string_view text, bool upper) {
    static const locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    std::string out;
    std::size_t at = 0;
    for (auto c = code_point(text, at); c.length; at += c.length, c = code_point(text, at)) {
        const auto letter = static_cast<std::wint_t>(c.value);
        if (upper && c.value == U'ß') out += "SS";
        else append_utf8(out, unicode ? static_cast<char32_t>(upper ? towupper_l(letter, unicode) : towlower_l(letter, unicode)) : c.value);
    }
    return out;
}

Value upper_case(const Call& call) { return map_letters(call.string(0), true); }
Value lower_case(const Call& call) { return map_letters(call.string(0), false); }

Value substring_before(const Call& call) {
    const auto found = call.string(0).find(call.string(1));
    return found == std::string::npos ? Value{""} : Value{call.string(0).substr(0, found)};
}

Value substring_after(const Call& call) {
    const auto found = call.string(0).find(call.string(1));
    return found == std::string::npos ? Value{""} : Value{call.string(0).substr(found + call.string(1).size())};
}

Value contains(const Call& call) { return call.string(0).find(call.string(1)) != std::string::npos; }
Value starts_with(const Call& call) { return call.string(0).starts_with(call.string(1)); }
Value ends_with(const Call& call) { return call.string(0).ends_with(call.string(1)); }

Value string_join(const Call& call) {
    const std::string delimiter = call.has(1) ? call.string(1) : "";
    std::string out;
    bool first = true;
    for (const Value& item : call.list(0)) {
        if (item.is_null()) continue;   // as if it were not there
        if (!item.if_string()) return call.fail("the list must hold strings, found " + std::string{to_string(item.kind())});
        if (!std::exchange(first, false)) out += delimiter;
        out += *item.if_string();
        if (!call.machine.allow_string(out.size())) return {};
    }
    return out;
}

constexpr Builtin functions[] = {
    {"substring(string: string, start position: number, length?: number)", substring},
    {"string length(string: string)", string_length},
    {"upper case(string: string)", upper_case},
    {"lower case(string: string)", lower_case},
    {"substring before(string: string, match: string)", substring_before},
    {"substring after(string: string, match: string)", substring_after},
    {"contains(string: string, match: string)", contains},
    {"starts with(string: string, match: string)", starts_with},
    {"ends with(string: string, match: string)", ends_with},
    {"string join(list: list, delimiter?: string?)", string_join},
};

}  // namespace

std::span<const Builtin> string_functions() { return functions; }

}  // namespace kontor::feel
