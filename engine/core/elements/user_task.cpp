#include "core/elements/behaviour.hpp"
#include "core/expressions.hpp"
#include "core/waits.hpp"

namespace kontor::core {
namespace {

/// Who has to do it; empty: whoever of the candidates takes it. Nothing if an incident was raised.
std::optional<std::string> assignee(Here here, const model::UserTask& task) {
    if (!task.assignee) return std::string{};
    const auto value = evaluate(here, *task.assignee, {});
    if (!value) return std::nullopt;
    if (const std::string* user = value->if_string()) return *user;
    here.deciding.raise(here.key, IncidentKind::expression,
                        where(here.deciding.process, task.assignee->position) + ": the assignee of " + here.element.id +
                            " must be a string; it is " + a_kind(*value));
    return std::nullopt;
}

/// Nothing if an incident was raised; else when it is due, if ever.
std::optional<std::optional<Instant>> due(Here here, const model::UserTask& task) {
    if (!task.due) return std::optional<Instant>{};
    const auto value = evaluate(here, *task.due, {});
    if (!value) return std::nullopt;
    if (const auto at = instant_of(*value, here.deciding.at, here.deciding.process.time_zone)) return at;
    here.deciding.raise(here.key, IncidentKind::expression,
                        where(here.deciding.process, task.due->position) + ": `due` of " + here.element.id +
                            " must be a duration or a date and time; it is " + a_kind(*value));
    return std::nullopt;
}

}  // namespace

// BPMN 2.0, 13.3.3: the task is offered to people on activation and completes when one of them says so.
void activate(Here here, const model::UserTask& task) {
    auto input = input_of(here);
    if (!input) return;
    auto user = assignee(here, task);
    if (!user) return;
    const auto by_when = due(here, task);
    if (!by_when) return;
    auto waits = prepare_boundary(here);
    if (!waits) return;
    here.deciding.emit(TaskCreated{here.key, std::move(*user), *by_when, std::move(*input)});
    for (Event& wait : *waits) here.deciding.emit(std::move(wait));
}

}  // namespace kontor::core
