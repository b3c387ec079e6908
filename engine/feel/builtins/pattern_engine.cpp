#include "feel/builtins/pattern.hpp"
#include "feel/syntax/characters.hpp"

#include <boost/regex.hpp>

#include <map>

namespace kontor::feel {

// Matching works on code points, so that a dot is one character of any script.
struct Pattern::Compiled {
    boost::wregex regex;
};

namespace {

std::wstring wide(std::string_view text) {
    std::wstring out;
    std::size_t at = 0;
    for (auto c = code_point(text, at); c.length; at += c.length, c = code_point(text, at)) out.push_back(static_cast<wchar_t>(c.value));
    return out;
}

template <class Iterator>
std::string narrow(Iterator begin, Iterator end) {
    std::string out;
    for (; begin != end; ++begin) append_utf8(out, static_cast<char32_t>(*begin));
    return out;
}

std::optional<boost::wregex::flag_type> flags_of(std::string_view flags) {
    boost::wregex::flag_type result = boost::wregex::perl | boost::wregex::no_mod_s | boost::wregex::no_mod_m;
    for (const char flag : flags) {
        switch (flag) {
            case 's': result = (result & ~boost::wregex::no_mod_s) | boost::wregex::mod_s; break;
            case 'm': result &= ~boost::wregex::no_mod_m; break;
            case 'i': result |= boost::wregex::icase; break;
            case 'x': break;   // the spaces are taken out of the text
            case 'q': break;
            default: return std::nullopt;
        }
    }
    return result;
}

/// The class that Boost knows for a Unicode category; only those of the first letter are told apart.
std::string_view posix_class(std::string_view category) {
    constexpr std::pair<std::string_view, std::string_view> known[] = {
        {"Lu", "[:upper:]"}, {"Ll", "[:lower:]"}, {"L", "[:alpha:]"}, {"N", "[:digit:]"}, {"P", "[:punct:]"}, {"S", "[:punct:]"}, {"Z", "[:space:]"}, {"C", "[:cntrl:]"},
    };
    for (const auto& [prefix, posix] : known)
        if (category.starts_with(prefix)) return posix;
    return {};
}

/// XPath's notation in Boost's. Nothing for what XPath does not have, although Boost does: look-around, \b, possessive quantifiers.
class Translator {
public:
    Translator(std::string_view pattern, bool without_spaces) : pattern_{pattern}, without_spaces_{without_spaces} {}

    std::optional<std::string> run() {
        while (at_ < pattern_.size()) {
            const char c = pattern_[at_++];
            if (c == '\\') {
                if (!escape()) return std::nullopt;
            } else if (c == '(' && next() == '?') {
                if (!pattern_.substr(at_).starts_with("?:")) return std::nullopt;
                out_.push_back(c);
            } else if (c == '[' && in_class_ == 0) {
                ++in_class_;
                out_.push_back(c);
                if (next() == '^') out_.push_back(pattern_[at_++]);
            } else if (c == '[') {
                if (!out_.ends_with("-") || !subtract()) return std::nullopt;
            } else if (c == ']' && in_class_ > 0) {
                --in_class_;
                out_.push_back(c);
            } else if (without_spaces_ && in_class_ == 0 && is_space(static_cast<unsigned char>(c))) {
                continue;
            } else if (in_class_ == 0 && c == '+' && !out_.empty() && quantified_) {
                return std::nullopt;
            } else {
                out_.push_back(c);
            }
            quantified_ = in_class_ == 0 && (c == '*' || c == '+' || c == '?' || c == '}');
        }
        return in_class_ == 0 ? std::optional{std::move(out_)} : std::nullopt;
    }

private:
    [[nodiscard]] char next() const { return at_ < pattern_.size() ? pattern_[at_] : '\0'; }

    bool escape() {
        const char c = next();
        ++at_;
        constexpr std::string_view same = "nrt\\|.?*+(){}$-[]^sSdDwW";
        if (c != '\0' && (same.find(c) != same.npos || (c >= '1' && c <= '9'))) {
            out_.append(1, '\\').push_back(c);
            return true;
        }
        if (c == 'i' || c == 'c') {
            const std::string_view content = c == 'i' ? "[:alpha:]_:" : "[:alnum:]_:.-";
            out_ += in_class_ ? std::string{content} : "[" + std::string{content} + "]";
            return true;
        }
        return (c == 'p' || c == 'P') && category(c == 'P');
    }
    bool category(bool negated) {
        const auto end = pattern_.find('}', at_);
        if (next() != '{' || end == pattern_.npos) return false;
        const auto posix = posix_class(pattern_.substr(at_ + 1, end - at_ - 1));
        if (posix.empty() || (negated && in_class_)) return false;
        at_ = end + 1;
        out_ += in_class_ ? std::string{posix} : (negated ? "[^" : "[") + std::string{posix} + "]";
        return true;
    }
    /// `[a-z-[aeiou]]` is what is in the first and not in the second: a look-ahead says the same.
    bool subtract() {
        const auto begin = out_.rfind('[');
        const auto end = pattern_.find(']', at_);
        if (begin == out_.npos || end == pattern_.npos || end + 1 >= pattern_.size() || pattern_[end + 1] != ']') return false;
        const std::string content = out_.substr(begin, out_.size() - begin - 1) + "]";
        out_.resize(begin);
        out_ += "(?:(?![" + std::string{pattern_.substr(at_, end - at_)} + "])" + content + ")";
        at_ = end + 2;
        in_class_ = 0;
        return true;
    }

    std::string_view pattern_;
    bool without_spaces_;
    std::size_t at_ = 0;
    int in_class_ = 0;
    bool quantified_ = false;
    std::string out_;
};

std::string literally(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view{"\\|.?*+(){}$-[]^"}.find(c) != std::string_view::npos) out.push_back('\\');
        out.push_back(c);
    }
    return out;
}

bool refers_to_missing_group(std::string_view pattern, std::size_t groups) {
    for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
        if (pattern[i] != '\\') continue;
        const char c = pattern[++i];
        if (c >= '1' && c <= '9' && static_cast<std::size_t>(c - '0') > groups) return true;
    }
    return false;
}

}  // namespace

std::optional<Pattern> Pattern::compile(const std::string& pattern, std::string_view flags, std::string& why) {
    // Compiling costs far more than matching, and most patterns are constants.
    thread_local std::map<std::string, std::shared_ptr<const Compiled>> cache;
    constexpr std::size_t most = 64;
    Pattern result;
    const auto key = std::string{flags} + "/" + pattern;
    if (const auto known = cache.find(key); known != cache.end()) {
        result.compiled_ = known->second;
        return result;
    }
    const auto options = flags_of(flags);
    if (!options) {
        why = "the flags are s, m, i, x and q, found \"" + std::string{flags} + "\"";
        return std::nullopt;
    }
    const bool literal = flags.find('q') != flags.npos;
    const auto translated = literal ? std::optional{literally(pattern)} : Translator{pattern, flags.find('x') != flags.npos}.run();
    why = "\"" + pattern + "\" is no regular expression of XPath";
    if (!translated) return std::nullopt;
    try {
        result.compiled_ = std::make_shared<const Compiled>(Compiled{boost::wregex{wide(*translated), *options}});
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
    if (refers_to_missing_group(*translated, result.compiled_->regex.mark_count())) return std::nullopt;
    if (cache.size() >= most) cache.clear();
    cache.emplace(key, result.compiled_);
    return result;
}

std::optional<bool> Pattern::found_in(std::string_view text) const try {
    return boost::regex_search(wide(text), compiled_->regex);
} catch (const std::runtime_error&) {   // Boost gives up on a search that grows too fast
    return std::nullopt;
}

std::optional<std::string> Pattern::replace(std::string_view text, std::string_view replacement, std::string& why) const try {
    const auto input = wide(text);
    if (boost::regex_match(std::wstring{}, compiled_->regex)) {
        why = "the pattern matches the empty text";
        return std::nullopt;
    }
    std::string out;
    auto rest = input.begin();
    for (boost::wsregex_iterator match{input.begin(), input.end(), compiled_->regex}, none; match != none; ++match) {
        out += narrow(rest, (*match)[0].first);
        for (std::size_t i = 0; i < replacement.size(); ++i) {
            const char c = replacement[i];
            const char next = i + 1 < replacement.size() ? replacement[i + 1] : '\0';
            if (c == '$' && next >= '0' && next <= '9') {
                const auto group = static_cast<std::size_t>(next - '0');
                if (group < match->size() && (*match)[static_cast<int>(group)].matched) out += narrow((*match)[static_cast<int>(group)].first, (*match)[static_cast<int>(group)].second);
                ++i;
            } else if (c == '\\' && (next == '\\' || next == '$')) {
                out.push_back(next);
                ++i;
            } else if (c == '$' || c == '\\') {
                why = "in a replacement `$` takes a digit, and `\\` takes `$` or `\\`";
                return std::nullopt;
            } else {
                out.push_back(c);
            }
        }
        rest = (*match)[0].second;
    }
    return out + narrow(rest, input.end());
} catch (const std::runtime_error&) {
    why = "the pattern is too costly for this text";
    return std::nullopt;
}

std::optional<std::vector<std::string>> Pattern::split(std::string_view text) const try {
    const auto input = wide(text);
    std::vector<std::string> parts;
    auto rest = input.begin();
    for (boost::wsregex_iterator match{input.begin(), input.end(), compiled_->regex}, none; match != none; ++match) {
        if ((*match)[0].first == (*match)[0].second) return std::nullopt;
        parts.push_back(narrow(rest, (*match)[0].first));
        rest = (*match)[0].second;
    }
    parts.push_back(narrow(rest, input.end()));
    return parts;
} catch (const std::runtime_error&) {
    return std::nullopt;
}

}  // namespace kontor::feel
