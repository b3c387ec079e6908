#include "value/wording.hpp"

#include <algorithm>
#include <numeric>
#include <span>

namespace kontor {

std::string quoted(std::string_view name) {
    constexpr std::size_t longest = 60;
    if (name.size() <= longest) return "`" + std::string{name} + "`";
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;   // not inside a character
    return "`" + std::string{name.substr(0, end)} + "...`";
}

namespace {

/// Levenshtein's distance with swaps of neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = std::min(now[j], before[j - 2] + 1);
        }
        before.swap(last);
        last.swap(now);
    }
    return last[b.size()];
}

std::string lower(std::string_view text) {
    std::string result{text};
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return result;
}

}  // namespace

std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& known) {
    constexpr std::size_t longest = 100;   // the distance costs the product of both lengths
    if (name.empty() || name.size() > longest) return {};
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
    constexpr std::size_t most = 2'000;
    for (const std::string_view candidate : std::span{known}.first(std::min(known.size(), most))) {
        if (candidate.size() > longest || candidate == name || candidate.size() > name.size() + best_distance
            || name.size() > candidate.size() + best_distance) continue;
        const std::size_t d = distance(lower(name), lower(candidate));
        // `retires` is nearer to `retry` than a count of letters says: the same beginning counts.
        const bool same_start = candidate.size() >= 4 && name.size() >= 4
            && lower(candidate).substr(0, 3) == lower(name).substr(0, 3);
        const std::size_t weighed = same_start && d > 1 ? d - 1 : d;
        if (weighed < best_distance) {
            best_distance = weighed;
            best = candidate;
        }
    }
    return best.empty() ? std::string{} : "did you mean " + quoted(best) + "?";
}

std::string did_you_mean_or_all(std::string_view name, const std::vector<std::string_view>& known) {
    if (auto meant = did_you_mean(name, known); !meant.empty() || known.empty()) return meant;
    return "there are: " + joined(known);
}

}  // namespace kontor
