/// Rules of gateways and of what catches events.
#include "model/catching.hpp"
#include "model/check_rules.hpp"

#include <algorithm>
#include <map>

namespace kontor::model {

namespace {

template <class K>
bool is(const Element& element) {
    return std::holds_alternative<K>(element.kind);
}

void check_choice(const Process& process, const Element& gateway, Findings& findings) {
    if (gateway.outgoing.size() < 2) return;
    std::size_t defaults = 0;
    for (const FlowIndex index : gateway.outgoing) {
        const SequenceFlow& flow = process[index];
        if (flow.is_default && ++defaults == 2)
            findings.error(flow.position, "several-defaults", quoted(gateway.id) + " has a second default branch",
                "only one can be taken when no condition is true");
        if (!flow.is_default && !flow.condition)
            findings.error(flow.position, "missing-condition",
                "a branch of " + quoted(gateway.id) + " has neither `if` nor `default: true`",
                           "say when it is taken");
    }
    if (defaults == 0)
        findings.warning(gateway.position, "no-default", quoted(gateway.id) + " has no default branch",
                         "when no condition is true the instance stops with an incident: add `- default: true`");
}

void check_unconditional(const Process& process, const Element& element, Findings& findings) {
    for (const FlowIndex index : element.outgoing)
        if (process[index].condition || process[index].is_default)
            findings.error(process[index].position, "condition-misplaced",
                "a flow out of the " + std::string{type_name(element.kind)} + " " + quoted(element.id) + " has a condition",
                           "conditions belong to exclusive and inclusive gateways");
}

void check_event_based(const Process& process, const Element& gateway, Findings& findings) {
    if (gateway.outgoing.size() < 2)
        findings.error(gateway.position, "event-gateway", quoted(gateway.id) + " has fewer than two events to wait for",
            "use an intermediateCatchEvent to wait for one event");
    for (const FlowIndex index : gateway.outgoing) {
        const Element& target = process[process[index].target];
        if (!is<IntermediateCatchEvent>(target) && !is<ReceiveTask>(target))
            findings.error(process[index].position, "event-gateway",
                quoted(target.id) + " is no event that " + quoted(gateway.id) + " can wait for",
                           "each branch begins with a message or a timer (BPMN 2.0, 10.6.6)");
        else if (target.incoming.size() > 1)
            findings.error(target.position, "event-gateway",
                quoted(target.id) + " waits for " + quoted(gateway.id) + " and is reached from elsewhere too",
                           "an event behind an event-based gateway has no other incoming flow");
    }
}

}  // namespace

void check_gateways(const Process& process, Findings& findings) {
    for (const Element& element : process.elements) {
        if (is<ExclusiveGateway>(element) || is<InclusiveGateway>(element)) check_choice(process, element, findings);
        else if (!is_activity(element.kind)) check_unconditional(process, element, findings);
        if (is<EventBasedGateway>(element)) check_event_based(process, element, findings);
    }
}

namespace {

/// Whether what the event catches ends what it watches.
bool interrupts(const Element& element) {
    if (const auto* start = std::get_if<StartEvent>(&element.kind)) return start->interrupting;
    if (const auto* boundary = std::get_if<BoundaryEvent>(&element.kind)) return boundary->interrupting;
    return true;
}

bool starts_process(const Process& process, const Element& element) {
    return is<StartEvent>(element) && is<ProcessElement>(process[element.scope]);
}

void check_catch(const Process& process, const Element& element, Findings& findings) {
    const CatchDefinition* definition = catch_definition(element.kind);
    if (!definition) return;
    const bool interrupting = interrupts(element);
    if (std::holds_alternative<NoneEvent>(*definition) && !is<StartEvent>(element))
        findings.error(element.position, "no-trigger", quoted(element.id) + " waits for nothing",
            "give it a `message` or a `timer`");
    if (std::holds_alternative<ErrorEvent>(*definition) && !interrupting)
        findings.error(element.position, "error-interrupts",
            "an error always interrupts: " + quoted(element.id) + " cannot be `interrupting: false`",
                       "what failed has ended already");
    if (std::holds_alternative<ErrorEvent>(*definition) && is<IntermediateCatchEvent>(element))
        findings.error(element.position, "no-trigger", "an intermediate event cannot wait for an error",
            "catch errors at a boundary or in an event subprocess");
    const auto* timer = std::get_if<TimerEvent>(definition);
    if (timer && timer->kind == TimerEvent::Kind::cycle && interrupting && !starts_process(process, element))
        findings.error(element.position, "timer-cycle", quoted(element.id)
            + " repeats, but its first firing ends what it watches",
                       "add `interrupting: false`, or write the time without R");
}

void check_message(const Process& process, const Element& element, Findings& findings) {
    const auto* event = std::get_if<MessageEvent>(catch_definition(element.kind));
    const auto* task = std::get_if<ReceiveTask>(&element.kind);
    if ((!event && !task) || starts_process(process, element)) return;
    const Message& message = process.messages[event ? event->message : task->message];
    if (!message.correlation_key)
        findings.warning(element.position, "no-correlation-key", quoted(element.id) + " waits for the message " + quoted(message.name) + ", which has no correlationKey",
                         "every instance waits for the same message: say under `messages:` what tells them apart");
}

/// Two catchers of one host that wait for the same error: BPMN does not say which one wins.
void check_same_error(const Process& process, const std::vector<ElementIndex>& catchers, Findings& findings) {
    std::map<std::string, const Element*> seen;
    for (const ElementIndex index : catchers) {
        const Element& element = process[index];
        const auto* error = std::get_if<ErrorEvent>(catch_definition(element.kind));
        if (!error) continue;
        auto codes = error->codes;
        if (codes.empty()) codes.emplace_back("any");
        for (const std::string& code : codes)
            if (!seen.emplace(code, &element).second)
                findings.error(element.position, "error-caught-twice", "the error " + quoted(code) + " is caught by " + quoted(seen[code]->id) + " already",
                               "leave it out of one of the two");
    }
}

void check_throw(const Element& element, Findings& findings) {
    const auto* end = std::get_if<EndEvent>(&element.kind);
    const auto* thrown = std::get_if<IntermediateThrowEvent>(&element.kind);
    if (!end && !thrown) return;
    const ThrowDefinition& definition = end ? end->definition : thrown->definition;
    if (const auto* error = std::get_if<ErrorEvent>(&definition); error && error->codes.size() != 1)
        findings.error(element.position, "error-event", quoted(element.id) + " must throw exactly one error code");
    if (thrown && (std::holds_alternative<ErrorEvent>(definition) || std::holds_alternative<TerminateEvent>(definition)))
        findings.error(element.position, "error-event", "only an end event can throw an error or terminate: " + quoted(element.id) + " is an intermediate event",
                       "write it as an endEvent");
}

}  // namespace

void check_events(const Process& process, Findings& findings) {
    for (const Element& element : process.elements) {
        check_catch(process, element, findings);
        check_message(process, element, findings);
        check_throw(element, findings);
        check_same_error(process, element.boundary_events, findings);
        if (const auto* content = scope_content(element.kind)) {
            std::vector<ElementIndex> starts;
            for (const ElementIndex index : content->event_subprocesses)
                for (const ElementIndex start : process.scope(index).start_events) starts.push_back(start);
            check_same_error(process, starts, findings);
        }
        const auto* boundary = std::get_if<BoundaryEvent>(&element.kind);
        if (boundary && (!is_activity(process[boundary->attached_to].kind) || process[boundary->attached_to].scope != element.scope))
            findings.error(element.position, "boundary-host", quoted(element.id) + " must sit on an activity of its own scope");
    }
}

}  // namespace kontor::model
