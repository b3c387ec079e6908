#include "cli/commands.hpp"
#include "cli/store/place.hpp"
#include "cli/store/table.hpp"
#include "cli/store/words.hpp"
#include "value/json.hpp"

namespace kontor::cli {
namespace {

std::string joined(const std::vector<std::string>& all) {
    std::string text;
    for (const auto& one : all) text += (text.empty() ? "" : ", ") + one;
    return text;
}

Exit perform(const Arguments& arguments, Console& console) {
    TaskQuery query;
    if (const std::string* group = arguments.value("group")) query.candidate_group = *group;
    if (const std::string* user = arguments.value("user")) query.candidate_user = *user;
    if (const std::string* assignee = arguments.value("assignee")) query.assignee = *assignee;
    if (const std::string* instance = arguments.value("instance")) query.instance = read_key<InstanceKey>(*instance);
    if (const std::string* after = arguments.value("after")) query.after = Cursor{*after};
    query.limit = read_number(arguments, "limit", query.limit, 1000);
    const OpenStore store{store_url(arguments)};
    const auto page = store.reader().tasks(query);
    if (arguments.has("json")) {
        console.out.stream << json::write(page_of("tasks", page)) << '\n';
        return Exit::fine;
    }
    Table table{{"TASK", "INSTANCE", "PROCESS", "ELEMENT", "ASSIGNEE", "GROUPS", "USERS", "SINCE", "DUE"}};
    for (const auto& task : page)
        table.add({{task.key.str(), Style::bold}, {task.instance.str()}, {task.process}, {task.element}, {task.assignee, Style::person},
                   {joined(task.candidate_groups)}, {joined(task.candidate_users)}, {moment(task.created_at)}, {task.due ? moment(*task.due) : ""}});
    if (table.empty()) console.out.stream << "no user tasks\n";
    else table.print(console.out);
    print_next(console.out, page.next);
    return Exit::fine;
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
                        {"limit", "N", "at most so many: 1 to 1000, 100 unless given"},
                        {"after", "CURSOR", "goes on behind the last page"},
                        json_option},
            .perform = perform};
}

}  // namespace kontor::cli
