#pragma once
/// The BPMN elements: what a process is made of. Plain data; their behaviour stands in core/elements/.
#include "feel/feel.hpp"
#include "model/type.hpp"

#include <kontor/temporal.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace kontor::model {

/// Dense index into Process::elements. The process itself is element 0, the root of the scope tree.
enum class ElementIndex : std::uint32_t {};
/// Dense index into Process::flows.
enum class FlowIndex : std::uint32_t {};
inline constexpr ElementIndex root{0};
constexpr std::uint32_t raw(ElementIndex i) noexcept { return static_cast<std::uint32_t>(i); }
constexpr std::uint32_t raw(FlowIndex i) noexcept { return static_cast<std::uint32_t>(i); }

/// Where something stands in its source; 1-based, 0 is unknown.
struct Position {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

/// An expression and where it stands. A literal of the source is an expression too.
struct Formula {
    feel::Expression expression;
    Position position;
};

/// `target` gets the value of `source`. For an input, target is the name that the service sees; for an output, a variable.
struct Mapping {
    std::string target;
    Formula source;
    Position position;
};

/// What a service promises about being called twice: repeat it, ask it first, or let a person decide.
enum class Contract : std::uint8_t { idempotent, queryable, unsafe };

/// How a failed call is repeated. Attempt n+1 starts backoff * 2^(n-1) after attempt n failed, at most max_backoff, with jitter.
struct RetryPolicy {
    std::uint32_t attempts = 3;
    Duration backoff = std::chrono::seconds{1};
    Duration max_backoff = std::chrono::hours{1};
    std::optional<std::string> on_exhausted = {};   ///< a BPMN error code; without it an incident
};

/// A call of a service: what service, send tasks and compensation handlers have in common.
struct Call {
    std::string service;
    Contract contract = Contract::unsafe;
    std::optional<Duration> timeout;
    RetryPolicy retry;
};

// ---- event definitions (BPMN 2.0, 10.5.5) ---------------------------------------------------------------------------------
struct NoneEvent {};
struct MessageEvent {
    std::uint32_t message = 0;   ///< index into Process::messages
};
struct TimerEvent {
    enum class Kind : std::uint8_t { duration, date, cycle };
    Kind kind = Kind::duration;  ///< of an expression that is no literal: duration, but its value decides
    Formula when;                ///< gives a duration, a date and time, or an ISO 8601 repetition such as R3/P1D
};
struct ErrorEvent {
    std::vector<std::string> codes;   ///< catching: any of them, empty is every error; throwing: exactly one
};
struct TerminateEvent {};
struct CompensateEvent {
    std::optional<ElementIndex> activity;   ///< nothing: all of the scope
};

using CatchDefinition = std::variant<NoneEvent, MessageEvent, TimerEvent, ErrorEvent>;
using ThrowDefinition = std::variant<NoneEvent, ErrorEvent, TerminateEvent, CompensateEvent>;

// ---- scopes -----------------------------------------------------------------------------------------------------------------
struct Variable {
    std::string name;
    TypeRef type;                            ///< never null
    std::optional<Value> default_value;
    bool required = false;                   ///< must be given when the process starts
    bool sensitive = false;
    std::vector<std::string> sensitive_parts;   ///< fields of the context that are sensitive
    bool searchable = false;                 ///< kept; nothing reads it yet, nor the parts
    std::vector<std::string> searchable_parts;
    Position position;
};

/// What happens to completed compensable steps of a scope that is interrupted from outside.
enum class OnInterrupt : std::uint8_t { unspecified, compensate, abandon };

/// What the process, subprocesses and event subprocesses have in common. Filled by complete(), but for the first three.
struct ScopeContent {
    std::vector<Variable> variables;
    OnInterrupt on_interrupt = OnInterrupt::unspecified;
    std::string abandon_reason;              ///< for those who read the file
    std::vector<ElementIndex> children;
    std::vector<ElementIndex> start_events;
    std::vector<ElementIndex> event_subprocesses;
};

struct ProcessElement : ScopeContent {};
struct SubProcess : ScopeContent {};
/// Its one start event carries the trigger and says whether it interrupts.
struct EventSubProcess : ScopeContent {};

// ---- events -------------------------------------------------------------------------------------------------------------------
struct StartEvent {
    CatchDefinition definition;
    bool interrupting = true;    ///< of an event subprocess
};
struct EndEvent {
    ThrowDefinition definition;
};
struct IntermediateThrowEvent {
    ThrowDefinition definition;
};
struct IntermediateCatchEvent {
    CatchDefinition definition;
};
struct BoundaryEvent {
    CatchDefinition definition;
    ElementIndex attached_to{};
    bool interrupting = true;
};

// ---- tasks --------------------------------------------------------------------------------------------------------------------
struct ServiceTask {
    Call call;
};
struct SendTask {
    Call call;
};
struct ReceiveTask {
    std::uint32_t message = 0;   ///< index into Process::messages
};
struct FormField {
    std::string name;
    TypeRef type;                ///< never null
    bool required = false;
};
struct UserTask {
    std::vector<std::string> candidate_groups;
    std::vector<std::string> candidate_users;
    std::optional<Formula> assignee;
    std::optional<Formula> due;              ///< gives a duration or a date and time
    std::vector<ElementIndex> not_same_user_as;
    std::optional<std::vector<FormField>> form;   ///< nothing: a completion may send what it likes
};
struct ScriptTask {
    std::optional<Formula> script;           ///< its value is `result` in the output mapping
};
struct BusinessRuleTask {
    std::string decision;
};
/// Work that people do without this engine; it stands in the process for those who read it.
struct ManualTask {};

// ---- gateways -----------------------------------------------------------------------------------------------------------------
struct ExclusiveGateway {};
struct ParallelGateway {};
struct InclusiveGateway {};
struct EventBasedGateway {};

using Kind = std::variant<ProcessElement, SubProcess, EventSubProcess, StartEvent, EndEvent, IntermediateThrowEvent,
                          IntermediateCatchEvent, BoundaryEvent, ServiceTask, SendTask, ReceiveTask, UserTask, ScriptTask,
                          BusinessRuleTask, ManualTask, ExclusiveGateway, ParallelGateway, InclusiveGateway, EventBasedGateway>;

/// BPMN's name of the kind, as YAML writes it and as events carry it: `serviceTask`, `exclusiveGateway`.
std::string_view type_name(const Kind&) noexcept;

struct Element {
    ElementIndex index{};
    std::string id;
    std::string name;
    std::string documentation;
    std::string lane;                                ///< kept; nothing reads it yet, nor the extensions
    std::string irreversible;                        ///< why its effect has no undo, for those who read the file; empty: nothing was said
    Variables extensions;
    bool implied = false;                            ///< made by a reader (a join, a merge, a start); the source does not name it
    Position position;
    ElementIndex scope{};                            ///< the scope that it stands in; the process stands in itself
    Kind kind;
    std::vector<Mapping> input;
    std::vector<Mapping> output;                     ///< reads `result`, or `error` of a caught error
    std::vector<FlowIndex> outgoing;                 ///< in the order of the source: conditions are tried in this order
    std::vector<FlowIndex> incoming;                 ///< filled by complete()
    std::vector<ElementIndex> boundary_events;       ///< filled by complete()
    bool on_side_flow = false;                       ///< reached only through an event that does not interrupt; filled by complete()
    std::optional<ElementIndex> compensation_handler;   ///< of an activity
    std::optional<ElementIndex> compensates;         ///< of a compensation handler: the activity that it undoes
};

/// The content of a scope element, or null for other kinds.
const ScopeContent* scope_content(const Kind&) noexcept;
ScopeContent* scope_content(Kind&) noexcept;
/// The call of an element that calls a service, or null.
const Call* service_call(const Kind&) noexcept;
bool is_activity(const Kind&) noexcept;

struct SequenceFlow {
    FlowIndex index{};
    std::string id;
    std::string name;
    ElementIndex source{};
    ElementIndex target{};
    std::optional<Formula> condition;
    bool is_default = false;
    Position position;
};

}  // namespace kontor::model
