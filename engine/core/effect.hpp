#pragma once
/// Effects: what the engine wishes from the world. Performed only after the events that caused them are durable, and derivable
/// from the state again, so that none can be lost.
#include "core/state.hpp"
#include "model/process.hpp"

#include <variant>
#include <vector>

namespace kontor::core {

/// Record that an attempt begins (command StartAttempt), then call: the service may not simply be called again.
struct PrepareCall {
    ElementKey job;
    friend bool operator==(const PrepareCall&, const PrepareCall&) = default;
};
/// Call the service of the job with its input, now.
struct CallService {
    ElementKey job;
    std::uint32_t attempt = 1;
    friend bool operator==(const CallService&, const CallService&) = default;
};
/// Ask the service what became of the call.
struct QueryService {
    ElementKey job;
    friend bool operator==(const QueryService&, const QueryService&) = default;
};
/// Nobody wants the answer any more; telling the service is a courtesy.
struct CancelCall {
    ElementKey job;
    friend bool operator==(const CancelCall&, const CancelCall&) = default;
};
/// At `due`, send WakeUpJob: the next attempt, or nobody has answered a deferred job.
struct WakeJob {
    ElementKey job;
    Instant due;
    friend bool operator==(const WakeJob&, const WakeJob&) = default;
};
/// At `due`, send FireTimer.
struct ScheduleTimer {
    WaitKey wait;
    Instant due;
    friend bool operator==(const ScheduleTimer&, const ScheduleTimer&) = default;
};
struct CancelTimer {
    WaitKey wait;
    friend bool operator==(const CancelTimer&, const CancelTimer&) = default;
};
/// From now on a message of that name and key is for this wait: send CorrelateMessage.
struct OpenSubscription {
    WaitKey wait;
    std::string message;
    std::string correlation_key;
    friend bool operator==(const OpenSubscription&, const OpenSubscription&) = default;
};
struct CloseSubscription {
    WaitKey wait;
    friend bool operator==(const CloseSubscription&, const CloseSubscription&) = default;
};
/// The user task is new or has another assignee.
struct OfferTask {
    ElementKey task;
    friend bool operator==(const OfferTask&, const OfferTask&) = default;
};
struct WithdrawTask {
    ElementKey task;
    friend bool operator==(const WithdrawTask&, const WithdrawTask&) = default;
};
struct ReportIncident {
    IncidentKey incident;
    friend bool operator==(const ReportIncident&, const ReportIncident&) = default;
};
struct ClearIncident {
    IncidentKey incident;
    friend bool operator==(const ClearIncident&, const ClearIncident&) = default;
};
/// Send Continue.
struct RequestContinuation {
    friend bool operator==(const RequestContinuation&, const RequestContinuation&) = default;
};
struct ReportEnd {
    friend bool operator==(const ReportEnd&, const ReportEnd&) = default;
};

using Effect = std::variant<PrepareCall, CallService, QueryService, CancelCall, WakeJob, ScheduleTimer, CancelTimer, OpenSubscription,
                            CloseSubscription, OfferTask, WithdrawTask, ReportIncident, ClearIncident, RequestContinuation, ReportEnd>;

/// The effects of one event. `before` is the state that it is about to be applied to.
void effects_of(const model::Process&, const State& before, const Event&, std::vector<Effect>& out);

/// Everything that the world should be doing for this instance now: what a recovery performs, and what index tables hold.
std::vector<Effect> open_effects(const State&);

}  // namespace kontor::core
