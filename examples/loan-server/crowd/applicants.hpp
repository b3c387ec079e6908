#pragma once
/// The applicants: rows of a CSV file.
#include "net/json.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace loan {

class Applicants {
public:
    /// The first line names the columns; no cell is quoted. Throws std::runtime_error with the file and the line.
    explicit Applicants(const std::filesystem::path& file);
    /// The variables of the applicant with this number, from 1. Cells of digits are numbers.
    [[nodiscard]] Object variables(int number) const;
    /// What this applicant's application is called.
    static std::string business_key(int number) { return "applicant-" + std::to_string(number); }

private:
    std::vector<std::string> columns_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace loan
