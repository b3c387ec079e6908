#include "cli/commands.hpp"
#include "cli/store/listing.hpp"

namespace kontor::cli {
namespace {

Exit perform(const Arguments& arguments, Console& console) {
    IncidentQuery query;
    if (const std::string* process = arguments.value("process")) query.process = *process;
    if (const std::string* instance = arguments.value("instance")) query.instance = read_key<InstanceKey>(*instance);
    if (const std::string* element = arguments.value("element")) query.element = *element;
    if (const std::string* kind = arguments.value("kind")) query.kind = *kind;
    read_page(arguments, query);
    const OpenStore store{store_url(arguments)};
    const std::vector<std::string> headings{"INCIDENT", "INSTANCE", "PROCESS", "ELEMENT", "KIND", "SINCE", "MESSAGE"};
    return show_page(arguments, console.out, "incidents", "incidents", store.reader().incidents(query), headings, [](const IncidentInfo& incident) {
        return std::vector<Cell>{{incident.key.str(), Style::bold}, {incident.instance.str()},     {incident.process}, {incident.element},
                                 {incident.kind, Style::bad},       {moment(incident.raised_at)}, {incident.message}};
    });
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
                        {"element", "ID", "at this element only"},
                        {"kind", "KIND", "of this kind only, such as job-exhausted"},
                        limit_option,
                        after_option,
                        json_option},
            .perform = perform};
}

}  // namespace kontor::cli
