#pragma once
/// The event catalogue: every fact that the journal may hold.
///
/// Each event names its type: a stable name (JSON, documentation), a stable number (journal) and a version. A released event is never
/// changed: a new shape gets the next version and the old one is read for ever (journal/old_versions.cpp). `each_field` lists the fields
/// once, for the journal's encoding, for JSON and for tests.
#include "core/keys.hpp"
#include "model/element.hpp"

#include <kontor/value.hpp>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace kontor::core {

using model::ElementIndex;
using model::FlowIndex;

struct EventType {
    std::string_view name;
    std::uint16_t number;
    std::uint16_t version;
};

/// A variable that got a value, in the scope that holds it.
struct VariableWrite {
    ElementKey scope;
    std::string name;
    Value value;
    friend bool operator==(const VariableWrite&, const VariableWrite&) = default;
};

/// Why an instance needs a person.
enum class IncidentKind : std::uint8_t {
    expression,          ///< an expression gave no usable value
    job_exhausted,       ///< a service failed more often than its retry policy allows
    job_permanent,       ///< a service said that trying again cannot help
    outcome_unknown,     ///< nobody knows whether an unsafe call took effect
    unhandled_error,     ///< a BPMN error that nobody catches
    no_flow,             ///< no condition of a gateway is true and there is no default
    deadlock,            ///< a join waits for a token that cannot come
    step_budget,         ///< the process runs without ever waiting
    decision,            ///< a decision gave no result
    too_large,           ///< a value or the instance passes its size limit
    not_recorded,        ///< a step could not be decided, or the store refused what it led to
    answer_lost,         ///< the same of a service's answer: the call took effect
    restored,            ///< the store was restored from a backup: the instance may have been further than it knows
};
std::string_view to_string(IncidentKind) noexcept;
/// Whether the instance does nothing by itself until the incident is resolved.
constexpr bool halts(IncidentKind kind) noexcept {
    return kind == IncidentKind::step_budget || kind == IncidentKind::not_recorded || kind == IncidentKind::restored;
}

#define KONTOR_EVENT(NAME, NUMBER, VERSION) \
    static constexpr EventType type { NAME, NUMBER, VERSION }

// ---- the instance ---------------------------------------------------------------------------------------------------------
struct InstanceStarted {
    KONTOR_EVENT("instanceStarted", 1, 1);
    InstanceKey key;
    std::string definition;     ///< the deployed version that runs it
    std::string business_key;
    std::string key_prefix;     ///< makes idempotency keys unique among stores
    std::string by;
    Variables variables;        ///< those of the process, defaults filled in
    std::optional<ElementIndex> start_event;   ///< nothing: the none start event
    Value payload;              ///< what triggered the start event
    template <class Self, class F>
    static void each_field(Self& e, F&& f) {
        f("key", e.key), f("definition", e.definition), f("businessKey", e.business_key), f("keyPrefix", e.key_prefix), f("by", e.by),
            f("variables", e.variables), f("startEvent", e.start_event), f("payload", e.payload);
    }
    friend bool operator==(const InstanceStarted&, const InstanceStarted&) = default;
};
struct InstanceCompleted {
    KONTOR_EVENT("instanceCompleted", 2, 1);
    std::optional<ElementIndex> end_event;   ///< the last one that was reached
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("endEvent", e.end_event); }
    friend bool operator==(const InstanceCompleted&, const InstanceCompleted&) = default;
};
struct InstanceFailed {
    KONTOR_EVENT("instanceFailed", 3, 1);
    template <class Self, class F>
    static void each_field(Self&, F&&) {}
    friend bool operator==(const InstanceFailed&, const InstanceFailed&) = default;
};
struct InstanceCancelling {
    KONTOR_EVENT("instanceCancelling", 4, 1);
    std::string by;
    std::string reason;
    bool compensate = true;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("by", e.by), f("reason", e.reason), f("compensate", e.compensate); }
    friend bool operator==(const InstanceCancelling&, const InstanceCancelling&) = default;
};
struct InstanceCancelled {
    KONTOR_EVENT("instanceCancelled", 5, 1);
    template <class Self, class F>
    static void each_field(Self&, F&&) {}
    friend bool operator==(const InstanceCancelled&, const InstanceCancelled&) = default;
};
struct InstanceSuspended {
    KONTOR_EVENT("instanceSuspended", 6, 1);
    std::string by;
    std::string reason;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("by", e.by), f("reason", e.reason); }
    friend bool operator==(const InstanceSuspended&, const InstanceSuspended&) = default;
};
struct InstanceResumed {
    KONTOR_EVENT("instanceResumed", 7, 1);
    std::string by;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("by", e.by); }
    friend bool operator==(const InstanceResumed&, const InstanceResumed&) = default;
};
// 8 to 10 are free: no version has written them.
/// The decide stopped at its event limit; the agenda goes on with the next command.
struct ContinuationRequested {
    KONTOR_EVENT("continuationRequested", 11, 1);
    std::uint32_t count = 0;    ///< how many in a row, without waiting between; 0: nothing was left to do
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("count", e.count); }
    friend bool operator==(const ContinuationRequested&, const ContinuationRequested&) = default;
};

// ---- elements -------------------------------------------------------------------------------------------------------------
/// An element instance exists and is ready. It took its token from `flows`: one moving token, or those that waited at a join.
struct ElementActivated {
    KONTOR_EVENT("elementActivated", 20, 1);
    ElementKey key;
    ElementIndex element{};
    ElementKey scope;
    std::vector<FlowIndex> flows;
    bool joined = false;
    ElementKey compensates;     ///< of a compensation handler: the completed instance that it undoes
    Value payload;              ///< what it was triggered with: a message, an error, the input of a compensation
    template <class Self, class F>
    static void each_field(Self& e, F&& f) {
        f("key", e.key), f("element", e.element), f("scope", e.scope), f("flows", e.flows), f("joined", e.joined),
            f("compensates", e.compensates), f("payload", e.payload);
    }
    friend bool operator==(const ElementActivated&, const ElementActivated&) = default;
};
/// The element did what it could and now waits for its children, its events or its compensation.
struct ElementWaiting {
    KONTOR_EVENT("elementWaiting", 21, 1);
    ElementKey key;
    Variables variables;        ///< of a scope: what it starts with
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("key", e.key), f("variables", e.variables); }
    friend bool operator==(const ElementWaiting&, const ElementWaiting&) = default;
};
/// The element is done: its outputs are written, its tokens leave.
struct ElementCompleted {
    KONTOR_EVENT("elementCompleted", 22, 1);
    ElementKey key;
    std::vector<VariableWrite> writes;
    std::vector<FlowIndex> taken;
    std::optional<Variables> compensation;   ///< the input of its compensation handler, as of now
    template <class Self, class F>
    static void each_field(Self& e, F&& f) {
        f("key", e.key), f("writes", e.writes), f("taken", e.taken), f("compensation", e.compensation);
    }
    friend bool operator==(const ElementCompleted&, const ElementCompleted&) = default;
};
struct ElementTerminating {
    KONTOR_EVENT("elementTerminating", 23, 1);
    ElementKey key;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("key", e.key); }
    friend bool operator==(const ElementTerminating&, const ElementTerminating&) = default;
};
struct ElementTerminated {
    KONTOR_EVENT("elementTerminated", 24, 1);
    ElementKey key;
    bool keeps_compensation = false;   ///< its completed steps stay compensable, as one entry of the scope around it
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("key", e.key), f("keepsCompensation", e.keeps_compensation); }
    friend bool operator==(const ElementTerminated&, const ElementTerminated&) = default;
};
/// A token waits at a join.
struct TokenArrived {
    KONTOR_EVENT("tokenArrived", 25, 1);
    ElementKey scope;
    FlowIndex flow{};
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("scope", e.scope), f("flow", e.flow); }
    friend bool operator==(const TokenArrived&, const TokenArrived&) = default;
};
/// All tokens and children of a scope are to end, but for one child that takes over (none: the scope ends with them).
struct ScopeInterrupted {
    KONTOR_EVENT("scopeInterrupted", 26, 1);
    ElementKey scope;
    ElementKey survivor;
    bool fails = false;         ///< of the process: it fails, with the error that was thrown last
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("scope", e.scope), f("survivor", e.survivor), f("fails", e.fails); }
    friend bool operator==(const ScopeInterrupted&, const ScopeInterrupted&) = default;
};
struct ErrorThrown {
    KONTOR_EVENT("errorThrown", 27, 1);
    ElementKey key;             ///< where it happened
    std::string code;
    std::string message;
    Value data;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("key", e.key), f("code", e.code), f("message", e.message), f("data", e.data); }
    friend bool operator==(const ErrorThrown&, const ErrorThrown&) = default;
};
struct DecisionEvaluated {
    KONTOR_EVENT("decisionEvaluated", 28, 1);
    ElementKey key;
    std::string decision;
    Variables input;
    std::vector<std::uint32_t> matched_rules;   ///< 1-based, in the order of the table
    Value output;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) {
        f("key", e.key), f("decision", e.decision), f("input", e.input), f("matchedRules", e.matched_rules), f("output", e.output);
    }
    friend bool operator==(const DecisionEvaluated&, const DecisionEvaluated&) = default;
};

// ---- jobs: calls of services ------------------------------------------------------------------------------------------------
struct JobCreated {
    KONTOR_EVENT("jobCreated", 30, 1);
    ElementKey key;
    Variables input;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("key", e.key), f("input", e.input); }
    friend bool operator==(const JobCreated&, const JobCreated&) = default;
};
/// Journalled before the call, for services that may not simply be called again.
struct JobAttemptStarted {
    KONTOR_EVENT("jobAttemptStarted", 31, 1);
    ElementKey key;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("key", e.key); }
    friend bool operator==(const JobAttemptStarted&, const JobAttemptStarted&) = default;
};
struct JobDeferred {
    KONTOR_EVENT("jobDeferred", 32, 1);
    ElementKey key;
    Instant until;              ///< no answer by then counts as a failure
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("key", e.key), f("until", e.until); }
    friend bool operator==(const JobDeferred&, const JobDeferred&) = default;
};
struct JobBackedOff {
    KONTOR_EVENT("jobBackedOff", 33, 1);
    ElementKey key;
    Instant due;
    bool counted = true;        ///< whether an attempt was used up
    std::string message;
    bool lost = false;          ///< the attempt may have taken effect
    template <class Self, class F>
    static void each_field(Self& e, F&& f) {
        f("key", e.key), f("due", e.due), f("counted", e.counted), f("message", e.message), f("lost", e.lost);
    }
    friend bool operator==(const JobBackedOff&, const JobBackedOff&) = default;
};
struct JobRetried {
    KONTOR_EVENT("jobRetried", 34, 1);
    ElementKey key;
    std::uint32_t attempt = 0;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("key", e.key), f("attempt", e.attempt); }
    friend bool operator==(const JobRetried&, const JobRetried&) = default;
};
/// The outcome of a call is not known: no answer in time, a broken connection, a restart. The service is asked.
struct JobQueried {
    KONTOR_EVENT("jobQueried", 35, 1);
    ElementKey key;
    std::string reason;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("key", e.key), f("reason", e.reason); }
    friend bool operator==(const JobQueried&, const JobQueried&) = default;
};
struct JobCompleted {
    KONTOR_EVENT("jobCompleted", 36, 1);
    ElementKey key;
    Value result;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("key", e.key), f("result", e.result); }
    friend bool operator==(const JobCompleted&, const JobCompleted&) = default;
};
/// The outcome of a call whose step was interrupted is known: whether there is anything to compensate.
struct JobSettled {
    KONTOR_EVENT("jobSettled", 37, 1);
    ElementKey key;
    bool took_effect = false;
    std::optional<Variables> compensation;   ///< if it took effect: the input of the handler
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("key", e.key), f("tookEffect", e.took_effect), f("compensation", e.compensation); }
    friend bool operator==(const JobSettled&, const JobSettled&) = default;
};

// ---- user tasks -----------------------------------------------------------------------------------------------------------
struct TaskCreated {
    KONTOR_EVENT("taskCreated", 40, 1);
    ElementKey key;
    std::string assignee;       ///< empty: nobody yet
    std::optional<Instant> due;
    Variables input;            ///< what the person sees
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("key", e.key), f("assignee", e.assignee), f("due", e.due), f("input", e.input); }
    friend bool operator==(const TaskCreated&, const TaskCreated&) = default;
};
struct TaskAssigned {
    KONTOR_EVENT("taskAssigned", 41, 1);
    ElementKey key;
    std::string assignee;       ///< empty: given back
    std::string by;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("key", e.key), f("assignee", e.assignee), f("by", e.by); }
    friend bool operator==(const TaskAssigned&, const TaskAssigned&) = default;
};
struct TaskCompleted {
    KONTOR_EVENT("taskCompleted", 42, 1);
    ElementKey key;
    std::string by;
    Value output;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("key", e.key), f("by", e.by), f("output", e.output); }
    friend bool operator==(const TaskCompleted&, const TaskCompleted&) = default;
};

// ---- waits: timers and messages -----------------------------------------------------------------------------------------------
struct TimerScheduled {
    KONTOR_EVENT("timerScheduled", 50, 1);
    WaitKey wait;
    ElementKey owner;
    ElementIndex element{};     ///< what it triggers: the catch event itself, a boundary event, an event subprocess's start
    Instant due;
    std::int32_t repetitions = 0;   ///< how often it fires after this; negative: for ever
    template <class Self, class F>
    static void each_field(Self& e, F&& f) {
        f("wait", e.wait), f("owner", e.owner), f("element", e.element), f("due", e.due), f("repetitions", e.repetitions);
    }
    friend bool operator==(const TimerScheduled&, const TimerScheduled&) = default;
};
struct TimerFired {
    KONTOR_EVENT("timerFired", 51, 1);
    WaitKey wait;
    std::optional<Instant> next_due;   ///< of a repeating timer, counted from the planned time
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("wait", e.wait), f("nextDue", e.next_due); }
    friend bool operator==(const TimerFired&, const TimerFired&) = default;
};
struct SubscriptionOpened {
    KONTOR_EVENT("subscriptionOpened", 52, 1);
    WaitKey wait;
    ElementKey owner;
    ElementIndex element{};
    std::string message;
    std::string correlation_key;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) {
        f("wait", e.wait), f("owner", e.owner), f("element", e.element), f("message", e.message), f("correlationKey", e.correlation_key);
    }
    friend bool operator==(const SubscriptionOpened&, const SubscriptionOpened&) = default;
};
struct MessageCorrelated {
    KONTOR_EVENT("messageCorrelated", 53, 1);
    WaitKey wait;
    std::string message_id;
    bool keeps_waiting = false;   ///< a non-interrupting event takes further messages
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("wait", e.wait), f("messageId", e.message_id), f("keepsWaiting", e.keeps_waiting); }
    friend bool operator==(const MessageCorrelated&, const MessageCorrelated&) = default;
};
/// What the element waited for came; its payload is the result that its outputs read.
struct ElementTriggered {
    KONTOR_EVENT("elementTriggered", 54, 1);
    ElementKey key;
    std::optional<FlowIndex> chosen;   ///< of an event-based gateway: the way that the first event opened
    Value payload;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("key", e.key), f("chosen", e.chosen), f("payload", e.payload); }
    friend bool operator==(const ElementTriggered&, const ElementTriggered&) = default;
};

// ---- compensation -----------------------------------------------------------------------------------------------------------
struct CompensationTriggered {
    KONTOR_EVENT("compensationTriggered", 60, 1);
    CompensationKey run;
    ElementKey scope;
    std::optional<ElementIndex> activity;   ///< only completions of this activity
    ElementKey only;                        ///< only this completion
    ElementKey requester;                   ///< the throwing event, which waits; none if the engine asks
    template <class Self, class F>
    static void each_field(Self& e, F&& f) {
        f("run", e.run), f("scope", e.scope), f("activity", e.activity), f("only", e.only), f("requester", e.requester);
    }
    friend bool operator==(const CompensationTriggered&, const CompensationTriggered&) = default;
};
struct CompensationCompleted {
    KONTOR_EVENT("compensationCompleted", 61, 1);
    CompensationKey run;
    ElementKey scope;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("run", e.run), f("scope", e.scope); }
    friend bool operator==(const CompensationCompleted&, const CompensationCompleted&) = default;
};

// ---- incidents ----------------------------------------------------------------------------------------------------------------
struct IncidentRaised {
    KONTOR_EVENT("incidentRaised", 70, 1);
    IncidentKey incident;
    ElementKey key;             ///< the element instance that cannot go on
    IncidentKind kind{};
    std::string message;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("incident", e.incident), f("key", e.key), f("kind", e.kind), f("message", e.message); }
    friend bool operator==(const IncidentRaised&, const IncidentRaised&) = default;
};
struct IncidentResolved {
    KONTOR_EVENT("incidentResolved", 71, 1);
    IncidentKey incident;
    std::string by;
    std::vector<VariableWrite> writes;   ///< what the person corrected
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("incident", e.incident), f("by", e.by), f("writes", e.writes); }
    friend bool operator==(const IncidentResolved&, const IncidentResolved&) = default;
};

#undef KONTOR_EVENT

using Event = std::variant<InstanceStarted, InstanceCompleted, InstanceFailed, InstanceCancelling, InstanceCancelled, InstanceSuspended,
                           InstanceResumed, ContinuationRequested, ElementActivated, ElementWaiting, ElementCompleted, ElementTerminating,
                           ElementTerminated, TokenArrived, ScopeInterrupted, ErrorThrown, DecisionEvaluated, JobCreated,
                           JobAttemptStarted, JobDeferred, JobBackedOff, JobRetried, JobQueried, JobCompleted, JobSettled, TaskCreated,
                           TaskAssigned, TaskCompleted, TimerScheduled, TimerFired, SubscriptionOpened, MessageCorrelated,
                           ElementTriggered, CompensationTriggered, CompensationCompleted, IncidentRaised, IncidentResolved>;

inline EventType type_of(const Event& event) {
    return std::visit([](const auto& e) { return std::remove_cvref_t<decltype(e)>::type; }, event);
}

/// One row of the journal: all events of one decide.
struct Record {
    Position position;
    InstanceKey instance;
    Instant at;
    std::vector<Event> events;
    friend bool operator==(const Record&, const Record&) = default;
};

}  // namespace kontor::core
