#pragma once
/// A table for people.
#include "cli/console.hpp"

#include <string>
#include <vector>

namespace kontor::cli {

struct Cell {
    std::string text{};
    Style style = Style::plain;
};

/// Collects rows; prints them with columns as wide as their content, the headings in bold.
class Table {
public:
    explicit Table(std::vector<std::string> headings) : headings_{std::move(headings)} {}
    void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
    [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
    void print(const Output&) const;

private:
    std::vector<std::string> headings_;
    std::vector<std::vector<Cell>> rows_;
};

}  // namespace kontor::cli
