#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/run/story.hpp"
#include "cli/store/place.hpp"
#include "cli/store/words.hpp"
#include "journal/masking.hpp"
#include "value/json.hpp"

namespace kontor::cli {
namespace {

/// How it ended, if it has.
Variables ending_of(const runtime::Live& live) {
    const core::State& state = live.state;
    Variables ending;
    if (!state.ended()) return ending;
    if (state.phase == lifecycle::Instance::completed && state.end_event) ending.set("endEvent", live.version->process()[*state.end_event].id);
    if (state.phase == lifecycle::Instance::failed && state.failure) ending.set("errorCode", state.failure->code);
    if (state.phase == lifecycle::Instance::cancelled && state.cancelling) ending.set("reason", state.cancelling->reason);
    return ending;
}

void print(const Output& out, const InstanceInfo& info, const Variables& ending, const Variables& variables,
           const std::vector<runtime::Waiting>& waits) {
    print_heading(out, info);
    for (const auto& entry : ending) {
        const char* what = entry.name == "endEvent" ? "at " : entry.name == "errorCode" ? "error " : "because: ";
        out.stream << "  " << what << printable(run::shown(entry.value)) << '\n';
    }
    out.stream << "  started " << moment(info.started_at) << ", changed " << moment(info.changed_at) << '\n';
    print_waits(out, waits);
    if (variables.empty()) return;
    constexpr std::size_t line_width = 150;
    std::size_t longest = 0;
    for (const auto& entry : variables) longest = std::max(longest, width(entry.name));
    out.stream << "variables\n";
    for (const auto& entry : variables)
        out.stream << "  " << padded(printable(entry.name), longest) << "  "
                   << shortened(printable(run::shown(entry.value)), line_width - longest) << '\n';
}

Exit perform(const Arguments& arguments, Console& console) {
    const auto key = read_key<InstanceKey>(arguments.operands.front());
    const OpenStore store{store_url(arguments)};
    const auto reader = store.reader();
    const auto info = reader.find(key);
    if (!info) throw Refused{"there is no instance " + key.str()};
    const auto live = reader.read(key);
    const auto waits = runtime::explain(reader, key);
    const auto variables = journal::Masking{live.version->process()}.variables(live.state.scope(core::root_of(key)).variables);
    const Variables ending = ending_of(live);
    if (!arguments.has("json")) {
        print(console.out, *info, ending, variables, waits);
        return Exit::fine;
    }
    Variables all = to_variables(*info);
    for (const auto& entry : ending) all.set(entry.name, entry.value);
    all.set("variables", variables);
    all.set("waits", to_values(waits));
    all.set("tasks", page_of("items", reader.tasks({.instance = key, .limit = 1000})).at("items"));
    all.set("incidents", page_of("items", reader.incidents({.instance = key, .limit = 1000})).at("items"));
    console.out.stream << json::write(all) << '\n';
    return Exit::fine;
}

}  // namespace

Command show_command() {
    return {.name = "show",
            .operands = "INSTANCE",
            .fewest = 1,
            .most = 1,
            .summary = "shows an instance: state, variables, what it waits for",
            .description = "Sensitive values are masked.",
            .options = {store_option, json_option},
            .perform = perform};
}

}  // namespace kontor::cli
