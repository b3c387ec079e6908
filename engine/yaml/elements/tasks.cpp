/// Tasks that call a service, wait for a message, calculate or decide. User tasks have a file of their own.
#include "yaml/elements/table.hpp"
#include "yaml/flow/reading.hpp"

#include <array>

namespace kontor::yaml {

namespace {

constexpr std::array<Key, 1> receive_keys{{{"message", Shape::text, "the message that it waits for", required}}};
constexpr std::array<Key, 1> script_keys{{{"script", Shape::expression, "its value is `result` in `output`"}}};
constexpr std::array<Key, 1> rule_keys{{{"decision", Shape::text, "id of the decision; its outputs are `result`", required}}};

void read_result(const ElementContext& context) {
    read_input(context);
    if (const Node* output = context.fields["output"])
        context.element().output = read_output(context.reading, *output, context.names({"result"}));
}

template <class Task>
Ends read_calling(const ElementContext& context) {
    context.element().kind = Task{read_call(context).value_or(model::Call{})};
    read_result(context);
    return context.leave();
}

Ends read_receive(const ElementContext& context) {
    const Node* message = context.fields["message"];
    const auto index = message ? read_message_name(context.reading, *message) : std::nullopt;
    context.element().kind = index ? model::Kind{model::ReceiveTask{*index}} : model::Kind{model::ScriptTask{}};   // reported: no message 0 to refer to
    read_result(context);
    return context.leave();
}

Ends read_script(const ElementContext& context) {
    model::ScriptTask task;
    if (const Node* script = context.fields["script"]) task.script = read_expression(context.reading.site, *script, "script", context.names());
    context.element().kind = std::move(task);
    read_input(context);
    const bool has_result = context.fields["script"];
    if (const Node* output = context.fields["output"])
        context.element().output = read_output(context.reading, *output, has_result ? context.names({"result"}) : context.names());
    return context.leave();
}

Ends read_rule(const ElementContext& context) {
    context.element().kind = model::BusinessRuleTask{context.fields.text("decision")};
    read_result(context);
    return context.leave();
}

Ends read_manual(const ElementContext& context) {
    context.element().kind = model::ManualTask{};
    read_input(context);
    if (const Node* output = context.fields["output"]) context.element().output = read_output(context.reading, *output, context.names());
    return context.leave();
}

}  // namespace

extern const ElementSpec service_task, send_task, receive_task, script_task, business_rule_task, manual_task;
const ElementSpec service_task{"serviceTask", "calls a service and waits for its answer", ElementSpec::Group::activity, call_keys(), read_calling<model::ServiceTask>};
const ElementSpec send_task{"sendTask", "calls a service that sends something", ElementSpec::Group::activity, call_keys(), read_calling<model::SendTask>};
const ElementSpec receive_task{"receiveTask", "waits for a message", ElementSpec::Group::activity, receive_keys, read_receive};
const ElementSpec script_task{"scriptTask", "evaluates expressions", ElementSpec::Group::activity, script_keys, read_script};
const ElementSpec business_rule_task{"businessRuleTask", "asks a decision", ElementSpec::Group::activity, rule_keys, read_rule};
const ElementSpec manual_task{"manualTask", "done by people without the engine, which does not wait for it", ElementSpec::Group::activity, {}, read_manual};

}  // namespace kontor::yaml
