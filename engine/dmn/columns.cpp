#include "dmn/decision_table_source.hpp"
#include "value/wording.hpp"

#include <algorithm>

namespace kontor::dmn {
namespace {

/// For every declared column the place of its cells in a row; nothing where a name is missing, unknown or repeated.
class Columns {
public:
    Columns(const std::string& file, std::string_view what, std::vector<std::string> declared, const std::vector<Text>& header, Position at,
            std::vector<Problem>& problems)
        : declared_{std::move(declared)}, places_(declared_.size(), header.size()) {
        const auto report = [&](Position where, std::string rule, std::string message, std::string hint) {
            problems.push_back({file, where.line, where.column, Severity::error, std::move(rule), std::move(message), std::move(hint)});
            complete_ = false;
        };
        for (std::size_t i = 0; i < header.size(); ++i) {
            const auto found = std::find(declared_.begin(), declared_.end(), header[i].text);
            const auto place = static_cast<std::size_t>(found - declared_.begin());
            if (found == declared_.end())
                report(header[i].at, "unknown-column", "no " + std::string{what} + " is named " + quoted(header[i].text),
                       did_you_mean_or_all(header[i].text, {declared_.begin(), declared_.end()}));
            else if (places_[place] != header.size())
                report(header[i].at, "duplicate-column", "the " + std::string{what} + " " + quoted(header[i].text) + " stands twice in the header", "");
            else
                places_[place] = i;
        }
        for (std::size_t i = 0; i < declared_.size(); ++i)
            if (places_[i] == header.size()) report(at, "missing-column", "the header lacks the " + std::string{what} + " " + quoted(declared_[i]), "");
    }
    [[nodiscard]] bool complete() const { return complete_; }
    [[nodiscard]] std::vector<Text> in_order(const std::vector<Text>& cells) const {
        std::vector<Text> result;
        for (const auto place : places_) result.push_back(cells[place]);
        return result;
    }

private:
    std::vector<std::string> declared_;
    std::vector<std::size_t> places_;
    bool complete_ = true;
};

template <class T>
std::vector<std::string> names_of(const std::vector<T>& columns) {
    std::vector<std::string> names;
    for (const auto& column : columns) names.push_back(column.name.text);
    return names;
}

}  // namespace

std::vector<Problem> add_rules(DecisionTableSource& source, const RulesText& rules) {
    std::vector<Problem> problems = rules.problems;
    for (auto& problem : problems) problem.file = source.file;
    if (rules.header.inputs.empty() && rules.header.outputs.empty()) return problems;
    const Columns inputs{source.file, "input", names_of(source.inputs), rules.header.inputs, rules.header.at, problems};
    const Columns outputs{source.file, "output", names_of(source.outputs), rules.header.outputs, rules.header.at, problems};
    for (const auto& name : rules.header.annotations) source.annotation_names.push_back(name.text);
    if (!inputs.complete() || !outputs.complete()) return problems;
    for (const auto& row : rules.rows)
        source.rules.push_back({row.at, inputs.in_order(row.inputs), outputs.in_order(row.outputs), row.annotations});
    return problems;
}

}  // namespace kontor::dmn
