/// The steps of a case.
#include "sandbox/test_run.hpp"

#include "value/temporal_text.hpp"

#include <kontor/error.hpp>

#include <algorithm>

namespace kontor::sandbox {
namespace {

std::string text_of(Duration d) { return to_string(DaysDuration{d.count() / 1000, static_cast<std::int32_t>(d.count() % 1000) * 1'000'000}); }

/// How the file names the step, for messages.
struct Title {
    std::string operator()(const yaml::step::Start&) const { return "start"; }
    std::string operator()(const yaml::step::Advance& s) const { return "advance: " + text_of(s.by); }
    std::string operator()(const yaml::step::Restart&) const { return "restart"; }
    std::string operator()(const yaml::step::Complete& s) const { return "complete: " + s.element; }
    std::string operator()(const yaml::step::Publish& s) const { return "publish: " + s.message; }
    std::string operator()(const yaml::step::Suspend&) const { return "suspend"; }
    std::string operator()(const yaml::step::Resume&) const { return "resume"; }
    std::string operator()(const yaml::step::Resolve& s) const { return "resolve: " + s.element; }
    std::string operator()(const yaml::step::Incident& s) const { return "incident: " + s.kind; }
    std::string operator()(const yaml::step::Waits& s) const { return "waits: " + listed(s.elements); }
    std::string operator()(const yaml::step::Ends& s) const { return "ends: " + s.element; }
};

struct OpenIncident {
    IncidentKey key;
    std::string kind;
    std::string element;
};

/// Of the instance that the case is about, oldest first.
std::vector<OpenIncident> open_incidents(const TestRun& run) {
    std::vector<OpenIncident> open;
    const core::State* state = run.state();
    if (!state) return open;
    for (const auto& [key, incident] : state->incidents)
        open.push_back({key, std::string{core::to_string(incident.kind)}, run.model()[state->at(incident.element).element].id});
    return open;
}

/// As the core writes the key that an instance waits with.
std::optional<std::string> key_of(const yaml::step::Publish& s) {
    if (!s.key) return std::nullopt;
    const std::string* text = s.key->if_string();
    return text ? *text : feel::to_feel(*s.key);
}

/// Does one step; the answer is the refusal, if there was one.
class Doing {
public:
    Doing(TestRun& run, const yaml::Step& step) : run_{run}, step_{step} {}
    using Refusal = std::optional<core::Rejection>;

    Refusal operator()(const yaml::step::Start& s) {
        core::StartInstance request;
        request.variables = run_.mocks.variables;
        for (const auto& [name, value] : s.variables) request.variables.set(name, value);
        request.business_key = s.business_key;
        try {
            run_.box.start(run_.process, std::move(request));
        } catch (const Error& e) {
            return core::Rejection{e.code(), std::string{kontor::to_string(e.code())}, e.what()};
        }
        run_.box.settle();
        return {};
    }
    Refusal operator()(const yaml::step::Advance& s) {
        run_.box.advance(s.by);
        return {};
    }
    Refusal operator()(const yaml::step::Restart&) {
        run_.box.restart();
        run_.box.settle();
        return {};
    }
    Refusal operator()(const yaml::step::Complete& s) {
        const core::State* state = run_.state();
        const core::ElementInstance* task = state ? open_task(*state, s.element) : nullptr;
        if (!task) return core::Rejection{Code::conflict, "stale-task", "no user task " + s.element + " is open: " + situation(run_)};
        auto groups = s.groups;
        if (groups.empty()) groups = std::get<model::UserTask>(run_.model()[task->element].kind).candidate_groups;
        const std::string by = s.by.empty() && !task->task->assignee.empty() ? task->task->assignee : s.by;
        auto refusal = run_.box.submit(state->key, core::CompleteTask{task->key, s.output, {by, groups}});
        run_.box.settle();
        return refusal;
    }
    Refusal operator()(const yaml::step::Publish& s) {
        PublishedMessage message{s.message, key_of(s), s.payload, time_to_live(s.message)};
        const Delivery delivery = run_.box.publish(std::move(message));
        run_.box.settle();
        if (delivery != Delivery::kept || time_to_live(s.message) > Duration{}) return {};
        return core::Rejection{Code::not_found, "not-awaited", "nobody waits for this message: " + situation(run_)};
    }
    Refusal operator()(const yaml::step::Suspend& s) { return submit(core::SuspendInstance{{s.by, {}}, {}}); }
    Refusal operator()(const yaml::step::Resume& s) { return submit(core::ResumeInstance{{s.by, {}}}); }
    Refusal operator()(const yaml::step::Resolve& s) {
        const auto open = open_incidents(run_);
        const auto it = std::ranges::find(open, s.element, &OpenIncident::element);
        if (it == open.end()) return core::Rejection{Code::conflict, "stale-incident", "no incident is open at " + s.element + ": " + situation(run_)};
        return submit(core::ResolveIncident{it->key, {s.by, {}}, s.variables, s.took_effect});
    }
    Refusal operator()(const yaml::step::Incident& s) {
        std::vector<std::string> found;
        for (const OpenIncident& incident : open_incidents(run_)) {
            if (incident.kind == s.kind && (s.at.empty() || incident.element == s.at)) return {};
            found.push_back(incident.kind + " at " + incident.element);
        }
        run_.fail(step_.position, Title{}(s), "an incident " + s.kind + (s.at.empty() ? " is open" : " is open at " + s.at),
                  found.empty() ? "there is none: " + situation(run_) : "there is " + listed(found));
        return {};
    }
    Refusal operator()(const yaml::step::Waits& s) {
        auto wanted = s.elements;
        std::sort(wanted.begin(), wanted.end());
        auto found = waiting_at(run_);
        const auto several = std::unique(found.begin(), found.end());
        found.erase(several, found.end());
        if (wanted != found) run_.fail(step_.position, Title{}(s), "the instance waits at " + listed(wanted) + " and nowhere else", situation(run_));
        return {};
    }
    Refusal operator()(const yaml::step::Ends& s) {
        while (run_.state() && !run_.state()->ended() && run_.box.advance_to_next()) {
        }
        const core::State* state = run_.state();
        const bool there = state && state->phase == lifecycle::Instance::completed && state->end_event &&
                           run_.model()[*state->end_event].id == s.element;
        const bool other = state && ((s.element == "cancelled" && state->phase == lifecycle::Instance::cancelled) ||
                                     (s.element == "failed" && state->phase == lifecycle::Instance::failed));
        if (!there && !other) run_.fail(step_.position, Title{}(s), "the instance ends at " + s.element, situation(run_));
        return {};
    }

private:
    Refusal submit(const core::Command& command) {
        const core::State* state = run_.state();
        if (!state) return core::Rejection{Code::not_found, "not-found", situation(run_)};
        auto refusal = run_.box.submit(state->key, command);
        run_.box.settle();
        return refusal;
    }
    const core::ElementInstance* open_task(const core::State& state, const std::string& id) const {
        for (const auto& [key, instance] : state.elements)
            if (instance.task && run_.model()[instance.element].id == id && instance.phase == lifecycle::Activity::active) return &instance;
        return nullptr;
    }
    /// As the process that declares the message says; an undeclared one is not kept.
    Duration time_to_live(const std::string& name) const {
        if (!run_.state()) return {};
        for (const model::Message& message : run_.model().messages)
            if (message.name == name) return message.time_to_live.value_or(Duration{});
        return {};
    }

    TestRun& run_;
    const yaml::Step& step_;
};

}  // namespace

void perform(TestRun& run, const yaml::Step& step) {
    const auto refusal = std::visit(Doing{run, step}, step.action);
    const std::string title = std::visit(Title{}, step.action);
    if (!refusal && step.refused) return run.fail(step.position, title, "the step is refused by the rule " + *step.refused, "it was accepted");
    if (refusal && !step.refused)
        return run.fail(step.position, title, "the step is accepted", "it was refused [" + refusal->rule + "]: " + refusal->message);
    if (refusal && refusal->rule != *step.refused)
        run.fail(step.position, title, "the step is refused by the rule " + *step.refused,
                 "it was refused by another, [" + refusal->rule + "]: " + refusal->message);
}

}  // namespace kontor::sandbox
