#include "cli/store/table.hpp"

#include <algorithm>

namespace kontor::cli {

void Table::print(const Output& out) const {
    constexpr std::size_t widest = 60;
    std::vector<std::size_t> widths;
    for (const auto& heading : headings_) widths.push_back(width(heading));
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], std::min(width(printable(row[i].text)), widest));
    const auto line = [&](std::size_t columns, const auto& cell) {
        for (std::size_t i = 0; i < columns; ++i) {
            const Cell shown = cell(i);
            const std::string text = shortened(printable(shown.text), widest);
            const bool last = i + 1 == columns;
            out.stream << out.styled(shown.style, last ? text : padded(text, widths[i])) << (last ? "\n" : "  ");
        }
    };
    line(headings_.size(), [&](std::size_t i) { return Cell{headings_[i], Style::bold}; });
    for (const auto& row : rows_) line(row.size(), [&](std::size_t i) { return row[i]; });
}

}  // namespace kontor::cli
