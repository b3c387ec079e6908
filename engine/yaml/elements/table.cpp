#include "yaml/elements/table.hpp"

#include <algorithm>
#include <array>

namespace kontor::yaml {

// One per file of this folder.
extern const ElementSpec start_event, end_event, intermediate_throw_event, intermediate_catch_event;
extern const ElementSpec service_task, send_task, receive_task, user_task, script_task, business_rule_task, manual_task;
extern const ElementSpec exclusive_gateway, parallel_gateway, inclusive_gateway, event_based_gateway;
extern const ElementSpec sub_process;

namespace {

constexpr std::array<const ElementSpec*, 16> table{&start_event,      &end_event,         &intermediate_throw_event, &intermediate_catch_event,
                                                   &service_task,     &send_task,         &receive_task,             &user_task,
                                                   &script_task,      &business_rule_task, &manual_task,             &exclusive_gateway,       &parallel_gateway,
                                                   &inclusive_gateway, &event_based_gateway, &sub_process};

constexpr std::array<std::string_view, 5> missing{"transaction",  "callActivity",  "complexGateway", "adHocSubProcess",
                                                   "adHoc"};

constexpr std::array<Key, 4> common{{{"name", Shape::text, "what people call it"},
                                     {"documentation", Shape::text, "longer words for people"},
                                     {"lane", Shape::text, "who is responsible; kept, nothing reads it yet"},
                                     {"extensions", Shape::anything, "data of other tools; kept, nothing reads them yet"}}};
constexpr std::array<Key, 1> leaving{{{"next", Shape::next, "where it goes on instead of the next item: an id, a list, or [] to end"}}};
constexpr std::array<Key, 7> activity{{{"input", Shape::values, "what the activity receives: names with values or expressions"},
                                       {"output", Shape::output, "what is kept of its `result`"},
                                       {"boundaryEvents", Shape::boundary_events, "what is caught while it runs"},
                                       {"compensation", Shape::compensation, "one activity that undoes it"},
                                       {"irreversible", Shape::text, "why its effect has no undo, for those who read the file"},
                                       {"multiInstance", Shape::anything, "", not_yet},
                                       {"loop", Shape::anything, "", not_yet}}};

}  // namespace

std::span<const ElementSpec* const> element_table() { return table; }

const ElementSpec* find_element(std::string_view word) {
    const auto found = std::ranges::find(table, word, [](const ElementSpec* spec) { return spec->word; });
    return found == table.end() ? nullptr : *found;
}

bool is_missing_element(std::string_view word) { return std::ranges::find(missing, word) != missing.end(); }

std::vector<Keys> shared_keys(ElementSpec::Group group) {
    switch (group) {
        case ElementSpec::Group::end: return {common};
        case ElementSpec::Group::event:
        case ElementSpec::Group::gateway: return {common, leaving};
        case ElementSpec::Group::activity: return {common, leaving, activity};
    }
    return {};
}

std::string elements_with_key(std::string_view key) {
    std::string owners;
    const auto has = [&](Keys keys) { return std::ranges::any_of(keys, [&](const Key& k) { return k.name == key && k.presence != not_yet; }); };
    if (has(activity)) return "tasks and subprocesses";
    for (const ElementSpec* spec : table)
        if (has(spec->keys)) owners += (owners.empty() ? "" : ", ") + std::string{spec->word};
    return owners;
}

}  // namespace kontor::yaml
