#include "cli/commands.hpp"
#include "cli/store/listing.hpp"
#include "value/wording.hpp"

#include <array>

namespace kontor::cli {
namespace {

State read_state(const std::string& text) {
    constexpr std::array all{State::running, State::incident, State::suspended, State::cancelling, State::completed, State::cancelled, State::failed};
    std::vector<std::string_view> known;
    for (const State state : all) {
        if (to_string(state) == text) return state;
        known.push_back(to_string(state));
    }
    const std::string meant = did_you_mean(text, known);
    throw UsageError{"there is no state " + text,
                     meant.empty() ? "there are running, incident, suspended, cancelling, completed, cancelled and failed" : meant};
}

Exit perform(const Arguments& arguments, Console& console) {
    InstanceQuery query;
    if (const std::string* process = arguments.value("process")) query.process = *process;
    if (const std::string* key = arguments.value("key")) query.business_key = *key;
    if (const std::string* state = arguments.value("state")) query.state = read_state(*state);
    read_page(arguments, query);
    const OpenStore store{store_url(arguments)};
    const std::vector<std::string> headings{"KEY", "PROCESS", "VERSION", "BUSINESS KEY", "STATE", "STARTED", "CHANGED"};
    return show_page(arguments, console.out, "instances", "instances", store.reader().instances(query), headings, [](const InstanceInfo& info) {
        return std::vector<Cell>{{info.key.str(), Style::bold},  {info.process},
                                 {std::to_string(info.version)}, {info.business_key},
                                 {std::string{to_string(info.state)}, style_of(info.state)},
                                 {moment(info.started_at)},      {moment(info.changed_at)}};
    });
}

}  // namespace

Command list_command() {
    return {.name = "list",
            .operands = "",
            .fewest = 0,
            .most = 0,
            .summary = "lists instances",
            .description = "By key. An instance that runs and has an incident is in the state `incident`. Times are in UTC.",
            .options = {store_option,
                        {"process", "ID", "of this process only"},
                        {"state", "STATE", "running, incident, suspended, cancelling, completed, cancelled or failed"},
                        {"key", "TEXT", "with this business key only"},
                        limit_option,
                        after_option,
                        json_option},
            .perform = perform};
}

}  // namespace kontor::cli
