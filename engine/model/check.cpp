/// The rules that need no more than one look at each element or flow.
#include "model/check_rules.hpp"

#include <algorithm>
#include <map>

namespace kontor::model {

void Findings::add(Severity severity, Position at, std::string rule, std::string message, std::string hint) {
    problems_.push_back({.file = process_.file,
                         .line = static_cast<int>(at.line),
                         .column = static_cast<int>(at.column),
                         .severity = severity,
                         .rule = std::move(rule),
                         .message = std::move(message),
                         .hint = std::move(hint)});
}

std::vector<Problem> check(const Process& process) {
    Findings findings{process};
    check_ids(process, findings);
    check_start_events(process, findings);
    check_flows(process, findings);
    check_gateways(process, findings);
    check_events(process, findings);
    check_reachable(process, findings);
    check_compensation(process, findings);
    auto problems = findings.take();
    std::ranges::stable_sort(problems, {}, [](const Problem& p) { return std::pair{p.line, p.column}; });
    return problems;
}

void check_ids(const Process& process, Findings& findings) {
    std::map<std::string_view, const Element*> seen;
    for (const Element& element : process.elements) {
        const auto [first, fresh] = seen.emplace(element.id, &element);
        if (fresh) continue;
        const Element& other = *first->second;
        const auto line = std::to_string(other.position.line);
        if (element.implied || other.implied || element.id.find('.') != std::string::npos)
            findings.error(element.position, "duplicate-id",
                "two elements get the generated id " + quoted(element.id) + ", the other one in line " + line,
                           "give them an `id` or a name of their own");
        else
            findings.error(element.position, "duplicate-id", quoted(element.id) + " stands twice, first in line " + line,
                "ids are unique in a process");
    }
}

namespace {

template <class K>
bool is(const Element& element) {
    return std::holds_alternative<K>(element.kind);
}

void check_process_start(const Element& start, std::size_t& none_starts, Findings& findings) {
    const auto& definition = std::get<StartEvent>(start.kind).definition;
    if (std::holds_alternative<NoneEvent>(definition) && ++none_starts == 2)
        findings.error(start.position, "several-start-events", "the process has a second start event without a message",
                       "one caller starts it, so only one can be meant: give the others a message");
    if (std::holds_alternative<TimerEvent>(definition))
        findings.error(start.position, "not-supported-yet",
            "a timer that starts a process is BPMN, but this version does not run it yet");
    if (std::holds_alternative<ErrorEvent>(definition))
        findings.error(start.position, "start-event", "a process cannot start with an error",
            "an error starts event subprocesses only");
}

void check_scope_start(const Process& process, const Element& scope, Findings& findings) {
    const auto& starts = process.scope(scope.index).start_events;
    if (starts.empty()) {
        findings.error(scope.position, "no-start-event", quoted(scope.id) + " has no start event",
            "begin its flow with `- startEvent: ID`");
        return;
    }
    if (is<ProcessElement>(scope)) {
        std::size_t none_starts = 0;
        for (const ElementIndex start : starts) check_process_start(process[start], none_starts, findings);
        return;
    }
    if (starts.size() > 1)
        findings.error(process[starts[1]].position, "several-start-events", quoted(scope.id) + " has more than one start event",
                       "a subprocess has exactly one");
    const auto& start = std::get<StartEvent>(process[starts.front()].kind);
    const bool triggered = !std::holds_alternative<NoneEvent>(start.definition);
    if (is<SubProcess>(scope) && triggered)
        findings.error(process[starts.front()].position, "start-event", "the start event of a subprocess has no trigger",
                       "put what it waits for behind it as an intermediateCatchEvent");
    if (is<EventSubProcess>(scope) && !triggered)
        findings.error(process[starts.front()].position, "start-event", "the start event of an event subprocess needs a trigger",
                       "a message, a timer or an error");
}

}  // namespace

void check_start_events(const Process& process, Findings& findings) {
    for (const Element& element : process.elements)
        if (scope_content(element.kind)) check_scope_start(process, element, findings);
}

void check_flows(const Process& process, Findings& findings) {
    for (const SequenceFlow& flow : process.flows) {
        const Element& source = process[flow.source];
        const Element& target = process[flow.target];
        const auto fail = [&](std::string rule, std::string message, std::string hint) {
            findings.error(flow.position, std::move(rule), std::move(message), std::move(hint));
        };
        if (source.scope != target.scope)
            fail("flow-across-scopes", "a sequence flow goes from " + quoted(source.id) + " to " + quoted(target.id)
                + ", which stands in another scope",
                 "a flow stays inside its process or subprocess");
        if (is<StartEvent>(target)) fail("flow-into-start", "nothing can flow into the start event " + quoted(target.id),
            "name the element behind it");
        if (is<BoundaryEvent>(target)) fail("flow-into-boundary",
            "nothing can flow into the boundary event " + quoted(target.id), "name the element behind it");
        if (is<EndEvent>(source)) fail("flow-out-of-end", "nothing can follow the end event " + quoted(source.id),
            "leave `next` out");
        for (const Element* end : {&source, &target})
            if (is<EventSubProcess>(*end) || is<ProcessElement>(*end) || end->compensates)
                fail("flow-of-handler", quoted(end->id) + (end->compensates ? " is a compensation handler"
                    : " is started by its event") + ": no flow goes in or out",
                     "it runs when it is triggered");
    }
}

}  // namespace kontor::model
