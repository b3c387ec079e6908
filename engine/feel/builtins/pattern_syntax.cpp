#include "feel/builtins/pattern_syntax.hpp"

#include "feel/syntax/characters.hpp"

#include <utility>

namespace kontor::feel {
namespace {

/// The class that Boost knows for a Unicode category; finer ones fall to that of their first letter.
std::string_view category_class(std::string_view category) {
    constexpr std::pair<std::string_view, std::string_view> known[] = {
        {"Lu", "[:upper:]"}, {"Ll", "[:lower:]"}, {"L", "[:alpha:]"}, {"N", "[:digit:]"},
        {"P", "[:punct:]"},  {"S", "[:punct:]"},  {"Z", "[:space:]"}, {"C", "[:cntrl:]"},
    };
    if (category.empty() || category.size() > 2) return {};
    for (const auto& [prefix, posix] : known)
        if (category.starts_with(prefix)) return posix;
    return {};
}

/// The range of a Unicode block, for `\p{IsCyrillic}`.
std::string_view block_range(std::string_view block) {
    constexpr std::pair<std::string_view, std::string_view> known[] = {
        {"IsBasicLatin", "\\x{1}-\\x{7F}"},           {"IsLatin-1Supplement", "\\x{80}-\\x{FF}"}, {"IsLatinExtended-A", "\\x{100}-\\x{17F}"},
        {"IsLatinExtended-B", "\\x{180}-\\x{24F}"},   {"IsGreek", "\\x{370}-\\x{3FF}"},           {"IsGreekandCoptic", "\\x{370}-\\x{3FF}"},
        {"IsCyrillic", "\\x{400}-\\x{4FF}"},          {"IsArmenian", "\\x{530}-\\x{58F}"},        {"IsHebrew", "\\x{590}-\\x{5FF}"},
        {"IsArabic", "\\x{600}-\\x{6FF}"},            {"IsDevanagari", "\\x{900}-\\x{97F}"},      {"IsThai", "\\x{E00}-\\x{E7F}"},
        {"IsGeneralPunctuation", "\\x{2000}-\\x{206F}"}, {"IsCurrencySymbols", "\\x{20A0}-\\x{20CF}"}, {"IsHiragana", "\\x{3040}-\\x{309F}"},
        {"IsKatakana", "\\x{30A0}-\\x{30FF}"},        {"IsCJKUnifiedIdeographs", "\\x{4E00}-\\x{9FFF}"}, {"IsHangulSyllables", "\\x{AC00}-\\x{D7A3}"},
    };
    for (const auto& [name, range] : known)
        if (name == block) return range;
    return {};
}

/// The flag `x`: spaces count in character classes only.
std::string outside_classes_without_spaces(std::string_view pattern) {
    std::string out;
    int classes = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (classes == 0 && is_space(static_cast<unsigned char>(c))) continue;
        out.push_back(c);
        if (c == '\\' && i + 1 < pattern.size() && !is_space(static_cast<unsigned char>(pattern[i + 1]))) out.push_back(pattern[++i]);
        else if (c == '[') ++classes;
        else if (c == ']' && classes > 0) --classes;
    }
    return out;
}

class Translator {
public:
    explicit Translator(std::string_view pattern) : pattern_{pattern} {}

    std::optional<std::string> run() {
        while (at_ < pattern_.size())
            if (!step(pattern_[at_++])) return std::nullopt;
        return in_class_ ? std::nullopt : std::optional{std::move(out_)};
    }

private:
    [[nodiscard]] char next() const { return at_ < pattern_.size() ? pattern_[at_] : '\0'; }

    bool step(char c) {
        const bool quantifier = !in_class_ && (c == '*' || c == '+' || c == '?' || c == '}');
        const bool follows_quantifier = std::exchange(quantified_, quantifier);
        if (c == '\\') return escape();
        if (in_class_) return class_member(c);
        if (c == '(' && next() == '?' && !pattern_.substr(at_).starts_with("?:")) return false;
        if (follows_quantifier && (c == '+' || c == '*')) return false;   // Boost would read a possessive quantifier
        out_.push_back(c);
        if (c == '[') begin_class();
        return true;
    }
    void begin_class() {
        in_class_ = true;
        class_begin_ = out_.size() - 1;
        if (next() == '^') out_.push_back(pattern_[at_++]);
    }
    bool class_member(char c) {
        if (c == '[') return out_.ends_with('-') && subtract();
        in_class_ = c != ']';
        out_.push_back(c);
        return true;
    }
    bool escape() {
        const char c = next();
        ++at_;
        constexpr std::string_view same = "nrt\\|.?*+(){}$-[]^sSdDwW";
        const bool group = c >= '1' && c <= '9';
        if (group && in_class_) return false;
        if (c != '\0' && (group || same.find(c) != same.npos)) {
            out_.append(1, '\\').push_back(c);
            return true;
        }
        if (c == 'i' || c == 'c') return append_class(c == 'i' ? "[:alpha:]_:" : "[:alnum:]_:.-", false);
        return (c == 'p' || c == 'P') && category(c == 'P');
    }
    bool append_class(std::string_view content, bool negated) {
        if (negated && in_class_) return false;
        out_ += in_class_ ? std::string{content} : (negated ? "[^" : "[") + std::string{content} + "]";
        return true;
    }
    bool category(bool negated) {
        const auto end = pattern_.find('}', at_);
        if (next() != '{' || end == pattern_.npos) return false;
        const auto name = pattern_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        const auto content = name.starts_with("Is") ? block_range(name) : category_class(name);
        return !content.empty() && append_class(content, negated);
    }
    /// `[a-z-[aeiou]]` is what is in the first and not in the second: a look-ahead says the same.
    bool subtract() {
        const auto end = pattern_.find(']', at_);
        if (end == pattern_.npos || end + 1 >= pattern_.size() || pattern_[end + 1] != ']') return false;
        const std::string content = out_.substr(class_begin_, out_.size() - class_begin_ - 1) + "]";
        out_.resize(class_begin_);
        out_ += "(?:(?![" + std::string{pattern_.substr(at_, end - at_)} + "])" + content + ")";
        at_ = end + 2;
        in_class_ = false;
        return true;
    }

    std::string_view pattern_;
    std::size_t at_ = 0;
    bool in_class_ = false;
    std::size_t class_begin_ = 0;
    bool quantified_ = false;
    std::string out_;
};

}  // namespace

std::optional<std::string> translate_pattern(std::string_view pattern, bool without_spaces) {
    return without_spaces ? Translator{outside_classes_without_spaces(pattern)}.run() : Translator{pattern}.run();
}

}  // namespace kontor::feel
