#include "cli/run/csv.hpp"

#include "cli/failure.hpp"

#include <algorithm>

namespace kontor::cli::run {
namespace {

class Reader {
public:
    Reader(std::string_view file, std::string_view text) : file_{file}, text_{text} {
        constexpr std::string_view mark = "\xEF\xBB\xBF";
        if (text_.starts_with(mark)) text_.remove_prefix(mark.size());
    }

    bool at_end() const { return text_.empty(); }
    std::size_t line() const { return line_; }

    std::vector<std::string> record() {
        std::vector<std::string> cells;
        do cells.push_back(text_.starts_with('"') ? quoted() : plain());
        while (take(','));
        if (!take_line_end() && !text_.empty()) fail(line_, "text stands behind a closing quote; a quote inside a cell is written twice");
        return cells;
    }

    [[noreturn]] void fail(std::size_t line, const std::string& what) const {
        throw UsageError{std::string{file_} + ":" + std::to_string(line) + ": " + what};
    }

private:
    bool take(char c) {
        if (!text_.starts_with(c)) return false;
        text_.remove_prefix(1);
        return true;
    }
    bool take_line_end() {
        if (text_.starts_with("\r\n")) text_.remove_prefix(2);
        else if (text_.starts_with('\n') || text_ == "\r") text_.remove_prefix(1);
        else return false;
        ++line_;
        return true;
    }
    std::string plain() {
        const std::size_t end = std::min(text_.find_first_of(",\n"), text_.size());
        std::string_view cell = text_.substr(0, end);
        if (cell.ends_with('\r') && (end == text_.size() || text_[end] == '\n')) cell.remove_suffix(1);
        text_.remove_prefix(cell.size());
        return std::string{cell};
    }
    std::string quoted() {
        const std::size_t began = line_;
        text_.remove_prefix(1);
        std::string cell;
        while (true) {
            const std::size_t end = text_.find('"');
            if (end == std::string_view::npos) fail(began, "a quoted cell that begins here is never closed");
            cell += text_.substr(0, end);
            line_ += static_cast<std::size_t>(std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
            text_.remove_prefix(end + 1);
            if (!take('"')) return cell;
            cell += '"';
        }
    }

    std::string_view file_;
    std::string_view text_;
    std::size_t line_ = 1;
};

}  // namespace

Csv read_csv(std::string_view file, std::string_view text) {
    Reader reader{file, text};
    if (reader.at_end()) reader.fail(1, "the file is empty; its first line names the columns");
    Csv csv;
    for (std::string& cell : reader.record()) {
        if (cell.empty()) reader.fail(1, "column " + std::to_string(csv.columns.size() + 1) + " has no name");
        if (std::find(csv.columns.begin(), csv.columns.end(), cell) != csv.columns.end())
            reader.fail(1, "there are two columns named " + cell);
        csv.columns.push_back(std::move(cell));
    }
    while (!reader.at_end()) {
        CsvRow row{reader.line(), reader.record()};
        if (row.cells.size() == 1 && row.cells.front().empty() && csv.columns.size() > 1) continue;   // an empty line
        if (row.cells.size() != csv.columns.size())
            reader.fail(row.line, "there are " + std::to_string(row.cells.size()) + " cells for " + std::to_string(csv.columns.size()) + " columns");
        csv.rows.push_back(std::move(row));
    }
    return csv;
}

}  // namespace kontor::cli::run
