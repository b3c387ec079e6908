#include "yaml/elements/table.hpp"
#include "yaml/flow/reading.hpp"

#include "value/temporal_text.hpp"

#include <array>

namespace kontor::yaml {

namespace {

constexpr std::array<Key, 6> keys{{{"candidateGroups", Shape::texts, "groups whose members may take it"},
                                   {"candidateUsers", Shape::texts, "users who may take it"},
                                   {"assignee", Shape::assignee, "the user who has it from the start"},
                                   {"due", Shape::due, "when it should be done: a duration, a date and time, or an expression"},
                                   {"notSameUserAs", Shape::ids,
                                       "four eyes: user tasks that another person must have completed, over all rounds"},
                                   {"form", Shape::form, "the fields of a completion, which are checked"}}};

/// `due: P2D`, a date and time, or an expression that gives either.
std::optional<model::Formula> read_due(const ElementContext& context, const Node& node) {
    const Site& site = context.reading.site;
    if (is_expression(node)) return read_expression(site, node, "due", context.names());
    if (node.is_scalar()) {
        if (const auto at = parse_date_time(node.text)) return model::Formula{feel::Expression::literal(Value{*at}),
            node.position};
        if (const auto months = parse_months_duration(node.text))
            return model::Formula{feel::Expression::literal(Value{*months}), node.position};
    }
    const auto duration = read_duration(site, node, "due");
    if (!duration) return std::nullopt;
    return model::Formula{feel::Expression::literal(Value{*parse_days_duration(node.text)}), node.position};
}

std::optional<model::Formula> read_assignee(const ElementContext& context, const Node& node) {
    const Site& site = context.reading.site;
    if (is_expression(node)) return read_expression(site, node, "assignee", context.names());
    auto text = read_text(site, node, "assignee");
    return text ? std::optional{model::Formula{feel::Expression::literal(Value{std::move(*text)}), node.position}} : std::nullopt;
}

/// The tasks may stand further down, so they are looked up when all is read.
void refer_to_task(const ElementContext& context, const Node& name) {
    const auto id = read_text(context.reading.site, name, "notSameUserAs");
    if (!id) return;
    context.reading.graph.later([reading = &context.reading, index = context.index, id = *id, at = name.position] {
        Problems& problems = reading->site.problems;
        const model::Element* task = reading->graph.find(id);
        if (!task) return void(reading->graph.target(id, at, reading->graph[index].scope));   // which reports it
        if (!std::holds_alternative<model::UserTask>(task->kind))
            return problems.error(at, "not-a-user-task",
                                  quoted(id) + " is a " + std::string{model::type_name(task->kind)} + ": nobody completes it",
                                  "`notSameUserAs` names user tasks");
        if (task->index == index) return problems.error(at, "not-a-user-task", quoted(id) + " cannot exclude itself");
        std::get<model::UserTask>(reading->graph[index].kind).not_same_user_as.push_back(task->index);
    });
}

void refer_to_tasks(const ElementContext& context, const Node& node) {
    if (!node.is_list()) return refer_to_task(context, node);
    for (const Node& name : node.items) refer_to_task(context, name);
}

Ends read(const ElementContext& context) {
    const Site& site = context.reading.site;
    model::UserTask task;
    if (const Node* groups = context.fields["candidateGroups"])
        task.candidate_groups = read_texts(site, *groups, "candidateGroups");
    if (const Node* users = context.fields["candidateUsers"]) task.candidate_users = read_texts(site, *users, "candidateUsers");
    if (const Node* assignee = context.fields["assignee"]) task.assignee = read_assignee(context, *assignee);
    if (const Node* due = context.fields["due"]) task.due = read_due(context, *due);
    if (const Node* form = context.fields["form"]) task.form = read_form(context.reading, *form);
    context.element().kind = std::move(task);
    if (const Node* others = context.fields["notSameUserAs"]) refer_to_tasks(context, *others);
    read_input(context);
    if (const Node* output = context.fields["output"])
        context.element().output = read_output(context.reading, *output, context.names({"result"}));
    return context.leave();
}

}  // namespace

extern const ElementSpec user_task;
const ElementSpec user_task{"userTask", "a person does it", ElementSpec::Group::activity, keys, read};

}  // namespace kontor::yaml
