#include "cli/commands.hpp"
#include "cli/store/listing.hpp"
#include "value/wording.hpp"

namespace kontor::cli {
namespace {

Exit perform(const Arguments& arguments, Console& console) {
    TaskQuery query;
    if (const std::string* group = arguments.value("group")) query.candidate_group = *group;
    if (const std::string* user = arguments.value("user")) query.candidate_user = *user;
    if (const std::string* assignee = arguments.value("assignee")) query.assignee = *assignee;
    if (const std::string* instance = arguments.value("instance")) query.instance = read_key<InstanceKey>(*instance);
    read_page(arguments, query);
    const OpenStore store{store_url(arguments)};
    const std::vector<std::string> headings{"TASK", "INSTANCE", "PROCESS", "ELEMENT", "ASSIGNEE", "GROUPS", "USERS", "SINCE", "DUE"};
    return show_page(arguments, console.out, "tasks", "user tasks", store.reader().tasks(query), headings, [](const TaskInfo& task) {
        return std::vector<Cell>{{task.key.str(), Style::bold},   {task.instance.str()},          {task.process},
                                 {task.element},                  {task.assignee, Style::person}, {joined(task.candidate_groups)},
                                 {joined(task.candidate_users)},  {moment(task.created_at)},      {task.due ? moment(*task.due) : ""}};
    });
}

}  // namespace

Command tasks_command() {
    return {.name = "tasks",
            .operands = "",
            .fewest = 0,
            .most = 0,
            .summary = "lists user tasks that wait for somebody",
            .description = "Several conditions hold all together. Times are in UTC.",
            .options = {store_option,
                        {"group", "NAME", "that this group may take"},
                        {"user", "NAME", "that this user may take as a candidate"},
                        {"assignee", "NAME", "that are assigned to this user"},
                        {"instance", "KEY", "of this instance only"},
                        limit_option,
                        after_option,
                        json_option},
            .perform = perform};
}

}  // namespace kontor::cli
