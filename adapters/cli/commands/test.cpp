#include "cli/commands.hpp"
#include "cli/definitions.hpp"
#include "cli/files.hpp"
#include "cli/problems.hpp"
#include "cli/test/report.hpp"

#include "sandbox/process_test.hpp"
#include "sandbox/test_names.hpp"

#include <chrono>
#include <set>

namespace kontor::cli {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> test_files(const std::string& place) {
    std::error_code error;
    if (!fs::exists(place, error)) throw WorldFailed{"there is no file or folder " + place};
    if (!fs::is_directory(place, error)) return {place};
    return files_in(place, ".test.yaml", true);
}

/// The processes that a test can mean: those of all files in its own folder, or else in the folder above.
class Processes {
public:
    Loaded find(const std::string& process, const fs::path& test_file) {
        const fs::path folder = test_file.parent_path().empty() ? fs::path{"."} : test_file.parent_path();
        Loaded all;
        for (const fs::path& place : {folder, folder / ".."})
            for (const std::string& file : files_in(place, ".yaml")) {
                if (file.ends_with(".test.yaml") || file.ends_with(".decision.yaml")) continue;
                const yaml::Source source = read_file(file);
                if (yaml::kind_of(source) != yaml::FileKind::process) continue;
                Loaded loaded = loader_.load(source);
                const bool holds_it = std::any_of(loaded.definitions.begin(), loaded.definitions.end(),
                                                  [&](const auto& d) { return d->process.id == process; });
                if (holds_it) return loaded;
                for (Problem& problem : loaded.problems)
                    if (problem.severity == Severity::error) all.problems.push_back(std::move(problem));
            }
        // The process may be missing because its own file is wrong.
        all.problems.push_back({test_file.string(), 0, 0, Severity::error, "unknown-process", "there is no process " + process,
                                "it is searched in the folder of the test and in the one above"});
        return all;
    }

private:
    Loader loader_;
};

test::FileReport run_file(const std::string& name, Processes& processes, sandbox::Coverage* coverage) {
    const auto begin = std::chrono::steady_clock::now();
    test::FileReport report{name, {}, {}, {}, {}};
    const yaml::TestFile file = yaml::read_test(read_file(name));
    report.process = file.process;
    report.problems = file.problems;
    if (has_error(file.problems)) return report;
    const Loaded loaded = processes.find(file.process, name);
    if (loaded.definitions.empty()) {
        report.problems.insert(report.problems.end(), loaded.problems.begin(), loaded.problems.end());
        return report;
    }
    const auto unknown = sandbox::unknown_names(name, file, loaded.definitions);
    report.problems.insert(report.problems.end(), unknown.begin(), unknown.end());
    if (has_error(unknown)) return report;
    for (const auto& definition : loaded.definitions)
        if (coverage) coverage->add(definition);
    report.cases = sandbox::run_tests(file, loaded.definitions, coverage);
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return report;
}

Exit perform(const Arguments& arguments, Console& console) {
    const std::string& place = arguments.operands.front();
    const auto files = test_files(place);
    if (files.empty()) throw Refused{"there is no file *.test.yaml in " + place};
    Processes processes;
    sandbox::Coverage coverage;
    test::Report report;
    for (const std::string& file : files)
        report.files.push_back(run_file(file, processes, arguments.has("coverage") ? &coverage : nullptr));
    if (arguments.has("coverage")) report.coverage = coverage.report();

    if (const std::string* junit = arguments.value("junit")) write_file(*junit, test::as_junit(report));
    if (arguments.has("json")) console.out.stream << test::as_json(report) << '\n';
    else test::print(report, console.out);
    return report.passed() ? Exit::fine : Exit::no;
}

}  // namespace

Command test_command() {
    return {.name = "test",
            .operands = "DIR",
            .fewest = 1,
            .most = 1,
            .summary = "runs the process tests of a folder",
            .description = "Runs every case of every file *.test.yaml in the folder and below it (or of one file), each in virtual time. The process\n"
                           "that a file tests is searched in all files beside it, then in those of the folder above. A failure says the step,\n"
                           "what was expected, what was found, and the path so far.",
            .options = {{"coverage", "", "also lists the elements and sequence flows that no case reached"},
                        {"junit", "FILE", "also writes the results as JUnit XML, for build servers"},
                        json_option},
            .perform = perform};
}

}  // namespace kontor::cli
