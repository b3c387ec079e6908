#include "sandbox/process_test.hpp"

#include "sandbox/test_run.hpp"

#include <kontor/error.hpp>

#include <algorithm>

namespace kontor::sandbox {
namespace {

/// 2026-01-01T00:00:00Z, a Thursday, for cases that do not say when they begin: a test must not depend on the day that it runs on.
constexpr Instant some_day{std::chrono::seconds{1'767'225'600}};

CaseResult run(const yaml::TestFile& file, const yaml::Case& test, const std::vector<std::shared_ptr<const model::Definition>>& definitions,
               Coverage* coverage) {
    TestRun run{file, test, definitions, coverage};
    for (const yaml::Step& step : test.steps) {
        perform(run, step);
        if (run.failures.empty() && run.box.exhausted())
            run.fail(step.position, "the case so far", "at most " + std::to_string(commands_per_case) + " commands that nobody gave", situation(run));
        if (!run.failures.empty()) break;
    }
    if (run.failures.empty()) check(run, test.expect);
    for (const std::string& service : run.world.unmocked())
        run.fail(test.position, "mocks", "an answer of the service " + service, "none is mocked: add it, or `unmocked: { result: {} }`");
    return {test.name, test.position, std::move(run.failures), path_of(run.trail, {}), run.world.warnings()};
}

}  // namespace

TestRun::TestRun(const yaml::TestFile& file, const yaml::Case& own, const std::vector<std::shared_ptr<const model::Definition>>& definitions,
                 Coverage* coverage)
    : test{own},
      process{file.process},
      mocks{file.mocks.with(own.mocks)},
      world{mocks, MockWorld::Unmocked::record, MockWorld::Untold::wait},
      box{definitions, world, mocks.start.value_or(some_day)} {
    box.limit(commands_per_case);
    box.observe([this, coverage](const core::Record& record, const model::Definition& definition, const core::State&) {
        trail.follow(record, definition);
        if (coverage) coverage->follow(record, definition);
    });
}

const core::State* TestRun::state() const { return trail.newest() ? &box.state(trail.newest()) : nullptr; }

std::vector<CaseResult> run_tests(const yaml::TestFile& file, const std::vector<std::shared_ptr<const model::Definition>>& definitions,
                                  Coverage* coverage) {
    std::vector<CaseResult> results;
    for (const yaml::Case& test : file.cases) results.push_back(run(file, test, definitions, coverage));
    return results;
}

std::string listed(const std::vector<std::string>& items) {
    std::string text = "[";
    for (const std::string& item : items) text += (text.size() > 1 ? ", " : "") + item;
    return text + "]";
}

std::vector<std::string> waiting_at(const TestRun& run) {
    std::vector<std::string> ids;
    const core::State* state = run.state();
    if (!state) return ids;
    for (const auto& [key, instance] : state->elements)
        if (!instance.content) ids.push_back(run.model()[instance.element].id);
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::string situation(const TestRun& run) {
    const core::State* state = run.state();
    if (!state) return "no instance has started";
    using Phase = lifecycle::Instance;
    if (state->phase == Phase::completed)
        return "it ended at " + (state->end_event ? run.model()[*state->end_event].id : std::string{"no end event"});
    if (state->phase == Phase::cancelled) return "it was cancelled";
    if (state->phase == Phase::failed) return "it failed" + (state->failure ? " with the error " + state->failure->code : std::string{});
    if (!state->incidents.empty()) {
        const core::Incident& incident = state->incidents.begin()->second;
        return "it is stopped by an incident at " + run.model()[state->at(incident.element).element].id + ": " + incident.message;
    }
    return "it waits at " + listed(waiting_at(run)) + (run.box.exhausted() ? ", after more commands than a case may take" : "");
}

}  // namespace kontor::sandbox
