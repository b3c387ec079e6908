/// Events: what they wait for, boundary events, and what compensation names.
#include "yaml/flow/reading.hpp"

#include <algorithm>
#include <array>

namespace kontor::yaml {

namespace {

constexpr std::array<Key, 2> catch_table{{{"message", Shape::text, "the message that it waits for"},
                                          {"timer", Shape::timer, "how long, or until when"}}};
constexpr std::array<Key, 1> error_table{{{"error", Shape::error_codes, "BPMN errors that it catches; any: all"}}};
constexpr std::array<Key, 6> boundary_table{{{"id", Shape::id, "of the event; generated if missing"},
                                             {"name", Shape::text, "what people call the event"},
                                             {"interrupting", Shape::flag, "false: the activity goes on beside it"},
                                             {"output", Shape::output, "what is kept of the message or the error"},
                                             {"flow", Shape::flow, "what follows"},
                                             {"next", Shape::next, "where it goes on"}}};
constexpr std::array<Key, 5> missing_table{{{"signal", Shape::text, "", not_yet},
                                            {"escalation", Shape::text, "", not_yet},
                                            {"conditional", Shape::text, "", not_yet},
                                            {"link", Shape::text, "", not_yet},
                                            {"cancel", Shape::yes, "", not_yet}}};

std::optional<model::CatchDefinition> read_error_codes(const Site& site, const Node& node) {
    model::ErrorEvent event{read_texts(site, node, "error")};
    if (event.codes.empty()) {
        if (node.is_list() && node.items.empty()) site.wanted("error", "an error code, a list of codes, or any", node);
        return std::nullopt;
    }
    if (std::ranges::find(event.codes, "any") != event.codes.end()) {
        if (event.codes.size() > 1) site.error(node, "wrong-type", "`any` catches every error, so it stands alone");
        event.codes.clear();
    }
    return event;
}

}  // namespace

Keys catch_keys() { return catch_table; }
Keys error_keys() { return error_table; }
Keys boundary_keys() { return boundary_table; }
Keys missing_event_keys() { return missing_table; }

std::optional<std::uint32_t> read_message_name(Reading& reading, const Node& node) {
    const auto name = read_text(reading.site, node, "message");
    if (!name) return std::nullopt;
    const auto& messages = reading.process.messages;
    const auto found = std::ranges::find(messages, *name, &model::Message::name);
    if (found != messages.end()) return static_cast<std::uint32_t>(found - messages.begin());
    std::vector<std::string_view> known;
    for (const auto& message : messages) known.push_back(message.name);
    const auto hint = did_you_mean(*name, known);
    reading.site.error(node, "unknown-message", "there is no message " + quoted(*name),
        hint.empty() ? "declare it under `messages:`" : hint);
    return std::nullopt;
}

std::optional<model::CatchDefinition> read_catch(Reading& reading, const Fields& fields, const Names& names, bool with_error) {
    std::vector<const Entry*> given;
    for (const char* key : {"message", "timer"})
        if (const Entry* entry = fields.entry(key)) given.push_back(entry);
    if (with_error)
        if (const Entry* entry = fields.entry("error")) given.push_back(entry);
    if (given.size() > 1) {
        reading.site.error(given[1]->key, "two-triggers",
            fields.owner() + " has both " + quoted(given[0]->key.text) + " and " + quoted(given[1]->key.text),
                "an event waits for one thing");
        return std::nullopt;
    }
    if (given.empty()) {
        const bool said = std::ranges::any_of(missing_table, [&](const Key& key) { return fields.map().find(key.name); });
        if (!said) reading.site.error(fields.map(), "no-trigger", fields.owner() + " waits for nothing",
            with_error ? "give it `message`, `timer` or `error`" : "give it `message` or `timer`");
        return std::nullopt;
    }
    const Node& value = given.front()->value;
    if (given.front()->key.text == "error") return read_error_codes(reading.site, value);
    if (given.front()->key.text == "timer") {
        auto timer = read_timer(reading, value, names);
        return timer ? std::optional<model::CatchDefinition>{std::move(*timer)} : std::nullopt;
    }
    const auto message = read_message_name(reading, value);
    return message ? std::optional<model::CatchDefinition>{model::MessageEvent{*message}} : std::nullopt;
}

std::string event_label(const model::Process& process, const model::CatchDefinition& definition) {
    if (const auto* message = std::get_if<model::MessageEvent>(&definition)) return process.messages[message->message].name;
    if (const auto* error = std::get_if<model::ErrorEvent>(&definition))
        return error->codes.empty() ? "any" : error->codes.front();
    return std::holds_alternative<model::TimerEvent>(definition) ? "timer" : "start";
}

std::vector<std::string_view> event_locals(const model::CatchDefinition& definition) {
    if (std::holds_alternative<model::MessageEvent>(definition)) return {"result"};
    if (std::holds_alternative<model::ErrorEvent>(definition)) return {"error"};
    return {};
}

std::optional<model::ThrowDefinition> read_compensate(const ElementContext& context, const Node& node) {
    const auto id = read_text(context.reading.site, node, "compensate");
    if (!id) return std::nullopt;
    if (*id == "scope") return model::CompensateEvent{};
    context.reading.graph.later([reading = &context.reading, index = context.index, id = *id, at = node.position] {
        const model::Element* activity = reading->graph.find(id);
        if (!activity) return void(reading->graph.target(id, at, reading->graph[index].scope));   // which reports it
        auto& kind = reading->graph[index].kind;
        if (auto* end = std::get_if<model::EndEvent>(&kind))
            std::get<model::CompensateEvent>(end->definition).activity = activity->index;
        if (auto* thrown = std::get_if<model::IntermediateThrowEvent>(&kind))
            std::get<model::CompensateEvent>(thrown->definition).activity = activity->index;
    });
    return model::CompensateEvent{};
}

model::CatchDefinition unread_event(Position at) {
    return model::TimerEvent{model::TimerEvent::Kind::duration, {feel::Expression::literal(Value{}), at}};
}

namespace {

void read_boundary_event(Reading& reading, const Node& node, ElementIndex host) {
    if (!expect_map(reading.site, node, "boundaryEvents", "events with `error`, `timer` or `message`")) return;
    const Place place{reading.graph[host].scope, reading.graph.region(host)};
    const Fields fields{reading.site, node, "a boundary event", {boundary_table, catch_table, error_table, missing_table}};
    auto definition = read_catch(reading, fields, Names{reading.process, place.scope}, true);
    // Read on without it, for the findings in its flow.
    const auto locals = definition ? event_locals(*definition) : std::vector<std::string_view>{"result", "error"};
    const std::string label = definition ? event_label(reading.process, *definition) : "event";
    const Node* id_node = fields["id"];
    const auto id = id_node ? read_id(reading.site, *id_node, "id") : std::nullopt;
    model::BoundaryEvent boundary;
    boundary.definition = definition ? std::move(*definition) : unread_event(node.position);
    boundary.attached_to = host;
    if (const Node* interrupting = fields["interrupting"])
        boundary.interrupting = read_flag(reading.site, *interrupting, "interrupting").value_or(true);
    const ElementIndex event = reading.graph.add(id.value_or(reading.graph[host].id + "." + label), std::move(boundary),
        node.position, place);
    reading.graph[event].name = fields.text("name");
    if (const Node* output = fields["output"]) reading.graph[event].output =
        read_output(reading, *output, Names{reading.process, place.scope, locals});
    const FlowIndex behind = reading.graph.leave(event, node.position, place.region);
    (void)read_continuation(reading, fields, place, {behind}, false, node);
}

}  // namespace

void read_boundary_events(Reading& reading, const Node& list, ElementIndex host) {
    if (!expect_list(reading.site, list, "boundaryEvents")) return;
    for (const Node& item : list.items) read_boundary_event(reading, item, host);
}

}  // namespace kontor::yaml
