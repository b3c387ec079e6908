/// Scopes: the process, subprocesses and event subprocesses.
#include "yaml/flow/reading.hpp"

#include <algorithm>
#include <array>

namespace kontor::yaml {

namespace {

constexpr std::array<Key, 5> scope_table{{{"variables", Shape::variables, "variables of this scope"},
                                          {"flow", Shape::flow, "the elements, in their order", required},
                                          {"paths", Shape::paths,
                                              "further lists, reached by `next` only; headings are no targets"},
                                          {"eventSubProcesses", Shape::event_subprocesses,
                                              "what can happen at any time while the scope runs"},
                                          {"onInterrupt", Shape::on_interrupt,
                                              "what becomes of completed steps when the scope is interrupted: `compensate`, or `abandon` and why, for those who read the file"}}};
constexpr std::array<Key, 5> event_scope_table{{{"id", Shape::id, "of the event subprocess; generated if missing"},
                                                {"name", Shape::text, "what people call it"},
                                                {"documentation", Shape::text, "longer words for people"},
                                                {"interrupting", Shape::flag, "false: the scope goes on beside it"},
                                                {"output", Shape::output, "what is kept of the message or the error"}}};
constexpr std::array<Key, 6> variable_table{{{"type", Shape::type_ref, "its type; any if missing"},
                                             {"default", Shape::anything, "value when the scope starts"},
                                             {"required", Shape::flag, "must be given at the start"},
                                             {"sensitive", Shape::anything,
                                                 "true, or the fields that are: masked in histories, events and shown variables, not encrypted"},
                                             {"searchable", Shape::anything,
                                                 "true, or the fields to find instances by; kept, nothing reads it yet"},
                                             {"allowedValues", Shape::anything, "the only values that are accepted"}}};

/// `true`, or a list of field names.
void read_marks(const Site& site, const Node* node, std::string_view what, bool& whole, std::vector<std::string>& parts) {
    if (!node) return;
    if (node->is_list()) parts = read_texts(site, *node, what);
    else whole = read_flag(site, *node, what).value_or(false);
}

void check_marks(const Site& site, const Node& at, const model::Variable& variable) {
    if (variable.searchable && variable.sensitive)
        site.error(at, "sensitive-searchable", quoted(variable.name) + " is sensitive, so it cannot be searchable",
            "index rows hold plain values");
    for (const std::string& part : variable.searchable_parts)
        if (variable.sensitive || std::ranges::find(variable.sensitive_parts, part) != variable.sensitive_parts.end())
            site.error(at, "sensitive-searchable", quoted(variable.name + "." + part)
                + " is sensitive, so it cannot be searchable", "index rows hold plain values");
    for (const auto* parts : {&variable.sensitive_parts, &variable.searchable_parts})
        for (const std::string& part : *parts)
            if (!variable.type->fields.empty() && std::ranges::find(variable.type->fields, part, &model::Type::Field::name) ==
                variable.type->fields.end())
                site.error(at, "unknown-field", quoted(variable.type->name) + " has no field " + quoted(part),
                    "fields are named in `types:`");
}

model::Variable read_variable(const Reading& reading, const Entry& entry) {
    const Site& site = reading.site;
    model::Variable variable;
    variable.name = entry.key.text;
    variable.position = entry.key.position;
    if (entry.value.is_null() || entry.value.is_scalar()) {
        variable.type = entry.value.is_null() ? model::builtin_type("any")
            : reading.types.declared(site, entry.value, variable.name);
        return variable;
    }
    if (!expect_map(site, entry.value, variable.name, "a type, or a mapping such as { type: number }")) {
        variable.type = model::builtin_type("any");
        return variable;
    }
    const Fields fields{site, entry.value, "the variable " + quoted(variable.name), {variable_table}};
    variable.type = reading.types.declared(site, entry.value, variable.name);
    if (const Node* value = fields["default"]) variable.default_value =
        read_value(site, *value, variable.name, variable.type.get());
    if (const Node* flag = fields["required"]) variable.required = read_flag(site, *flag, "required").value_or(false);
    read_marks(site, fields["sensitive"], "sensitive", variable.sensitive, variable.sensitive_parts);
    read_marks(site, fields["searchable"], "searchable", variable.searchable, variable.searchable_parts);
    if (variable.searchable || !variable.searchable_parts.empty())
        site.problems.warning(fields.entry("searchable")->key.position, "nothing-reads-it",
            "nothing reads `searchable` yet: no instance can be found by " + quoted(variable.name),
            "leave it out, and find instances by their business key");
    if (variable.required && variable.default_value) site.error(entry.value, "wrong-type",
        quoted(variable.name) + " is required, so its default is never used", "take one of them out");
    check_marks(site, entry.value, variable);
    return variable;
}

void read_on_interrupt(const Site& site, const Node& node, model::ScopeContent& content) {
    if (node.is_scalar() && node.text == "compensate") {
        content.on_interrupt = model::OnInterrupt::compensate;
        return;
    }
    const Entry* reason = node.is_map() && node.entries.size() == 1 ? node.find("abandon") : nullptr;
    if (!reason) return site.wanted("onInterrupt", "`compensate` or `{ abandon: REASON }`", node);
    content.on_interrupt = model::OnInterrupt::abandon;
    content.abandon_reason = read_text(site, reason->value, "abandon").value_or("");
}

bool begins_with_start(const Node& flow) {
    return flow.is_list() && !flow.items.empty() && flow.items.front().is_map() && flow.items.front().find("startEvent");
}

/// The elements of a subprocess need neither a start nor an end event: what the source leaves out is implied.
void read_flow(Reading& reading, const Node& flow, ElementIndex scope) {
    const Place place{scope, {}};
    const bool is_process = scope == model::root;
    Ends entry;
    if (!begins_with_start(flow) && flow.is_list() && !is_process) {
        const ElementIndex start = reading.graph.add(reading.graph[scope].id + ".start", model::StartEvent{},
            reading.graph[scope].position, place, true);
        entry = {reading.graph.leave(start, reading.graph[scope].position, {})};
    }   // a process without a start event is check()'s news
    const Ends ends = read_list(reading, flow, "flow", place, std::move(entry));
    if (is_process) return report_falls_off(reading, ends);
    if (ends.empty()) return;
    const ElementIndex end = reading.graph.add(reading.graph[scope].id + ".end", model::EndEvent{},
        reading.graph[scope].position, place, true);
    reading.graph.connect(ends, end);
}

void read_paths(Reading& reading, const Node& paths, ElementIndex scope) {
    if (!expect_map(reading.site, paths, "paths", "a mapping of headings to lists")) return;
    for (const Entry& entry : paths.entries) {
        const ElementIndex first{static_cast<std::uint32_t>(reading.process.elements.size())};
        report_falls_off(reading, read_list(reading, entry.value, entry.key.text, {scope, {}}, {}));
        if (raw(first) < reading.process.elements.size()) reading.graph.add_path(scope, entry.key.text, first);
    }
}

/// The event is the key; what it starts is a scope, whose start event carries it.
void read_event_subprocess(Reading& reading, const Node& node, ElementIndex scope) {
    if (!expect_map(reading.site, node, "eventSubProcesses", "events with `message`, `timer` or `error`")) return;
    const Fields fields{reading.site, node, "an event subprocess",
        {event_scope_table, scope_table, catch_keys(), error_keys(), missing_event_keys()}};
    auto definition = read_catch(reading, fields, Names{reading.process, scope}, true);
    if (!definition) definition = unread_event(node.position);   // reported: read on for the findings inside
    const Node* id_node = fields["id"];
    const auto id = id_node ? read_id(reading.site, *id_node, "id") : std::nullopt;
    const ElementIndex index = reading.graph.add(id.value_or(reading.graph[scope].id + "."
        + event_label(reading.process, *definition)),
                                                 model::EventSubProcess{}, node.position, {scope, {}});
    reading.graph[index].name = fields.text("name");
    reading.graph[index].documentation = fields.text("documentation");
    const std::size_t first_inside = reading.process.elements.size();
    if (const Node* variables = fields["variables"]) read_variables(reading, *variables, index);
    read_scope(reading, fields, index);
    for (std::size_t i = first_inside; i < reading.process.elements.size(); ++i) {
        auto& element = reading.process.elements[i];
        auto* start = std::get_if<model::StartEvent>(&element.kind);
        if (element.scope != index || !start) continue;
        const auto locals = event_locals(*definition);
        start->definition = std::move(*definition);
        if (const Node* interrupting = fields["interrupting"])
            start->interrupting = read_flag(reading.site, *interrupting, "interrupting").value_or(true);
        if (const Node* output = fields["output"]) element.output =
            read_output(reading, *output, Names{reading.process, index, locals});
        return;
    }
}

}  // namespace

Keys scope_keys() { return scope_table; }
Keys event_subprocess_keys() { return event_scope_table; }
Keys variable_keys() { return variable_table; }

void read_variables(Reading& reading, const Node& node, ElementIndex scope) {
    if (node.is_null() || !expect_map(reading.site, node, "variables", "a mapping of names to types")) return;
    std::vector<model::Variable> variables;
    for (const Entry& entry : node.entries)
        if (check_name(reading.site, entry.key, "variable")) variables.push_back(read_variable(reading, entry));
    model::scope_content(reading.graph[scope].kind)->variables = std::move(variables);
}

void read_scope(Reading& reading, const Fields& fields, ElementIndex scope) {
    if (const Node* on_interrupt = fields["onInterrupt"])
        read_on_interrupt(reading.site, *on_interrupt, *model::scope_content(reading.graph[scope].kind));
    if (const Node* flow = fields["flow"]) read_flow(reading, *flow, scope);
    if (const Node* paths = fields["paths"]) read_paths(reading, *paths, scope);
    const Node* events = fields["eventSubProcesses"];
    if (!events || !expect_list(reading.site, *events, "eventSubProcesses")) return;
    for (const Node& event : events->items) read_event_subprocess(reading, event, scope);
}

}  // namespace kontor::yaml
