#pragma once
/// One case of a process test while it runs; private to this folder.
#include "sandbox/mock_world.hpp"
#include "sandbox/process_test.hpp"
#include "sandbox/sandbox.hpp"
#include "sandbox/trail.hpp"

#include <optional>

namespace kontor::sandbox {

struct TestRun {
    TestRun(const yaml::TestFile&, const yaml::Case&, const std::vector<std::shared_ptr<const model::Definition>>&, Coverage*);
    TestRun(const TestRun&) = delete;
    TestRun& operator=(const TestRun&) = delete;

    const yaml::Case& test;
    const std::string& process;
    const yaml::Mocks mocks;     ///< the file's with the case's over them
    MockWorld world;
    Sandbox box;
    Trail trail;
    std::vector<Failure> failures;

    /// The instance that steps and expectations are about: the one that started last. Null if none has.
    [[nodiscard]] const core::State* state() const;
    [[nodiscard]] const model::Process& model() const { return box.definition(trail.newest()).process; }
    void fail(model::Position at, std::string step, std::string expected, std::string found) {
        failures.push_back({at, std::move(step), std::move(expected), std::move(found)});
    }
};

/// `[a, b]`
std::string listed(const std::vector<std::string>&);
/// What the instance is doing: `it waits at [a, b]`, `it ended at granted`, `no instance has started`.
std::string situation(const TestRun&);
/// The ids of the element instances that are active and contain no others, sorted.
std::vector<std::string> waiting_at(const TestRun&);

/// Does the step; fills `failures` if it does not go as the file says.
void perform(TestRun&, const yaml::Step&);
/// Compares what happened with `expect:`.
void check(TestRun&, const yaml::Expect&);

}  // namespace kontor::sandbox
