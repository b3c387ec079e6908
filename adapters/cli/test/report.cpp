#include "cli/test/report.hpp"

#include "cli/problems.hpp"
#include "value/json.hpp"
#include "value/wording.hpp"

#include <algorithm>
#include <cstdio>

namespace kontor::cli::test {
namespace {

std::string place(const FileReport& file, model::Position at) {
    return file.file + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

void print_failure(const FileReport& file, const sandbox::Failure& failure, const Output& out) {
    out.stream << "      " << printable(place(file, failure.position)) << ": " << out.styled(Style::bad, "failed:") << ' '
               << printable(failure.step) << '\n'
               << "        expected: " << printable(failure.expected) << '\n'
               << "        found:    " << printable(failure.found) << '\n';
}

void print_case(const FileReport& file, const sandbox::CaseResult& result, const Output& out) {
    const std::string verdict = result.passed() ? out.styled(Style::good, "ok  ") : out.styled(Style::bad, "FAIL");
    out.stream << "  " << verdict << "  " << printable(result.name) << '\n';
    for (const sandbox::Failure& failure : result.failures) print_failure(file, failure, out);
    if (result.passed()) return;
    out.stream << "        path:     " << printable(result.path.empty() ? "nothing yet" : joined(result.path)) << '\n';
    for (const std::string& note : result.notes) out.stream << "        mocks:    " << printable(file.file + ":" + note) << '\n';
}

std::string percent(std::size_t part, std::size_t whole) {
    return whole == 0 ? "100 %" : std::to_string(100 * part / whole) + " %";
}

void print_coverage(const std::vector<sandbox::CoverageOfProcess>& coverage, const Output& out) {
    std::size_t longest = 7;
    for (const auto& one : coverage) longest = std::max(longest, width(one.process));
    out.stream << '\n' << out.styled(Style::bold, padded("process", longest) + "  " + padded("elements", 18) + "sequence flows") << '\n';
    for (const auto& one : coverage) {
        const std::string elements = std::to_string(one.elements_reached) + " of " + std::to_string(one.elements);
        const std::string flows = std::to_string(one.flows_reached) + " of " + std::to_string(one.flows);
        out.stream << padded(printable(one.process), longest) << "  "
                   << padded(elements + ", " + percent(one.elements_reached, one.elements), 18) << flows << ", " << percent(one.flows_reached, one.flows) << '\n';
    }
    for (const auto& one : coverage) {
        if (one.missed_elements.empty() && one.missed_flows.empty()) continue;
        out.stream << "\nno case reached in " << printable(one.process) << ":\n";
        for (const auto& id : one.missed_elements) out.stream << "  " << printable(id) << '\n';
        for (const auto& flow : one.missed_flows) out.stream << "  " << printable(flow) << '\n';
    }
}

Value to_value(const sandbox::Failure& failure) {
    return Variables{{"line", failure.position.line}, {"column", failure.position.column}, {"step", failure.step},
                     {"expected", failure.expected},  {"found", failure.found}};
}

std::vector<Value> texts(const std::vector<std::string>& all) { return {all.begin(), all.end()}; }

Value to_value(const sandbox::CaseResult& result) {
    std::vector<Value> failures;
    for (const auto& failure : result.failures) failures.push_back(to_value(failure));
    return Variables{{"case", result.name},  {"line", result.position.line},  {"passed", result.passed()},
                     {"failures", failures}, {"path", texts(result.path)}, {"notes", texts(result.notes)}};
}

Value to_value(const FileReport& file) {
    std::vector<Value> problems, cases;
    for (const Problem& problem : file.problems) problems.push_back(cli::to_value(problem));
    for (const auto& result : file.cases) cases.push_back(to_value(result));
    return Variables{{"file", file.file}, {"process", file.process}, {"problems", problems}, {"cases", cases}};
}

Value to_value(const sandbox::CoverageOfProcess& one) {
    return Variables{{"process", one.process},
                     {"elements", Variables{{"total", one.elements}, {"reached", one.elements_reached}, {"missed", texts(one.missed_elements)}}},
                     {"flows", Variables{{"total", one.flows}, {"reached", one.flows_reached}, {"missed", texts(one.missed_flows)}}}};
}

}  // namespace

bool Report::passed() const {
    return count(false) == 0 && std::none_of(files.begin(), files.end(), [](const FileReport& f) { return has_error(f.problems); });
}

std::size_t Report::count(bool wanted) const {
    std::size_t sum = 0;
    for (const FileReport& file : files)
        sum += static_cast<std::size_t>(std::count_if(file.cases.begin(), file.cases.end(), [&](const auto& c) { return c.passed() == wanted; }));
    return sum;
}

void print(const Report& report, const Output& out) {
    for (const FileReport& file : report.files) {
        out.stream << out.styled(Style::bold, printable(file.file)) << '\n';
        cli::print(out, file.problems);
        for (const auto& result : file.cases) print_case(file, result, out);
    }
    if (!report.coverage.empty()) print_coverage(report.coverage, out);
    const auto broken = std::count_if(report.files.begin(), report.files.end(), [](const FileReport& f) { return has_error(f.problems); });
    std::string summary = std::to_string(report.count(true)) + " passed, " + std::to_string(report.count(false)) + " failed";
    if (broken > 0) summary += ", " + std::to_string(broken) + (broken == 1 ? " file" : " files") + " with errors";
    out.stream << '\n' << out.styled(report.passed() ? Style::good : Style::bad, summary) << '\n';
}

std::string as_json(const Report& report) {
    std::vector<Value> files, coverage;
    for (const FileReport& file : report.files) files.push_back(to_value(file));
    for (const auto& one : report.coverage) coverage.push_back(to_value(one));
    Variables all{{"passed", report.count(true)}, {"failed", report.count(false)}, {"ok", report.passed()}, {"files", files}};
    if (!coverage.empty()) all.set("coverage", coverage);
    return json::write(all);
}

}  // namespace kontor::cli::test
