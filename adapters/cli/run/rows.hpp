#pragma once
/// One instance for every row of a CSV file, and what came of them.
#include "cli/console.hpp"
#include "cli/run/csv.hpp"
#include "cli/run/plan.hpp"

#include <map>
#include <optional>
#include <string>

namespace kontor::cli::run {

struct RowsOptions {
    std::string file;
    std::optional<std::string> compare;   ///< the column that the end events are compared with
    bool json = false;
    bool progress = false;                ///< a bar, also where there is no terminal
};

/// What came of all rows.
struct Summary {
    std::size_t instances = 0;
    std::map<std::string, std::size_t> ended;              ///< by end event
    std::map<std::string, std::size_t> others;             ///< by status (or `refused`), of those that did not complete
    std::map<std::string, std::size_t> reasons;            ///< of those, how often each
    std::map<std::string, std::map<std::string, std::size_t>> compared;   ///< by value of the column, then by end
    Duration virtual_sum{};
    Duration virtual_longest{};
    double seconds = 0;                                    ///< by the clock on the wall
    [[nodiscard]] bool good() const { return !others.contains("incident") && !others.contains("failed") && !others.contains("refused"); }
};

/// Plays the plan for every row. Throws UsageError for a CSV file that cannot be read or a column that is not there.
Summary play_rows(const Plan&, const RowsOptions&, const Console&);

/// The variables that a row gives: a column is the variable of its name, cells that are JSON numbers are numbers unless text is declared,
/// empty cells give nothing. Columns that the process does not declare are left out.
Variables variables_of(const CsvRow&, const std::vector<std::string>& columns, const model::Process&);

void print(const Summary&, const RowsOptions&, const Output&);
Value to_value(const Summary&, const RowsOptions&);

}  // namespace kontor::cli::run
