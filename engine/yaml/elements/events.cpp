/// Start, end and intermediate events.
#include "yaml/elements/table.hpp"
#include "yaml/flow/reading.hpp"

#include <array>

namespace kontor::yaml {

namespace {

constexpr std::array<Key, 8> start_keys{{{"message", Shape::text, "the message that starts it"},
                                         {"output", Shape::output, "variables that are set when it starts"},
                                         {"timer", Shape::timer, "", not_yet},
                                         {"signal", Shape::text, "", not_yet},
                                         {"conditional", Shape::text, "", not_yet},
                                         {"escalation", Shape::text, "", not_yet},
                                         {"error", Shape::text, "", not_yet},
                                         {"multiple", Shape::text, "", not_yet}}};
constexpr std::array<Key, 9> end_keys{{{"terminate", Shape::yes, "ends the whole scope at once"},
                                       {"error", Shape::text, "throws this BPMN error"},
                                       {"compensate", Shape::compensate, "undoes an activity, or the scope, and then ends"},
                                       {"cancel", Shape::yes, "", not_yet},
                                       {"message", Shape::text, "", not_yet},
                                       {"signal", Shape::text, "", not_yet},
                                       {"escalation", Shape::text, "", not_yet},
                                       {"link", Shape::text, "", not_yet},
                                       {"input", Shape::values, "", not_yet}}};
constexpr std::array<Key, 6> throw_keys{{{"compensate", Shape::compensate, "undoes an activity, or the scope, and goes on"},
                                         {"message", Shape::text, "", not_yet},
                                         {"signal", Shape::text, "", not_yet},
                                         {"escalation", Shape::text, "", not_yet},
                                         {"link", Shape::text, "", not_yet},
                                         {"input", Shape::values, "", not_yet}}};
constexpr std::array<Key, 8> intermediate_catch_keys{{{"message", Shape::text, "the message that it waits for"},
                                                      {"timer", Shape::timer, "how long, or until when, it waits"},
                                                      {"output", Shape::output, "what is kept of the message"},
                                                      {"signal", Shape::text, "", not_yet},
                                                      {"conditional", Shape::text, "", not_yet},
                                                      {"escalation", Shape::text, "", not_yet},
                                                      {"link", Shape::text, "", not_yet},
                                                      {"cancel", Shape::yes, "", not_yet}}};

Ends read_start(const ElementContext& context) {
    model::StartEvent start;
    if (const Node* message = context.fields["message"])
        if (const auto index = read_message_name(context.reading, *message)) start.definition = model::MessageEvent{*index};
    if (const Node* output = context.fields["output"])
        context.element().output = read_output(context.reading, *output, context.names(event_locals(start.definition)));
    context.element().kind = std::move(start);
    return context.leave();
}

Ends read_end(const ElementContext& context) {
    const Site& site = context.reading.site;
    model::EndEvent end;
    int given = 0;
    if (const Node* terminate = context.fields["terminate"]; terminate && ++given && read_yes(site, *terminate, "terminate"))
        end.definition = model::TerminateEvent{};
    if (const Node* error = context.fields["error"]; error && ++given)
        end.definition = model::ErrorEvent{{read_text(site, *error, "error").value_or("")}};
    if (const Node* compensate = context.fields["compensate"]; compensate && ++given)
        end.definition = read_compensate(context, *compensate).value_or(model::NoneEvent{});
    if (given > 1) site.error(context.fields.map(), "two-triggers",
        quoted(context.id()) + " has more than one of terminate, error and compensate", "an event does one thing");
    context.element().kind = std::move(end);
    return {};
}

Ends read_throw(const ElementContext& context) {
    model::IntermediateThrowEvent thrown;
    if (const Node* compensate = context.fields["compensate"])
        thrown.definition = read_compensate(context, *compensate).value_or(model::NoneEvent{});
    context.element().kind = std::move(thrown);
    return context.leave();
}

Ends read_intermediate_catch(const ElementContext& context) {
    auto definition = read_catch(context.reading, context.fields, context.names(), false);
    if (const Node* output = context.fields["output"])
        context.element().output = read_output(context.reading, *output,
            context.names(definition ? event_locals(*definition) : std::vector<std::string_view>{"result"}));
    if (!definition) definition = unread_event(context.position);
    context.element().kind = model::IntermediateCatchEvent{std::move(*definition)};
    return context.leave();
}

}  // namespace

extern const ElementSpec start_event, end_event, intermediate_throw_event, intermediate_catch_event;
const ElementSpec start_event{"startEvent", "where a process or subprocess begins", ElementSpec::Group::event, start_keys,
    read_start};
const ElementSpec end_event{"endEvent", "ends the token that comes here", ElementSpec::Group::end, end_keys, read_end};
const ElementSpec intermediate_throw_event{"intermediateThrowEvent", "something happens, and the token goes on",
    ElementSpec::Group::event, throw_keys, read_throw};
const ElementSpec intermediate_catch_event{"intermediateCatchEvent", "waits for a message or a timer", ElementSpec::Group::event,
    intermediate_catch_keys,
                                           read_intermediate_catch};

}  // namespace kontor::yaml
