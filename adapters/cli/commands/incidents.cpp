#include "cli/commands.hpp"
#include "cli/store/place.hpp"
#include "cli/store/table.hpp"
#include "cli/store/words.hpp"
#include "value/json.hpp"

namespace kontor::cli {
namespace {

Exit perform(const Arguments& arguments, Console& console) {
    IncidentQuery query;
    if (const std::string* process = arguments.value("process")) query.process = *process;
    if (const std::string* instance = arguments.value("instance")) query.instance = read_key<InstanceKey>(*instance);
    if (const std::string* after = arguments.value("after")) query.after = Cursor{*after};
    query.limit = read_number(arguments, "limit", query.limit, 1000);
    const OpenStore store{store_url(arguments)};
    const auto page = store.reader().incidents(query);
    if (arguments.has("json")) {
        console.out.stream << json::write(page_of("incidents", page)) << '\n';
        return Exit::fine;
    }
    Table table{{"INCIDENT", "INSTANCE", "PROCESS", "ELEMENT", "KIND", "SINCE", "MESSAGE"}};
    for (const auto& incident : page)
        table.add({{incident.key.str(), Style::bold}, {incident.instance.str()}, {incident.process}, {incident.element},
                   {incident.kind, Style::bad}, {moment(incident.raised_at)}, {incident.message}});
    if (table.empty()) console.out.stream << "no incidents\n";
    else table.print(console.out);
    print_next(console.out, page.next);
    return Exit::fine;
}

}  // namespace

Command incidents_command() {
    return {.name = "incidents",
            .operands = "",
            .fewest = 0,
            .most = 0,
            .summary = "lists what needs a person's help",
            .description = "`kontor explain INSTANCE` says what probably helps, `kontor retry INCIDENT` tries again. Times are in UTC.",
            .options = {store_option,
                        {"process", "ID", "of this process only"},
                        {"instance", "KEY", "of this instance only"},
                        {"limit", "N", "at most so many: 1 to 1000, 100 unless given"},
                        {"after", "CURSOR", "goes on behind the last page"},
                        json_option},
            .perform = perform};
}

}  // namespace kontor::cli
