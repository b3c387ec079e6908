#include "feel/builtins/pattern.hpp"
#include "feel/builtins/pattern_syntax.hpp"
#include "feel/syntax/characters.hpp"

#include <boost/regex.hpp>

#include <locale>
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

/// Letters, digits and cases of all scripts.
const std::locale& unicode() {
    static const std::locale found = [] {
        try {
            return std::locale{"C.UTF-8"};
        } catch (const std::runtime_error&) {   // a system without it knows the letters of ASCII only
            return std::locale::classic();
        }
    }();
    return found;
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
    const auto translated = literal ? std::optional{literally(pattern)} : translate_pattern(pattern, flags.find('x') != flags.npos);
    why = "\"" + pattern + "\" is no regular expression of XPath";
    if (!translated) return std::nullopt;
    try {
        boost::wregex regex;
        regex.imbue(unicode());
        regex.assign(wide(*translated), *options);
        result.compiled_ = std::make_shared<const Compiled>(Compiled{std::move(regex)});
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
