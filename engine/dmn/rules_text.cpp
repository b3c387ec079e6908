#include "dmn/rules_text.hpp"

#include "feel/syntax/characters.hpp"

namespace kontor::dmn {
namespace {

bool blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// Reads one line of the table.
class Line {
public:
    Line(std::string_view text, Position start, std::vector<Problem>& problems) : text_{text}, start_{start}, problems_{problems} {}

    /// Sections between `||`, each a list of cells; nothing if the line is not a row.
    std::vector<std::vector<Text>> sections() {
        skip_blanks();
        if (at_ >= text_.size()) return {};
        if (text_[at_] != '|') {
            report(at_, "a row of the table begins with `|`", "");
            return {};
        }
        ++at_;
        std::vector<std::vector<Text>> result(1);
        while (true) {
            result.back().push_back(cell());
            if (at_ >= text_.size()) {
                report(text_.size(), "a row of the table ends with `|`", "add `|`");
                return broken_ ? std::vector<std::vector<Text>>{} : result;
            }
            ++at_;
            if (at_ < text_.size() && text_[at_] == '|') {
                ++at_;
                result.emplace_back();
            }
            const auto here = at_;
            skip_blanks();
            if (at_ >= text_.size()) break;
            at_ = here;
        }
        return broken_ ? std::vector<std::vector<Text>>{} : result;
    }
    [[nodiscard]] Position position(std::size_t offset) const {
        return {start_.line, start_.column + static_cast<int>(feel::length(text_.substr(0, offset)))};
    }

private:
    void skip_blanks() {
        while (at_ < text_.size() && blank(text_[at_])) ++at_;
    }
    /// Up to the next `|` outside strings.
    Text cell() {
        skip_blanks();
        const auto begin = at_;
        while (at_ < text_.size() && text_[at_] != '|') {
            if (text_[at_] == '"' && !pass_string()) break;
            ++at_;
        }
        auto end = at_;
        while (end > begin && blank(text_[end - 1])) --end;
        return {std::string{text_.substr(begin, end - begin)}, position(begin)};
    }
    /// From the opening to the closing quote.
    bool pass_string() {
        const auto begin = at_++;
        while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
        if (at_ < text_.size()) return true;
        at_ = text_.size();
        broken_ = true;
        report(begin, "the text that begins here is never closed", "end it with \"");
        return false;
    }
    void report(std::size_t offset, std::string message, std::string hint) {
        if (broken_ && offset >= text_.size()) return;   // said already
        const auto at = position(offset);
        problems_.push_back({"", at.line, at.column, Severity::error, "rules-table", std::move(message), std::move(hint)});
    }

    std::string_view text_;
    Position start_;
    std::vector<Problem>& problems_;
    std::size_t at_ = 0;
    bool broken_ = false;
};

bool is_separator(const std::vector<std::vector<Text>>& sections) {
    for (const auto& section : sections)
        for (const auto& cell : section)
            if (cell.text.size() < 2 || cell.text.find_first_not_of("-:") != std::string::npos) return false;
    return true;
}

RulesText::Row as_row(std::vector<std::vector<Text>> sections, Position at) {
    sections.resize(3);
    return {at, std::move(sections[0]), std::move(sections[1]), std::move(sections[2])};
}

void complain(std::vector<Problem>& problems, Position at, std::string message, std::string hint = {}) {
    problems.push_back({"", at.line, at.column, Severity::error, "rules-table", std::move(message), std::move(hint)});
}

bool fits(const RulesText::Row& header, const RulesText::Row& row, std::vector<Problem>& problems) {
    const auto compare = [&](const auto& cells, const auto& names, std::string_view what) {
        if (cells.size() == names.size()) return true;
        complain(problems, row.at, "this row has " + std::to_string(cells.size()) + " " + std::string{what} + ", the header has " + std::to_string(names.size()),
                 "`||` stands between inputs and outputs, and only there");
        return false;
    };
    return compare(row.inputs, header.inputs, "inputs") && compare(row.outputs, header.outputs, "outputs") &&
           (row.annotations.empty() || compare(row.annotations, header.annotations, "annotations"));
}

}  // namespace

RulesText parse_rules(std::string_view text, Position start) {
    RulesText result;
    bool has_header = false;
    bool separator_may_come = false;
    for (Position at = start; !text.empty(); ++at.line) {
        const auto end = std::min(text.find('\n'), text.size());
        Line line{text.substr(0, end), at, result.problems};
        text.remove_prefix(std::min(end + 1, text.size()));
        auto sections = line.sections();
        if (sections.empty()) continue;
        if (std::exchange(separator_may_come, false) && is_separator(sections)) continue;
        if (sections.size() > 3) {
            complain(result.problems, at, "at most three sections: inputs || outputs || annotations");
            continue;
        }
        const auto where = sections[0][0].at;
        auto row = as_row(std::move(sections), where);
        if (!has_header) {
            has_header = separator_may_come = true;
            if (row.outputs.empty()) complain(result.problems, where, "the header has no outputs", "write `||` between inputs and outputs");
            result.header = std::move(row);
        } else if (fits(result.header, row, result.problems)) {
            result.rows.push_back(std::move(row));
        }
    }
    if (!has_header) complain(result.problems, start, "the table of rules is empty", "its first row names the inputs and outputs");
    return result;
}

}  // namespace kontor::dmn
