#include "core/commands.hpp"
#include "core/expressions.hpp"

#include <algorithm>

namespace kontor::core {
namespace {

namespace lc = lifecycle;

struct OpenTask {
    const UserTask& task;
    const model::Element& element;
    const model::UserTask& definition;
};

OpenTask open_task(const Deciding& d, ElementKey key) {
    const ElementInstance* instance = d.state.find(key);
    if (!instance || !instance->task || !lc::next(instance->task->state, lc::UserTaskTrigger::complete))
        refuse(Code::conflict, "stale-task", "user task " + key.str() + " is not open");
    if (d.state.phase == lc::Instance::suspended)
        refuse(Code::conflict, "suspended", "instance " + d.state.key.str() + " is suspended");
    const model::Element& element = d.element(*instance);
    return {*instance->task, element, std::get<model::UserTask>(element.kind)};
}

template <class Range, class Item>
bool contains(const Range& range, const Item& item) {
    return std::find(range.begin(), range.end(), item) != range.end();
}

/// Whether this person may do the task: a candidate, and nobody who may not (four eyes, over all rounds).
void check_person(const Deciding& d, const OpenTask& open, const std::string& user, const std::vector<std::string>& groups) {
    for (const ElementIndex other : open.definition.not_same_user_as) {
        const auto done = d.state.completed_by.find(other);
        if (done == d.state.completed_by.end() || !contains(done->second, user)) continue;
        refuse(Code::forbidden, "four-eyes", "user " + user + " completed " + d.process[other].id + " and may not also complete " + open.element.id);
    }
    const auto& candidates = open.definition;
    if (candidates.candidate_groups.empty() && candidates.candidate_users.empty()) return;
    if (contains(candidates.candidate_users, user) || open.task.assignee == user) return;
    if (std::any_of(groups.begin(), groups.end(), [&](const auto& group) { return contains(candidates.candidate_groups, group); })) return;
    refuse(Code::forbidden, "not-a-candidate", "user " + user + " is no candidate for " + open.element.id);
}

void check_form(const std::vector<model::FormField>& form, const Variables& output, const std::string& task) {
    for (const auto& [name, value] : output)
        if (std::none_of(form.begin(), form.end(), [&](const auto& field) { return field.name == name; }))
            refuse(Code::bad_input, "form", "the form of " + task + " has no field " + name);
    for (const auto& field : form) {
        const Value* value = output.find(field.name);
        if (field.required && (!value || value->is_null())) refuse(Code::bad_input, "form", "the form of " + task + " needs the field " + field.name);
        if (const auto wrong = value ? model::mismatch(*field.type, *value, field.name) : std::nullopt)
            refuse(Code::bad_input, "form", "the form of " + task + ": " + *wrong);
    }
}

}  // namespace

void handle(Deciding& d, const CompleteTask& c) {
    const OpenTask open = open_task(d, c.task);
    if (!open.task.assignee.empty() && open.task.assignee != c.by.user)
        refuse(Code::forbidden, "not-the-assignee", "user task " + open.element.id + " is assigned to " + open.task.assignee);
    check_person(d, open, c.by.user, c.by.groups);
    if (open.definition.form) check_form(*open.definition.form, c.output, open.element.id);
    if (size_of(c.output) > largest_value) refuse(Code::bad_input, "too-large", "the output takes more than " + std::to_string(largest_value) + " bytes");
    d.emit(TaskCompleted{c.task, c.by.user, c.output});
}

void handle(Deciding& d, const AssignTask& c) {
    const OpenTask open = open_task(d, c.task);
    if (c.assignee.empty() && open.task.assignee.empty())
        refuse(Code::conflict, "not-assigned", "user task " + open.element.id + " is assigned to nobody");
    if (!c.assignee.empty()) check_person(d, open, c.assignee, c.assignee == c.by.user ? c.by.groups : open.definition.candidate_groups);
    d.emit(TaskAssigned{c.task, c.assignee, c.by.user});
}

}  // namespace kontor::core
