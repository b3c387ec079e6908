#include "processes/driver.hpp"

#include <algorithm>

namespace kontor::test {

using namespace core;

std::string Driver::send(const Command& command) {
    const Decision decision = instance_.send(command, now_);
    if (const auto* rejected = decision.rejection()) return rejected->rule;
    events_ = decision.accepted()->events;
    effects_ = decision.accepted()->effects;
    if (automatic) go_on();
    return {};
}

std::string Driver::go_on() {
    const auto effects = effects_;   // what the command itself did stays visible to the test
    const auto events = events_;
    for (const Effect& effect : effects) {
        if (state().ended()) break;
        if (const auto* prepare = std::get_if<PrepareCall>(&effect)) send(StartAttempt{prepare->job});
        if (std::holds_alternative<RequestContinuation>(effect)) send(Continue{});
    }
    effects_ = effects, events_ = events;
    return {};
}

std::string Driver::start(Variables variables) { return send(StartInstance{"test", "K-1", std::move(variables), {"clerk", {}}, {}, {}}); }

namespace {

struct Due {
    Instant at;
    Command command;
};

std::optional<Due> next_due(const State& state) {
    std::optional<Due> first;
    const auto offer = [&](Instant at, Command command) {
        if (!first || at < first->at) first = Due{at, std::move(command)};
    };
    for (const auto& [key, wait] : state.waits)
        if (const auto* timer = std::get_if<Wait::Timer>(&wait.what)) offer(timer->due, FireTimer{key});
    for (const auto& [key, instance] : state.elements)
        if (instance.job && instance.job->due) offer(*instance.job->due, WakeUpJob{key});
    return first;
}

}  // namespace

void Driver::advance(Duration by) {
    const Instant until = now_ + by;
    while (!state().ended()) {
        const auto due = next_due(state());
        if (!due || due->at > until) break;
        now_ = std::max(now_, due->at);
        if (!send(due->command).empty()) break;   // suspended: it stays due
    }
    now_ = until;
}

std::string Driver::complete(std::string_view id, Value result) { return send(CompleteJob{key(id), std::move(result)}); }
std::string Driver::fail(std::string_view id, std::optional<Duration> retry_after) { return send(FailJob{key(id), "it failed", retry_after, false}); }
std::string Driver::fail_for_good(std::string_view id) { return send(FailJob{key(id), "never", {}, true}); }
std::string Driver::lose(std::string_view id, bool by_restart) { return send(LoseCall{key(id), "no answer", by_restart}); }
std::string Driver::return_error(std::string_view id, std::string code, Value data) {
    return send(ReturnError{key(id), std::move(code), "said the service", std::move(data)});
}
std::string Driver::defer(std::string_view id, Duration within) { return send(DeferJob{key(id), within}); }
std::string Driver::answer_query(std::string_view id, std::optional<bool> took_effect, Value result) {
    return send(AnswerQuery{key(id), took_effect, std::move(result)});
}

std::string Driver::complete_task(std::string_view id, std::string user, Variables output, std::vector<std::string> groups) {
    return send(CompleteTask{key(id), std::move(output), {std::move(user), std::move(groups)}});
}
std::string Driver::assign(std::string_view id, std::string user, std::string by) { return send(AssignTask{key(id), std::move(user), {std::move(by), {}}}); }
std::string Driver::publish(std::string_view id, Value payload, std::string message_id) {
    return send(CorrelateMessage{find_wait(id).value(), std::move(message_id), std::move(payload)});
}
std::string Driver::fire(std::string_view id) {
    const WaitKey wait = find_wait(id).value();
    now_ = std::max(now_, std::get<Wait::Timer>(state().waits.at(wait).what).due);
    return send(FireTimer{wait});
}
std::string Driver::resolve(std::string_view id, Variables corrections, std::optional<bool> took_effect) {
    return send(ResolveIncident{state().at(key(id)).incident, {"operator", {}}, std::move(corrections), took_effect});
}
std::string Driver::cancel(bool compensate) { return send(CancelInstance{{"boss", {}}, "withdrawn", compensate}); }
std::string Driver::suspend() { return send(SuspendInstance{{"boss", {}}, "holidays"}); }
std::string Driver::resume() { return send(ResumeInstance{{"boss", {}}}); }

ElementKey Driver::key(std::string_view id) const {
    for (auto it = state().elements.rbegin(); it != state().elements.rend(); ++it)
        if (checked().process()[it->second.element].id == id) return it->first;
    throw std::invalid_argument{"no instance of " + std::string{id} + " is alive:\n" + checked().story()};
}

std::size_t Driver::count(std::string_view id) const {
    return static_cast<std::size_t>(std::count_if(state().elements.begin(), state().elements.end(), [&](const auto& entry) {
        return checked().process()[entry.second.element].id == id;
    }));
}

std::optional<WaitKey> Driver::find_wait(std::string_view id) const {
    for (const auto& [key, wait] : state().waits)
        if (checked().process()[wait.element].id == id) return key;
    return std::nullopt;
}

std::optional<IncidentKind> Driver::incident(std::string_view id) const {
    for (const auto& [key, incident] : state().incidents)
        if (checked().process()[state().at(incident.element).element].id == id) return incident.kind;
    return std::nullopt;
}

Value Driver::variable(std::string_view name) const {
    const Value* found = state().scope(root_of(state().key)).variables.find(name);
    return found ? *found : Value{};
}

namespace {

/// Shows each row to `see(element, event)` for every event that completes an element instance.
template <class See>
void each_completed(const Checked& checked, See&& see) {
    std::map<ElementKey, ElementIndex> elements;
    for (const Record& row : checked.journal())
        for (const Event& event : row.events) {
            if (const auto* activated = std::get_if<ElementActivated>(&event)) elements[activated->key] = activated->element;
            if (const auto* completed = std::get_if<ElementCompleted>(&event)) see(checked.process()[elements.at(completed->key)]);
        }
}

void append(std::string& text, const std::string& id) { text += (text.empty() ? "" : " ") + id; }

}  // namespace

std::string Driver::completed() const {
    std::string ids;
    each_completed(checked(), [&](const model::Element& element) { append(ids, element.id); });
    return ids;
}

std::string Driver::undone() const {
    std::string ids;
    each_completed(checked(), [&](const model::Element& element) {
        if (element.compensates) append(ids, element.id);
    });
    return ids;
}

}  // namespace kontor::test
