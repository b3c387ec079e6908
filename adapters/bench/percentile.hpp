#pragma once
#include <algorithm>
#include <vector>

namespace kontor::bench {

/// The value below which that part of them lies; 0 if there are none. Reorders them.
inline double percentile(std::vector<double>& values, double part) {
    if (values.empty()) return 0;
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

}  // namespace kontor::bench
