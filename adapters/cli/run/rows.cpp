#include "cli/run/rows.hpp"

#include "cli/failure.hpp"
#include "cli/files.hpp"
#include "cli/run/progress.hpp"
#include "cli/run/result.hpp"
#include "value/json.hpp"
#include "value/wording.hpp"

#include <kontor/error.hpp>

#include <algorithm>
#include <chrono>

namespace kontor::cli::run {
namespace {

bool is_json_number(std::string_view text) {
    const auto digits = [&] {
        std::size_t n = 0;
        while (!text.empty() && text.front() >= '0' && text.front() <= '9') text.remove_prefix(1), ++n;
        return n;
    };
    const auto take = [&](std::string_view any) {
        const bool found = !text.empty() && any.find(text.front()) != std::string_view::npos;
        if (found) text.remove_prefix(1);
        return found;
    };
    take("-");
    const bool zero = text.starts_with('0');
    const std::size_t whole = digits();
    if (whole == 0 || (zero && whole > 1)) return false;
    if (take(".") && digits() == 0) return false;
    if (take("eE")) {
        take("+-");
        if (digits() == 0) return false;
    }
    return text.empty();
}

Value cell_value(const std::string& text, model::Type::Kind kind) {
    using Kind = model::Type::Kind;
    if (kind == Kind::string) return text;
    if (kind == Kind::boolean && (text == "true" || text == "false")) return text == "true";
    if (is_json_number(text))
        if (const auto number = Decimal::try_parse(text)) return *number;
    return text;
}

const model::Variable* declared(const model::Process& process, const std::string& name) {
    const auto& variables = process.scope(model::root).variables;
    const auto it = std::find_if(variables.begin(), variables.end(), [&](const model::Variable& v) { return v.name == name; });
    return it == variables.end() ? nullptr : &*it;
}

std::size_t column_of(const Csv& csv, const std::string& name, const std::string& file) {
    const auto it = std::find(csv.columns.begin(), csv.columns.end(), name);
    if (it != csv.columns.end()) return static_cast<std::size_t>(it - csv.columns.begin());
    throw UsageError{file + " has no column " + name, did_you_mean(name, {csv.columns.begin(), csv.columns.end()})};
}

/// A row's way through the process, or why there was none.
struct Outcome {
    std::optional<Ending> ending;
    std::string refusal;
};

Outcome play_row(Plan& plan, const Variables& variables) {
    plan.variables = variables;
    try {
        return {play(plan), {}};
    } catch (const Error& e) {
        return {std::nullopt, e.what()};
    }
}

std::string end_of(const Outcome& outcome) {
    if (!outcome.ending) return "refused";
    if (outcome.ending->status != Status::completed) return std::string{to_string(outcome.ending->status)};
    return outcome.ending->end_event.empty() ? "(no end event)" : outcome.ending->end_event;
}

void count(Summary& summary, const Outcome& outcome) {
    ++summary.instances;
    const bool completed = outcome.ending && outcome.ending->status == Status::completed;
    ++(completed ? summary.ended : summary.others)[end_of(outcome)];
    if (!outcome.ending) ++summary.reasons[outcome.refusal];
    if (!outcome.ending) return;
    if (!completed)
        for (const std::string& reason : outcome.ending->reasons) ++summary.reasons[reason];
    summary.virtual_sum += outcome.ending->lasted;
    summary.virtual_longest = std::max(summary.virtual_longest, outcome.ending->lasted);
}

std::string json_line(std::size_t row, const Outcome& outcome, const Plan& plan) {
    Variables line{{"event", "result"}, {"row", row}, {"status", "refused"}};
    if (outcome.ending) line = result_of(*outcome.ending, plan, row);
    else line.set("reasons", std::vector<Value>{outcome.refusal});
    return json::write(line) + "\n";
}

}  // namespace

Variables variables_of(const CsvRow& row, const std::vector<std::string>& columns, const model::Process& process) {
    Variables variables;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const model::Variable* variable = declared(process, columns[i]);
        if (row.cells[i].empty() || (process.declares_variables && !variable)) continue;
        variables.set(columns[i], cell_value(row.cells[i], variable ? variable->type->kind : model::Type::Kind::any));
    }
    return variables;
}

Summary play_rows(const Plan& plan, const RowsOptions& options, const Console& console) {
    const auto begin = std::chrono::steady_clock::now();
    const Csv csv = read_csv(options.file, read_file(options.file).text);
    const auto compared = options.compare ? std::optional{column_of(csv, *options.compare, options.file)} : std::nullopt;
    Progress progress{console.err, csv.rows.size(), options.progress || (console.err.terminal && !options.json)};
    Summary summary;
    Plan own = plan;
    for (const CsvRow& row : csv.rows) {
        Variables variables = variables_of(row, csv.columns, plan.main->process);
        for (const auto& [name, value] : plan.variables) variables.set(name, value);
        const Outcome outcome = play_row(own, variables);
        count(summary, outcome);
        if (compared) ++summary.compared[row.cells[*compared]][end_of(outcome)];
        if (options.json) console.out.stream << json_line(summary.instances, outcome, plan);
        progress.show(summary.instances);
    }
    progress.clear();
    summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return summary;
}

}  // namespace kontor::cli::run
