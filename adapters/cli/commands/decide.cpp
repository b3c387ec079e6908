#include "cli/clock.hpp"
#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/input.hpp"
#include "cli/problems.hpp"
#include "dmn/decision_table.hpp"
#include "value/json.hpp"
#include "value/wording.hpp"
#include "yaml/read.hpp"

namespace kontor::cli {
namespace {

std::shared_ptr<const dmn::DecisionTable> read_table(const Arguments& arguments, const Console& console) {
    const std::string& name = arguments.operands.front();
    const yaml::DecisionFile file = yaml::read_decision(read_file(name), beside_the_file());
    print(console.err, file.problems);
    if (!file.decision) throw Refused{name + " holds no decision that can be taken"};
    const std::string* wanted = arguments.value("decision");
    if (wanted && *wanted != file.id && *wanted != (*file.decision)->name)
        throw UsageError{name + " holds no decision " + *wanted, "it holds " + file.id};
    return file.decision;
}

std::vector<Value> numbers(const std::vector<std::size_t>& rules) { return {rules.begin(), rules.end()}; }

/// A name that the table does not ask for is most likely misspelt: the input would be null.
void check_names(const dmn::DecisionTable& table, const Variables& input) {
    const auto reads = table.reads();
    const std::vector<std::string_view> known{reads.begin(), reads.end()};
    for (const auto& entry : input)
        if (!reads.contains(entry.name)) throw UsageError{"the decision reads no " + entry.name, did_you_mean(entry.name, known)};
}

void explain(const dmn::DecisionTable& table, const dmn::DecisionResult& result, const Variables& input, const Output& out) {
    out.stream << "decision " << printable(table->id) << ", hit policy " << to_string(table->hit_policy) << "\n";
    for (const auto& name : table.reads()) {
        const Value* value = input.find(name);
        out.stream << "  " << printable(name) << " = " << (value ? printable(feel::to_feel(*value)) : "null (not given)") << '\n';
    }
    if (result.matched_rules.empty()) out.stream << "no rule matches\n";
    for (const std::size_t number : result.matched_rules) {
        const dmn::Rule& rule = table->rules[number - 1];
        out.stream << "rule " << number << " matches:";
        for (std::size_t i = 0; i < rule.tests.size(); ++i)
            if (!rule.tests[i].is_any()) out.stream << ' ' << printable(table->inputs[i].name) << ' ' << printable(rule.tests[i].text()) << ';';
        out.stream << " gives";
        for (std::size_t i = 0; i < rule.results.size(); ++i)
            out.stream << (i > 0 ? ", " : " ") << printable(table->outputs[i].name) << ' ' << printable(rule.results[i].text());
        for (const std::string& note : rule.annotations)
            if (!note.empty()) out.stream << " (" << printable(note) << ')';
        out.stream << '\n';
    }
}

Exit perform(const Arguments& arguments, Console& console) {
    const std::string* given = arguments.value("input");
    if (!given) throw UsageError{"--input is missing", "for example --input '{\"score\": 700}'"};
    const Variables input = read_context("input", *given);
    const auto table = read_table(arguments, console);
    check_names(*table, input);
    const dmn::DecisionResult result = dmn::evaluate(*table, input, {now(), "UTC"});
    const std::string error = result.exhausted ? "the decision takes too long" : result.error.value_or("");

    if (arguments.has("json")) {
        std::vector<Value> warnings{result.warnings.begin(), result.warnings.end()};
        Variables answer{{"value", result.value}, {"matchedRules", numbers(result.matched_rules)}, {"warnings", warnings}};
        if (!error.empty()) answer.set("error", error);
        console.out.stream << json::write(answer) << '\n';
        return error.empty() ? Exit::fine : Exit::no;
    }
    if (arguments.has("explain")) explain(*table, result, input, console.out);
    if (error.empty()) console.out.stream << printable(feel::to_feel(result.value)) << '\n';
    console.out.stream.flush();
    for (const std::string& warning : result.warnings)
        console.err.stream << console.err.styled(Style::warning, "warning:") << ' ' << printable(warning) << '\n';
    if (!error.empty()) throw Refused{error};
    return Exit::fine;
}

}  // namespace

Command decide_command() {
    return {.name = "decide",
            .operands = "FILE",
            .fewest = 1,
            .most = 1,
            .summary = "takes a decision: evaluates a decision table",
            .description = "Prints the decision's value as FEEL would write it. What the input does not name is null; a name that the decision does\n"
                           "not read is wrong usage. A table that gives no result (two rules of a UNIQUE table match) is refused: exit status 1.",
            .options = {{"decision", "NAME", "the id or name of the decision, where the file could hold several"},
                        {"input", "JSON|@FILE", "the inputs: JSON or a FEEL context"},
                        {"explain", "", "also prints the inputs and the rules that matched"},
                        json_option},
            .perform = perform};
}

}  // namespace kontor::cli
