/// Gateways in block form.
#include "yaml/flow/reading.hpp"

#include <array>

namespace kontor::yaml {

namespace {

constexpr std::array<Key, 5> branch_table{{{"name", Shape::text, "what people call the branch"},
                                           {"if", Shape::condition, "when it is taken"},
                                           {"default", Shape::yes, "it is taken when no other is"},
                                           {"flow", Shape::flow,
                                               "its elements; without `flow` and `next` it goes on behind the gateway"},
                                           {"next", Shape::next, "where it goes on"}}};
constexpr std::array<Key, 5> event_branch_table{{{"id", Shape::id, "of the event; generated if missing"},
                                                 {"name", Shape::text, "what people call the event"},
                                                 {"output", Shape::output, "what is kept of the message"},
                                                 {"flow", Shape::flow,
                                                     "what follows; without `flow` and `next` it goes on behind the gateway"},
                                                 {"next", Shape::next, "where it goes on"}}};

bool is_choice(const model::Kind& kind) { return !std::holds_alternative<model::ParallelGateway>(kind); }

/// Condition and default of a branch, onto its flow.
void read_condition(const ElementContext& gateway, const Fields& fields, FlowIndex flow) {
    Reading& reading = gateway.reading;
    const bool choice = is_choice(gateway.element().kind);
    const Node* condition = fields["if"];
    const Node* otherwise = fields["default"];
    if (!choice) {
        for (const char* key : {"if", "default"})
            if (const Entry* entry = fields.entry(key))
                reading.site.error(entry->key, "condition-misplaced",
                    "a parallel gateway takes all branches: " + quoted(key) + " cannot hold here", "use an inclusiveGateway");
        return;
    }
    if (condition && otherwise) reading.site.error(fields.entry("default")->key, "wrong-type",
        "`if` and `default` exclude each other", "a default has no condition");
    if (otherwise) {
        (void)read_yes(reading.site, *otherwise, "default");
        reading.graph[flow].is_default = true;   // whatever stands there: check() shall not ask for a condition too
    }
    if (!condition) return;
    auto formula = read_expression(reading.site, *condition, "if", gateway.names());
    // What could not be read has been reported; a condition in its place keeps check() from asking for one.
    if (!formula) formula = model::Formula{feel::Expression::literal(Value{false}), condition->position};
    reading.graph[flow].condition = std::move(formula);
}

std::string branch_label(const Fields& fields, std::size_t number) {
    std::string label = std::to_string(number);
    if (const Node* name = fields["name"]; name && name->is_scalar() && !name->text.empty()
        && name->text.find(' ') == std::string::npos) label = name->text;
    return label;
}

Ends read_branch(const ElementContext& gateway, const Node& node, bool fork, std::size_t number) {
    Reading& reading = gateway.reading;
    if (!expect_map(reading.site, node, "branches", "branches with `if`, `default`, `flow` or `next`")) return {};
    const Fields fields{reading.site, node, "a branch", {branch_table}};
    const RegionIndex region = fork ? reading.graph.add_region(gateway.place.region, gateway.index, branch_label(fields, number))
        : gateway.place.region;
    const FlowIndex flow = reading.graph.leave(gateway.index, node.position, region);
    reading.graph[flow].name = fields.text("name");
    read_condition(gateway, fields, flow);
    return read_continuation(reading, fields, {gateway.place.scope, region}, {flow}, true, node);
}

/// The gateway where the branches of a fork meet: the source may name it, and else it exists only if a branch comes to it.
Ends join_branches(const ElementContext& gateway, const Ends& ends) {
    Reading& reading = gateway.reading;
    reading.graph.set_fork(gateway.index);
    const Entry* named = gateway.fields.entry("join");
    if (!named && ends.empty()) return {};
    const auto id = named ? read_id(reading.site, named->value, "join") : std::nullopt;
    const model::Kind kind = gateway.element().kind;
    const Position at = named ? named->value.position : gateway.position;
    const ElementIndex join = reading.graph.add(id.value_or(gateway.id() + ".join"), kind, at, gateway.place, !named);
    reading.graph.set_join(gateway.index, join);
    reading.graph.connect(ends, join);
    return {reading.graph.leave(join, at, gateway.place.region)};
}

}  // namespace

Keys branch_keys() { return branch_table; }
Keys event_branch_keys() { return event_branch_table; }

Ends read_branches(const ElementContext& gateway) {
    Reading& reading = gateway.reading;
    const Node& branches = *gateway.fields["branches"];
    if (!expect_list(reading.site, branches, "branches")) return gateway.leave();
    if (branches.items.empty()) {
        reading.site.error(branches, "wrong-type", "`branches` is empty", "leave it out for a gateway without branches");
        return gateway.leave();
    }
    const bool fork = !std::holds_alternative<model::ExclusiveGateway>(gateway.element().kind);
    Ends ends;
    for (std::size_t i = 0; i < branches.items.size(); ++i) {
        const Ends branch = read_branch(gateway, branches.items[i], fork, i + 1);
        ends.insert(ends.end(), branch.begin(), branch.end());
    }
    return fork ? join_branches(gateway, ends) : ends;
}

namespace {

Ends read_event_branch(const ElementContext& gateway, const Node& node) {
    Reading& reading = gateway.reading;
    if (!expect_map(reading.site, node, "branches", "branches with `message` or `timer`")) return {};
    const Fields fields{reading.site, node, "a branch", {event_branch_table, catch_keys(), missing_event_keys()}};
    auto definition = read_catch(reading, fields, gateway.names(), false);
    if (!definition) definition = unread_event(node.position);
    const Node* id_node = fields["id"];
    const auto id = id_node ? read_id(reading.site, *id_node, "id") : std::nullopt;
    const auto locals = event_locals(*definition);
    const ElementIndex event = reading.graph.add(id.value_or(gateway.id() + "." + event_label(reading.process, *definition)),
                                                 model::IntermediateCatchEvent{std::move(*definition)}, node.position,
                                                     gateway.place);
    reading.graph[event].name = fields.text("name");
    if (const Node* output = fields["output"]) reading.graph[event].output = read_output(reading, *output, gateway.names(locals));
    reading.graph.connect({reading.graph.leave(gateway.index, node.position, gateway.place.region)}, event);
    const FlowIndex behind = reading.graph.leave(event, node.position, gateway.place.region);
    return read_continuation(reading, fields, gateway.place, {behind}, true, node);
}

}  // namespace

Ends read_event_branches(const ElementContext& gateway) {
    const Node& branches = *gateway.fields["branches"];
    Ends ends;
    for (const Node& branch : branches.items) {
        const Ends open = read_event_branch(gateway, branch);
        ends.insert(ends.end(), open.begin(), open.end());
    }
    return ends;
}

}  // namespace kontor::yaml
