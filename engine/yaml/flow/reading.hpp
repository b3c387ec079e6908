#pragma once
/// What the readers of one process share, and the readers of its parts.
#include "yaml/flow/graph.hpp"
#include "yaml/parts/fields.hpp"
#include "yaml/parts/formula.hpp"
#include "yaml/parts/types.hpp"

namespace kontor::yaml {

struct ElementSpec;

struct Reading {
    Site site;
    model::Process& process;
    Graph& graph;
    const TypeTable& types;
    model::RetryPolicy retry;   ///< `defaults: {retry}`
};

/// One element that is being read. Its model::Element exists already.
struct ElementContext {
    Reading& reading;
    const Fields& fields;
    Place place;
    ElementIndex index{};
    Position position;
    std::vector<std::string_view> locals;   ///< `compensated`, in a compensation handler

    [[nodiscard]] model::Element& element() const { return reading.graph[index]; }
    [[nodiscard]] const std::string& id() const { return element().id; }
    [[nodiscard]] Names names(std::vector<std::string_view> more = {}) const;
    /// The one flow behind an element that has nothing special there.
    [[nodiscard]] Ends leave() const { return {reading.graph.leave(index, position, place.region)}; }
};

// ---- flow/list.cpp
/// Reads a list of elements; `entry` leads to the first. Gives the flows that are open at its end.
Ends read_list(Reading&, const Node& list, std::string_view what, Place, Ends entry);
/// Connects the open ends of an item to the next one. Several of them are one token, also for a gateway that would wait for each.
void connect_falling(Reading&, const Ends& ends, ElementIndex target);
/// One activity without flows: a compensation.
void read_compensation(Reading&, const Node&, ElementIndex activity);
/// Sends open ends to what `next` names: one id, a list, or [] where the token ends.
void read_next(Reading&, const Node& next, const Ends& ends);
/// Reports ends that lead nowhere (rule `falls-off`).
void report_falls_off(Reading&, const Ends& ends);
/// `flow` or `next` of an event or a branch; `continues` says whether neither of them means to go on behind the gateway.
Ends read_continuation(Reading&, const Fields&, Place, Ends ends, bool continues, const Node& at);

// ---- flow/branches.cpp
/// The branches of a gateway in block form, and the join that they imply.
Ends read_branches(const ElementContext&);
Ends read_event_branches(const ElementContext&);
Keys branch_keys();
Keys event_branch_keys();

// ---- flow/scope.cpp
/// flow, paths, eventSubProcesses and onInterrupt of a scope that exists already.
void read_scope(Reading&, const Fields&, ElementIndex scope);
void read_variables(Reading&, const Node&, ElementIndex scope);
Keys scope_keys();
Keys event_subprocess_keys();
Keys variable_keys();

// ---- flow/events.cpp
/// What a catching event waits for: exactly one of `message`, `timer` and (where the table has it) `error`.
std::optional<model::CatchDefinition> read_catch(Reading&, const Fields&, const Names&, bool with_error);
/// A timer in place of what could not be read and was reported: check() shall not report it a second time.
model::CatchDefinition unread_event(Position at);
/// The end of a generated id: the message's name, `timer`, the error's code.
std::string event_label(const model::Process&, const model::CatchDefinition&);
/// What its output mapping may read: `result` of a message, `error` of an error.
std::vector<std::string_view> event_locals(const model::CatchDefinition&);
std::optional<model::ThrowDefinition> read_compensate(const ElementContext&, const Node&);
void read_boundary_events(Reading&, const Node&, ElementIndex host);
std::optional<std::uint32_t> read_message_name(Reading&, const Node&);
Keys catch_keys();
Keys error_keys();
Keys boundary_keys();
/// Events of BPMN that this version does not run.
Keys missing_event_keys();

// ---- flow/mappings.cpp
void read_input(const ElementContext&);
/// `output: name` or a mapping; `locals` are what its expressions may read beside variables.
std::vector<model::Mapping> read_output(const Reading&, const Node&, const Names&);
/// The same where the targets are other variables than those that the expressions read.
std::vector<model::Mapping> read_output(const Reading&, const Node&, const Names& sources, const Names& targets);

// ---- flow/call.cpp
model::RetryPolicy read_retry(const Site&, const Node&, model::RetryPolicy base);
std::optional<model::Call> read_call(const ElementContext&);
Keys retry_keys();
Keys call_keys();

// ---- flow/timer.cpp
std::optional<model::TimerEvent> read_timer(const Reading&, const Node&, const Names&);
Keys timer_keys();

// ---- flow/form.cpp
std::vector<model::FormField> read_form(const Reading&, const Node&);
Keys form_keys();

}  // namespace kontor::yaml
