#pragma once
/// Comma-separated values (RFC 4180), with a line of column names first.
#include <string>
#include <string_view>
#include <vector>

namespace kontor::cli::run {

struct CsvRow {
    std::size_t line = 0;             ///< where it begins, 1-based
    std::vector<std::string> cells;   ///< as many as there are columns
};
struct Csv {
    std::vector<std::string> columns;
    std::vector<CsvRow> rows;
};

/// Takes CR LF and LF, quoted cells with line breaks, a byte order mark, and skips empty lines. Throws UsageError naming `file` and the line
/// for a row with too many or too few cells, a column without a name or with one that is there already, an open quote, text behind a quote.
Csv read_csv(std::string_view file, std::string_view text);

}  // namespace kontor::cli::run
