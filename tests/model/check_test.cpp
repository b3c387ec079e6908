/// Rules that no YAML file can break, because its reader cannot write such a graph; other readers can.
#include "model/process.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace kontor::model;

namespace {

/// A process of plain parts, for graphs that are wrong on purpose.
struct Builder {
    Process process;

    Builder() {
        process.id = "p";
        process.file = "p.bpmn";
        add("p", ProcessElement{});
    }
    ElementIndex add(std::string id, Kind kind, ElementIndex scope = root) {
        Element element;
        element.index = ElementIndex{static_cast<std::uint32_t>(process.elements.size())};
        element.id = std::move(id);
        element.kind = std::move(kind);
        element.scope = scope;
        element.position = {.line = static_cast<std::uint32_t>(process.elements.size() + 1), .column = 1};
        process.elements.push_back(std::move(element));
        return process.elements.back().index;
    }
    FlowIndex flow(ElementIndex source, ElementIndex target) {
        SequenceFlow flow;
        flow.index = FlowIndex{static_cast<std::uint32_t>(process.flows.size())};
        flow.source = source;
        flow.target = target;
        process.flows.push_back(flow);
        process.elements[raw(source)].outgoing.push_back(flow.index);
        return flow.index;
    }
    std::vector<std::string> rules() {
        complete(process);
        std::vector<std::string> found;
        for (const auto& problem : check(process)) found.push_back(problem.rule);
        return found;
    }
};

using Rules = std::vector<std::string>;

}  // namespace

TEST_CASE("complete() fills what follows from the rest, as often as it is called") {
    Builder b;
    const auto start = b.add("start", StartEvent{});
    const auto task = b.add("task", UserTask{});
    const auto late = b.add("late", BoundaryEvent{ErrorEvent{}, task, true});
    const auto end = b.add("end", EndEvent{});
    const auto event = b.add("event", EventSubProcess{});
    b.flow(start, task);
    const auto last = b.flow(task, end);
    b.flow(late, end);
    complete(b.process);
    complete(b.process);
    CHECK(b.process[end].incoming.size() == 2);
    CHECK(b.process[task].boundary_events == std::vector{late});
    CHECK(b.process.scope(root).children.size() == 5);
    CHECK(b.process.scope(root).start_events == std::vector{start});
    CHECK(b.process.scope(root).event_subprocesses == std::vector{event});
    CHECK(b.process.find("late")->index == late);
    CHECK_FALSE(b.process.find("nobody"));
    CHECK(reaches(b.process, start, last, root));
    CHECK_FALSE(reaches(b.process, start, last, task));
    CHECK_FALSE(reaches(b.process, end, last, root));
}

TEST_CASE("reaches() follows boundary events and ends in circles") {
    Builder b;
    const auto start = b.add("start", StartEvent{});
    const auto a = b.add("a", UserTask{});
    const auto failed = b.add("failed", BoundaryEvent{ErrorEvent{}, a, true});
    const auto c = b.add("c", ScriptTask{});
    const auto join = b.add("join", InclusiveGateway{});
    b.flow(start, a);
    b.flow(a, start);
    b.flow(failed, c);
    const auto into = b.flow(c, join);
    const auto back = b.flow(join, a);
    complete(b.process);
    CHECK(reaches(b.process, a, into, join));
    CHECK(reaches(b.process, start, into, join));
    CHECK_FALSE(reaches(b.process, join, into, join));
    CHECK_FALSE(reaches(b.process, a, back, join));
}

TEST_CASE("flows keep to their scope, and neither leave an end nor enter a start") {
    Builder b;
    const auto start = b.add("start", StartEvent{});
    const auto inner = b.add("inner", SubProcess{});
    const auto inner_start = b.add("inner-start", StartEvent{}, inner);
    const auto inner_end = b.add("inner-end", EndEvent{}, inner);
    const auto end = b.add("end", EndEvent{});
    b.flow(start, inner);
    b.flow(inner_start, inner_end);
    b.flow(inner, end);
    SECTION("a good graph") { CHECK(b.rules().empty()); }
    SECTION("across scopes") {
        b.flow(inner_start, end);
        CHECK(b.rules() == Rules{"flow-across-scopes"});
    }
    SECTION("out of an end event") {
        b.flow(end, inner);
        CHECK(b.rules() == Rules{"flow-out-of-end"});
    }
    SECTION("into a start event") {
        b.flow(inner, start);
        CHECK(b.rules() == Rules{"flow-into-start"});
    }
    SECTION("a subprocess whose start has a trigger") {
        std::get<StartEvent>(b.process.elements[raw(inner_start)].kind).definition = ErrorEvent{};
        CHECK(b.rules() == Rules{"start-event"});
    }
    SECTION("two starts of a subprocess") {
        b.flow(b.add("other-start", StartEvent{}, inner), inner_end);
        CHECK(b.rules() == Rules{"several-start-events"});
    }
    SECTION("no start in a subprocess") {
        b.process.elements[raw(inner_start)].kind = ScriptTask{};
        CHECK(b.rules() == Rules{"no-start-event"});
    }
}

TEST_CASE("events and gateways that BPMN does not allow") {
    Builder b;
    const auto start = b.add("start", StartEvent{});
    const auto task = b.add("task", UserTask{});
    const auto end = b.add("end", EndEvent{});
    b.flow(start, task);
    b.flow(task, end);
    SECTION("an intermediate event throws an error") {
        const auto thrown = b.add("thrown", IntermediateThrowEvent{ErrorEvent{{"X"}}});
        b.flow(task, thrown);
        CHECK(b.rules() == Rules{"error-event"});
    }
    SECTION("an end event throws two errors") {
        b.process.elements[raw(end)].kind = EndEvent{ErrorEvent{{"X", "Y"}}};
        CHECK(b.rules() == Rules{"error-event"});
    }
    SECTION("an event-based gateway leads to a task") {
        const auto gateway = b.add("gateway", EventBasedGateway{});
        b.flow(task, gateway);
        b.flow(gateway, b.add("other", ScriptTask{}));
        CHECK(std::ranges::count(b.rules(), "event-gateway") == 2);
    }
    SECTION("a boundary event sits on a gateway") {
        const auto gateway = b.add("gateway", ExclusiveGateway{});
        b.flow(task, gateway);
        b.flow(b.add("failed", BoundaryEvent{ErrorEvent{}, gateway, true}), end);
        CHECK(b.rules() == Rules{"boundary-host"});
    }
    SECTION("a condition behind a parallel gateway") {
        const auto gateway = b.add("gateway", ParallelGateway{});
        b.flow(task, gateway);
        b.process.flows[raw(b.flow(gateway, end))].is_default = true;
        CHECK(b.rules() == Rules{"condition-misplaced"});
    }
    SECTION("an event subprocess without a trigger") {
        const auto event = b.add("event", EventSubProcess{});
        b.flow(b.add("event-start", StartEvent{}, event), b.add("event-end", EndEvent{}, event));
        CHECK(b.rules() == Rules{"start-event"});
    }
    SECTION("a compensation handler in another scope") {
        const auto inner = b.add("inner", SubProcess{});
        b.flow(task, inner);
        const auto inner_start = b.add("inner-start", StartEvent{}, inner);
        (void)inner_start;
        const auto handler = b.add("undo", ServiceTask{}, inner);
        b.process.elements[raw(task)].compensation_handler = handler;
        b.process.elements[raw(handler)].compensates = task;
        CHECK(b.rules() == Rules{"compensation-handler"});
    }
}

TEST_CASE("the kinds know their names and their families") {
    CHECK(type_name(Kind{ServiceTask{}}) == "serviceTask");
    CHECK(type_name(Kind{EventSubProcess{}}) == "eventSubProcess");
    CHECK(is_activity(Kind{SubProcess{}}));
    CHECK_FALSE(is_activity(Kind{EventSubProcess{}}));
    CHECK(service_call(Kind{SendTask{}}));
    CHECK_FALSE(service_call(Kind{UserTask{}}));
    CHECK(scope_content(Kind{ProcessElement{}}));
    CHECK_FALSE(scope_content(Kind{ScriptTask{}}));
}
