#include "sandbox/test_names.hpp"

#include "model/service_name.hpp"
#include "value/wording.hpp"

#include <algorithm>

namespace kontor::sandbox {
namespace {

using Names = std::vector<std::string_view>;

/// What the processes know by name.
struct Known {
    Names elements, user_tasks, services, messages;

    explicit Known(const Deployed& definitions) {
        for (const auto& definition : definitions) {
            for (const model::Element& element : definition->process.elements) {
                elements.push_back(element.id);
                if (std::holds_alternative<model::UserTask>(element.kind)) user_tasks.push_back(element.id);
                if (const model::Call* call = model::service_call(element.kind)) services.push_back(call->service);
            }
            for (const model::Message& message : definition->process.messages) messages.push_back(message.name);
        }
    }
};

bool has(const Names& names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

bool fits_any(const Names& services, std::string_view mocked) {
    return std::any_of(services.begin(), services.end(), [&](std::string_view service) { return model::service_fits(mocked, service); });
}

class Checker {
public:
    Checker(std::string file, const Deployed& definitions) : file_{std::move(file)}, known_{definitions} {}

    void check(const yaml::Mocks& mocks) {
        for (const auto& [service, answers] : mocks.services)
            if (!fits_any(known_.services, service))
                add(Severity::warning, answers.front().position, "unknown-service", "no element calls the service " + quoted(service), service,
                    known_.services);
        for (const auto& [task, answers] : mocks.user_tasks)
            if (!has(known_.user_tasks, task))
                add(Severity::warning, answers.front().position, "unknown-element", "there is no user task " + quoted(task), task,
                    known_.user_tasks);
    }
    void check(const yaml::Case& test) {
        check(test.mocks);
        for (const yaml::Step& step : test.steps) std::visit([&](const auto& action) { check(action, step.position); }, step.action);
        const yaml::Expect& expect = test.expect;
        if (expect.path) elements(*expect.path, expect.position);
        if (expect.compensated) elements(*expect.compensated, expect.position);
        elements(expect.never, expect.position);
        for (const auto& calls : expect.calls)
            if (!has(known_.services, calls.service))
                add(Severity::error, calls.position, "unknown-service", "no element calls the service " + quoted(calls.service), calls.service,
                    known_.services);
    }
    std::vector<Problem> take() { return std::move(problems_); }

private:
    template <class Other>
    void check(const Other&, model::Position) {}
    void check(const yaml::step::Complete& s, model::Position at) {
        if (!has(known_.user_tasks, s.element))
            add(Severity::error, at, "unknown-element", "there is no user task " + quoted(s.element), s.element, known_.user_tasks);
    }
    void check(const yaml::step::Publish& s, model::Position at) {
        if (!has(known_.messages, s.message))
            add(Severity::error, at, "unknown-message", "there is no message " + quoted(s.message), s.message, known_.messages);
    }
    void check(const yaml::step::Resolve& s, model::Position at) { elements({s.element}, at); }
    void check(const yaml::step::Incident& s, model::Position at) {
        if (!s.at.empty()) elements({s.at}, at);
    }
    void check(const yaml::step::Waits& s, model::Position at) { elements(s.elements, at); }
    void check(const yaml::step::Ends& s, model::Position at) {
        if (s.element != "failed" && s.element != "cancelled") elements({s.element}, at);
    }
    void elements(const std::vector<std::string>& ids, model::Position at) {
        for (const std::string& id : ids)
            if (id != "..." && !has(known_.elements, id))
                add(Severity::error, at, "unknown-element", "there is no element " + quoted(id), id, known_.elements);
    }
    void add(Severity severity, model::Position at, std::string rule, std::string message, std::string_view name, const Names& known) {
        problems_.push_back({file_, static_cast<int>(at.line), static_cast<int>(at.column), severity, std::move(rule), std::move(message),
                             did_you_mean(name, known)});
    }

    std::string file_;
    Known known_;
    std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> unknown_names(const std::string& file, const yaml::Mocks& mocks, const Deployed& definitions) {
    Checker checker{file, definitions};
    checker.check(mocks);
    return checker.take();
}

std::vector<Problem> unknown_names(const std::string& file, const yaml::TestFile& tests, const Deployed& definitions) {
    Checker checker{file, definitions};
    checker.check(tests.mocks);
    for (const yaml::Case& test : tests.cases) checker.check(test);
    return checker.take();
}

}  // namespace kontor::sandbox
