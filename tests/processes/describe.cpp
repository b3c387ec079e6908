#include "processes/describe.hpp"

#include "value/json.hpp"

namespace kontor::test {

using namespace core;
using lifecycle::Activity;

namespace {

/// `f("name", field)` for each field that says something in a message.
struct Fields {
    const model::Process& process;
    std::string text;

    template <class F>
    void operator()(std::string_view name, const F& field) {
        if constexpr (std::is_same_v<F, ElementIndex>) text += " " + std::string{name} + "=" + process[field].id;
        else if constexpr (std::is_same_v<F, std::string>) text += field.empty() ? "" : " " + std::string{name} + "=" + field;
        else if constexpr (std::is_same_v<F, bool>) text += field ? " " + std::string{name} : "";
        else if constexpr (requires { field.value.value; }) text += "";
        else if constexpr (requires { { field.value } -> std::convertible_to<std::uint64_t>; })
            text += field.value ? " " + std::string{name} + "=" + short_key(field.value) : "";
    }
    static std::string short_key(std::uint64_t key) {
        return std::to_string((key >> 12) & 0xffffff) + "." + std::to_string(key & 0xfff);
    }
};

}  // namespace

std::string describe(const model::Process& process, const State& before, const Event& event) {
    return std::visit(
        [&](const auto& e) {
            Fields fields{process, "   " + std::string{type_of(event).name}};
            std::remove_cvref_t<decltype(e)>::each_field(e, fields);
            if constexpr (requires { ElementKey{e.key}; })
                if (const auto* at = before.find(ElementKey{e.key.value}))
                    fields.text += " (" + process[at->element].id + ", " + std::string{lifecycle::to_string(at->phase)} + ")";
            if constexpr (requires { e.kind; }) fields.text += " " + std::string{to_string(e.kind)};
            return fields.text;
        },
        event);
}

std::string name_of(const Command& command) {
    static constexpr std::array names{"StartInstance", "StartAttempt", "CompleteJob", "ReturnError", "FailJob", "LoseCall", "LoseAnswer", "DeferJob",
                                      "ExtendJob", "WakeUpJob", "AnswerQuery", "FireTimer", "CorrelateMessage", "CompleteTask", "AssignTask",
                                      "ResolveIncident", "CancelInstance", "SuspendInstance", "ResumeInstance", "Continue", "Halt", "Rewind"};
    static_assert(std::variant_size_v<Command> == names.size());
    return names[command.index()];
}

std::string difference(const State& a, const State& b) {
    std::string parts;
    const auto compare = [&](std::string_view name, const auto& x, const auto& y) {
        if (!(x == y)) parts += " " + std::string{name};
    };
    compare("phase", a.phase, b.phase), compare("last", a.last, b.last), compare("rows", a.rows, b.rows);
    compare("waits", a.waits, b.waits), compare("incidents", a.incidents, b.incidents), compare("agenda", a.agenda, b.agenda);
    compare("completed_by", a.completed_by, b.completed_by), compare("failing", a.failing, b.failing), compare("halted", a.halted, b.halted);
    compare("continuing", a.continuing, b.continuing), compare("continuations", a.continuations, b.continuations);
    for (const auto& [key, instance] : a.elements)
        if (const auto* other = b.find(key); !other || !(*other == instance)) parts += " element " + Fields::short_key(key.value);
    compare("elements", a.elements.size(), b.elements.size());
    return parts.empty() ? " (something else)" : parts;
}

namespace {

bool waits_for_compensation(const State& state, const ElementInstance& instance) {
    return std::any_of(state.elements.begin(), state.elements.end(), [&](const auto& entry) {
        if (!entry.second.content) return false;
        const auto& runs = entry.second.content->compensations;
        return std::any_of(runs.begin(), runs.end(), [&](const Compensation& run) { return run.requester == instance.key; });
    });
}

bool waits_for_something(const State& state, const ElementInstance& instance) {
    if (instance.incident) return true;
    if (instance.content) return !instance.content->children.empty() || has_work(state, instance);
    if (instance.job && instance.job->state != lifecycle::Job::completed) return true;
    if (instance.task && instance.task->state != lifecycle::UserTask::completed) return true;
    return !instance.waits.empty() || waits_for_compensation(state, instance);
}

}  // namespace

void check_alive(const model::Process& process, const State& state, const ElementInstance& instance) {
    const auto refuse = [&](const std::string& what) { throw Violation{process[instance.element].id + " " + what}; };
    if (!state.runs_freely()) return;
    if (instance.incident) return;
    if (instance.phase == Activity::ready || instance.phase == Activity::completing) refuse("could go on and does not");
    if (!waits_for_something(state, instance)) refuse("waits for nothing");
    if (!instance.content) return;
    const Scope& scope = *instance.content;
    if (scope.moving != 0) refuse("believes that tokens move, at rest");
    if (scope.children.empty()) refuse("is empty and does not end");
    if (scope.compensations.empty()) return;
    const bool busy = std::any_of(scope.children.begin(), scope.children.end(), [&](ElementKey child) {
        const ElementInstance& c = state.at(child);
        return c.compensates || c.phase == Activity::terminating;
    });
    if (!busy) refuse("has a compensation to do and does nothing");
}

}  // namespace kontor::test
