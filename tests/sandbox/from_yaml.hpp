#pragma once
/// Processes, mocks and tests from texts.
#include "yaml/read.hpp"
#include "yaml/test_file.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace kontor::sandbox::test {

using Definitions = std::vector<std::shared_ptr<const model::Definition>>;

inline void require_none(const std::vector<Problem>& problems) {
    for (const Problem& problem : problems) FAIL(to_string(problem) << " / " << problem.hint);
}

inline Definitions deployed(const std::string& text) {
    yaml::ProcessFile file = yaml::read_process({"process.yaml", text});
    for (const Problem& problem : file.problems)
        if (problem.severity == Severity::error) FAIL(to_string(problem) << " / " << problem.hint);
    Definitions definitions;
    for (model::Process& process : file.processes) {
        auto linked = yaml::link(std::move(process), {});
        definitions.push_back(std::get<std::shared_ptr<model::Definition>>(linked));
    }
    return definitions;
}

inline yaml::Mocks mocks(const std::string& text) {
    yaml::MockFile file = yaml::read_mocks({"mocks.yaml", text});
    require_none(file.problems);
    return file.mocks;
}

inline yaml::TestFile tests(const std::string& text) {
    yaml::TestFile file = yaml::read_test({"process.test.yaml", text});
    require_none(file.problems);
    return file;
}

}  // namespace kontor::sandbox::test
