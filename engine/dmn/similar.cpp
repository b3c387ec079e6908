#include "dmn/similar.hpp"

#include <algorithm>
#include <numeric>

namespace kontor::dmn {
namespace {

/// Letters to add, take away or change.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto changed = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string quoted(std::string_view text) { return "`" + std::string{text} + "`"; }

std::string did_you_mean(std::string_view written, const std::vector<std::string>& names) {
    constexpr std::size_t longest = 100;   // the comparison is quadratic
    const std::string* best = nullptr;
    std::size_t least = std::max<std::size_t>(2, written.size() / 3) + 1;
    for (const auto& name : names) {
        if (name.size() > longest || written.size() > longest) continue;
        if (const auto apart = distance(written, name); apart < least) {
            least = apart;
            best = &name;
        }
    }
    if (best) return "did you mean " + *best + "?";
    std::string all;
    for (const auto& name : names) all += (all.empty() ? "" : ", ") + name;
    return all.empty() ? "" : "there are: " + all;
}

}  // namespace kontor::dmn
