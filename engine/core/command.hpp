#pragma once
/// Commands: whatever happens to an instance. A command is a request; decide() turns it into events or rejects it.
#include "core/state.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace kontor::core {

struct Actor {
    std::string user;
    std::vector<std::string> groups;
};

struct StartInstance {
    std::string definition;             ///< the deployed version, as events will name it
    std::string business_key;
    Variables variables;
    Actor by;
    std::optional<ElementIndex> start_event;   ///< the message start event that was triggered; nothing: the none start event
    Value payload;                      ///< of that message
};

// ---- jobs ---------------------------------------------------------------------------------------------------------------
struct StartAttempt { ElementKey job; };
struct CompleteJob { ElementKey job; Value result; };
/// The service returned a BPMN error. Here and below, `attempt` is the one that this answers, so that a late or repeated answer is not
/// taken for that of the next attempt; 0: whichever runs now.
struct ReturnError { ElementKey job; std::string code; std::string message; Value data; std::uint32_t attempt = 0; };
/// The call failed and surely had no effect.
struct FailJob {
    ElementKey job;
    std::string message;
    std::optional<Duration> retry_after;   ///< the service said when; uses up no attempt
    bool permanent = false;                ///< trying again cannot help
    std::uint32_t attempt = 0;
};
/// The call may or may not have had an effect: no answer in time, a broken connection, or a restart of the engine.
struct LoseCall { ElementKey job; std::string reason; bool by_restart = false; std::uint32_t attempt = 0; };
/// The call took effect, but its answer could not be decided or recorded.
struct LoseAnswer { ElementKey job; std::string why; };
struct DeferJob { ElementKey job; Duration within; std::uint32_t attempt = 0; };
struct ExtendJob { ElementKey job; Duration within; };
/// The back-off of a job is over, or the time of a deferred one is up.
struct WakeUpJob { ElementKey job; };
/// What a query found out: the call took effect (with its result), it never did, or (nothing) that cannot be known.
struct AnswerQuery { ElementKey job; std::optional<bool> took_effect; Value result; std::uint32_t attempt = 0; };

// ---- waits --------------------------------------------------------------------------------------------------------------
struct FireTimer { WaitKey wait; };
struct CorrelateMessage { WaitKey wait; std::string message_id; Value payload; };

// ---- people -------------------------------------------------------------------------------------------------------------
struct CompleteTask { ElementKey task; Variables output; Actor by; };
struct AssignTask { ElementKey task; std::string assignee; Actor by; };
struct ResolveIncident {
    IncidentKey incident;
    Actor by;
    Variables variables;                ///< corrections, written before trying again
    std::optional<bool> took_effect;    ///< of an unknown outcome: what the person found out
};
struct CancelInstance { Actor by; std::string reason; bool compensate = true; };
struct SuspendInstance { Actor by; std::string reason; };
struct ResumeInstance { Actor by; };

/// Go on with the agenda.
struct Continue {};

/// What some other command led to could not be decided or recorded: the instance does nothing by itself until a person lets it go on.
struct Halt { std::string why; };

/// The store was restored from a backup: calls that are open here may have been made since, and steps behind them done. The instance does
/// nothing by itself until a person lets it go on; open calls that may not simply be repeated are ones whose outcome is unknown.
struct Rewind { std::string why; };

using Command = std::variant<StartInstance, StartAttempt, CompleteJob, ReturnError, FailJob, LoseCall, LoseAnswer, DeferJob, ExtendJob, WakeUpJob,
                             AnswerQuery, FireTimer, CorrelateMessage, CompleteTask, AssignTask, ResolveIncident, CancelInstance,
                             SuspendInstance, ResumeInstance, Continue, Halt, Rewind>;

}  // namespace kontor::core
