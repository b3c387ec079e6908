#include "crowd/applicants.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace loan {
namespace {

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells(1);
    for (const char c : line)
        if (c == ',') cells.emplace_back();
        else if (c != '\r') cells.back() += c;
    return cells;
}

bool is_number(const std::string& cell) {
    return !cell.empty() && cell.size() < 16 && std::ranges::all_of(cell, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Applicants::Applicants(const std::filesystem::path& file) {
    std::ifstream in{file};
    std::string line;
    if (!std::getline(in, line)) throw std::runtime_error{"cannot read " + file.string() + ", or it is empty"};
    columns_ = cells_of(line);
    for (int number = 2; std::getline(in, line); ++number) {
        rows_.push_back(cells_of(line));
        const std::string where = file.string() + ':' + std::to_string(number) + ": ";
        if (line.find('"') != line.npos) throw std::runtime_error{where + "quoted cells are not read here"};
        if (rows_.back().size() != columns_.size())
            throw std::runtime_error{where + std::to_string(rows_.back().size()) + " cells for " + std::to_string(columns_.size()) + " columns"};
    }
    if (rows_.empty()) throw std::runtime_error{file.string() + " has no applicant"};
}

Object Applicants::variables(int number) const {
    const auto& row = rows_[static_cast<std::size_t>(number - 1) % rows_.size()];
    Object variables;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (is_number(row[i])) variables.set(columns_[i], std::stoll(row[i]));
        else if (!row[i].empty()) variables.set(columns_[i], row[i]);
    }
    variables.set("applicant", number);   // the second time through the file it is somebody else
    return variables;
}

}  // namespace loan
