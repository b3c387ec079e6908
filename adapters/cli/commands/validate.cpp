#include "cli/commands.hpp"
#include "cli/definitions.hpp"
#include "cli/files.hpp"
#include "cli/problems.hpp"
#include "value/json.hpp"
#include "yaml/read.hpp"
#include "yaml/test_file.hpp"

#include <kontor/value.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

namespace kontor::cli {
namespace {

namespace fs = std::filesystem;

struct Findings {
    std::vector<Problem> problems;
    bool unreadable = false;        ///< the world's fault
};

std::vector<Problem> check(const yaml::Source& source, Loader& loader) {
    switch (yaml::kind_of(source)) {
        case yaml::FileKind::decision: return yaml::read_decision(source, beside_the_file()).problems;
        case yaml::FileKind::types: return yaml::read_types(source);
        case yaml::FileKind::test: return yaml::read_test(source).problems;
        case yaml::FileKind::mock: return yaml::read_mocks(source).problems;
        case yaml::FileKind::process:
        case yaml::FileKind::unknown: return loader.load(source).problems;   // the process reader says what is missing
    }
    return {};
}

Findings check_all(const std::vector<std::string>& files) {
    Findings findings;
    Loader loader;
    for (const std::string& file : files) {
        try {
            for (Problem& problem : check(read_file(file), loader)) findings.problems.push_back(std::move(problem));
        } catch (const WorldFailed& e) {
            findings.problems.push_back({file, 0, 0, Severity::error, "unreadable", e.what(), ""});
            findings.unreadable = true;
        }
    }
    return findings;
}

void write_json(const Findings& findings, std::ostream& out) {
    std::vector<Value> problems;
    for (const Problem& problem : findings.problems) problems.push_back(to_value(problem));
    out << json::write(Variables{{"valid", !has_error(findings.problems)}, {"problems", problems}}) << '\n';
}

std::string counted(std::ptrdiff_t count, const std::string& what) { return std::to_string(count) + " " + what + (count == 1 ? "" : "s"); }

void write_text(const Findings& findings, std::size_t files, const Console& console) {
    print(console.out, findings.problems);
    const auto errors = std::count_if(findings.problems.begin(), findings.problems.end(),
                                      [](const Problem& p) { return p.severity == Severity::error; });
    const auto warnings = static_cast<std::ptrdiff_t>(findings.problems.size()) - errors;
    const std::string summary = counted(static_cast<std::ptrdiff_t>(files), "file") + ": " +
                                counted(errors, "error") + ", " + counted(warnings, "warning");
    console.out.stream << console.out.styled(errors > 0 ? Style::bad : Style::good, summary) << '\n';
}

Exit check_and_tell(const Arguments& arguments, Console& console) {
    const Findings findings = check_all(arguments.operands);
    if (arguments.has("json")) write_json(findings, console.out.stream);
    else write_text(findings, arguments.operands.size(), console);
    console.out.stream.flush();
    if (findings.unreadable) return Exit::world_failed;
    return has_error(findings.problems) ? Exit::no : Exit::fine;
}

/// Changes of everything in the folders of the files: a decision beside a process counts, too.
std::map<std::string, fs::file_time_type> state_of_folders(const std::vector<std::string>& files) {
    std::map<std::string, fs::file_time_type> state;
    for (const std::string& file : files) {
        const fs::path folder = fs::path{file}.parent_path().empty() ? fs::path{"."} : fs::path{file}.parent_path();
        std::error_code error;
        for (const std::string& beside : fs::is_directory(folder, error) ? files_in(folder, ".yaml") : std::vector<std::string>{})
            state[beside] = fs::last_write_time(beside, error);
    }
    return state;
}

Exit perform(const Arguments& arguments, Console& console) {
    Exit exit = check_and_tell(arguments, console);
    if (!arguments.has("watch")) return exit;
    for (auto seen = state_of_folders(arguments.operands); console.out.stream;) {
        std::this_thread::sleep_for(std::chrono::milliseconds{300});
        auto now = state_of_folders(arguments.operands);
        if (now == seen) continue;
        seen = std::move(now);
        if (console.out.terminal) console.out.stream << "\033[H\033[2J";
        exit = check_and_tell(arguments, console);
    }
    return exit;
}

}  // namespace

Command validate_command() {
    return {.name = "validate",
            .operands = "FILE...",
            .fewest = 1,
            .most = any_number,
            .summary = "checks definitions: all that is wrong, with its place",
            .description = "Checks processes, decisions, types, tests and mock files; which of them a file is, its keys say. A line for each\n"
                           "problem, `FILE:LINE:COL: error: TEXT [rule]`, as editors read them, and a line with the likely mend.\n"
                           "Warnings alone leave the exit status 0.",
            .options = {{"watch", "", "checks again whenever a file changes, until it is interrupted"}, json_option},
            .perform = perform};
}

}  // namespace kontor::cli
