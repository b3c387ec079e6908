#pragma once
/// The results of process tests: for people, as JSON, as JUnit XML.
#include "cli/console.hpp"
#include "sandbox/process_test.hpp"

#include <kontor/error.hpp>

#include <string>
#include <vector>

namespace kontor::cli::test {

struct FileReport {
    std::string file;
    std::string process;
    std::vector<Problem> problems;       ///< with an error among them no case was run
    std::vector<sandbox::CaseResult> cases;
    double seconds = 0;
};

struct Report {
    std::vector<FileReport> files;
    std::vector<sandbox::CoverageOfProcess> coverage;   ///< empty unless asked for

    [[nodiscard]] bool passed() const;
    [[nodiscard]] std::size_t count(bool passed) const;
};

void print(const Report&, const Output&);
std::string as_json(const Report&);
/// The format of Ant's JUnit task, as build servers read it.
std::string as_junit(const Report&);

}  // namespace kontor::cli::test
