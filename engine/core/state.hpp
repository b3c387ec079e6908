#pragma once
/// The state of one process instance: the fold of its events, nothing else. Only apply() changes it.
#include "core/event.hpp"
#include "lifecycle/lifecycle.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kontor::core {

/// The call of a service by an element instance.
struct Job {
    lifecycle::Job state = lifecycle::Job::created;
    std::uint32_t attempt = 1;     ///< the number of the present attempt, for the service to see
    std::uint32_t failures = 0;    ///< how many attempts the retry policy has counted
    std::optional<Instant> due;    ///< of the next attempt, or of the answer of a deferred one
    Variables input;
    bool in_doubt = false;         ///< an attempt was lost: it may have taken effect, whatever becomes of the next ones
    std::uint32_t restarts = 0;    ///< how many attempts in a row, up to now, a restart has cut off
    friend bool operator==(const Job&, const Job&) = default;
};

struct UserTask {
    lifecycle::UserTask state = lifecycle::UserTask::created;
    std::string assignee;
    std::optional<Instant> due;
    Variables input;
    Instant created;
    friend bool operator==(const UserTask&, const UserTask&) = default;
};

/// A completed step that can be undone.
struct Compensable {
    ElementKey instance;
    ElementIndex activity{};
    Variables input;                    ///< of the handler, as it was when the step completed
    std::vector<Compensable> nested;    ///< of a subprocess without a handler of its own: its steps, oldest first
    ElementKey handler;                 ///< the handler that runs now
    friend bool operator==(const Compensable&, const Compensable&) = default;
};

/// A request to undo completed steps of a scope. Runs of one scope go one after the other.
struct Compensation {
    CompensationKey key;
    std::optional<ElementIndex> activity;
    ElementKey only;
    ElementKey requester;
    friend bool operator==(const Compensation&, const Compensation&) = default;
};

/// What an element instance that contains others keeps for them. Process, subprocess, event subprocess; later also the body of a
/// multi-instance activity and the transaction.
struct Scope {
    Variables variables;
    std::vector<ElementKey> children;           ///< sorted: oldest first
    std::uint32_t moving = 0;                   ///< tokens of this scope on the agenda
    std::vector<FlowIndex> arrived;             ///< tokens that wait at joins, in the order of arrival
    std::vector<Compensable> compensable;       ///< oldest first
    std::vector<Compensation> compensations;    ///< the first one runs
    bool interrupted = false;                   ///< everything but the survivor ends
    ElementKey survivor;
    friend bool operator==(const Scope&, const Scope&) = default;
};

struct ElementInstance {
    ElementKey key;
    ElementIndex element{};
    ElementKey scope;                            ///< none for the root
    lifecycle::Activity phase = lifecycle::Activity::ready;
    Value payload;                               ///< what triggered it, then the result that its outputs read
    ElementKey compensates;
    std::optional<FlowIndex> chosen;
    std::vector<WaitKey> waits;
    IncidentKey incident;                        ///< it cannot go on until this is resolved
    std::optional<Job> job;
    std::optional<UserTask> task;
    std::optional<Scope> content;                ///< of a scope
    friend bool operator==(const ElementInstance&, const ElementInstance&) = default;
};

/// Whether an incident here is about the call itself, and not about what comes before or after it.
inline bool stops_a_job(const ElementInstance& instance) noexcept {
    return instance.job && instance.phase != lifecycle::Activity::completing;
}

struct Wait {
    struct Timer {
        Instant due;
        std::int32_t repetitions = 0;
        friend bool operator==(const Timer&, const Timer&) = default;
    };
    struct Subscription {
        std::string message;
        std::string correlation_key;
        friend bool operator==(const Subscription&, const Subscription&) = default;
    };
    ElementKey owner;
    ElementIndex element{};
    std::variant<Timer, Subscription> what;
    friend bool operator==(const Wait&, const Wait&) = default;
};

struct Incident {
    lifecycle::Incident state = lifecycle::Incident::open;
    ElementKey element;
    IncidentKind kind{};
    std::string message;
    Instant raised;
    friend bool operator==(const Incident&, const Incident&) = default;
};

/// A thing to do that needs nothing from outside: a token to move, or an element instance to look at.
struct Todo {
    ElementKey element;              ///< none: a token
    FlowIndex flow{};
    ElementKey scope;
    friend bool operator==(const Todo&, const Todo&) = default;
};

struct State {
    InstanceKey key;
    std::string definition;
    std::string business_key;
    std::string key_prefix;
    lifecycle::Instance phase = lifecycle::Instance::running;
    Instant started;
    Instant last;                                    ///< the time of the last row: time never runs backwards
    std::uint64_t rows = 0;                          ///< how many rows were applied
    std::map<ElementKey, ElementInstance> elements;
    std::map<WaitKey, Wait> waits;
    std::map<IncidentKey, Incident> incidents;       ///< open ones
    std::deque<Todo> agenda;                         ///< empty: the instance waits, or has ended
    std::map<ElementIndex, std::vector<std::string>> completed_by;   ///< who completed which user task, for four eyes
    std::optional<ElementIndex> start_event;         ///< that was triggered; nothing: the none start event
    std::optional<ElementIndex> end_event;           ///< the last one reached on the process's own level
    std::optional<InstanceCancelling> cancelling;
    std::optional<ErrorThrown> failure;              ///< the last error that was thrown
    bool failing = false;                            ///< nobody caught it: the process ends as failed
    bool halted = false;                             ///< the agenda rests until the incident that halts() is resolved
    bool continuing = false;                         ///< the agenda goes on with the next command
    std::uint32_t continuations = 0;                 ///< in a row, without waiting

    friend bool operator==(const State&, const State&) = default;

    /// Whether the agenda is worked off within the decide that fills it.
    [[nodiscard]] bool runs_freely() const noexcept { return phase != lifecycle::Instance::suspended && !halted && !continuing; }
    [[nodiscard]] bool exists() const noexcept { return static_cast<bool>(key); }
    [[nodiscard]] bool ended() const noexcept {
        return phase == lifecycle::Instance::completed || phase == lifecycle::Instance::cancelled || phase == lifecycle::Instance::failed;
    }
    [[nodiscard]] const ElementInstance* find(ElementKey k) const noexcept {
        const auto it = elements.find(k);
        return it == elements.end() ? nullptr : &it->second;
    }
    [[nodiscard]] const ElementInstance& at(ElementKey k) const { return elements.at(k); }
    [[nodiscard]] const Scope& scope(ElementKey k) const { return *elements.at(k).content; }
};

}  // namespace kontor::core
