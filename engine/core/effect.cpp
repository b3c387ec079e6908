#include "core/effect.hpp"

namespace kontor::core {
namespace {

using lifecycle::Job;

Effect opening(WaitKey key, const Wait& wait) {
    if (const auto* timer = std::get_if<Wait::Timer>(&wait.what)) return ScheduleTimer{key, timer->due};
    const auto& subscription = std::get<Wait::Subscription>(wait.what);
    return OpenSubscription{key, subscription.message, subscription.correlation_key};
}

/// Which effects an event has. One overload per event that has any.
class Effects {
public:
    Effects(const model::Process& process, const State& before, std::vector<Effect>& out) : process_{process}, state_{before}, out_{out} {}

    void operator()(const JobCreated& e) { call(e.key, 1); }
    void operator()(const JobAttemptStarted& e) { out_.push_back(CallService{e.key, state_.at(e.key).job->attempt}); }
    void operator()(const JobRetried& e) { call(e.key, e.attempt); }
    void operator()(const JobQueried& e) { out_.push_back(QueryService{e.key}); }
    void operator()(const JobBackedOff& e) { out_.push_back(WakeJob{e.key, e.due}); }
    void operator()(const JobDeferred& e) { out_.push_back(WakeJob{e.key, e.until}); }

    void operator()(const TaskCreated& e) { out_.push_back(OfferTask{e.key}); }
    void operator()(const TaskAssigned& e) { out_.push_back(OfferTask{e.key}); }
    void operator()(const TaskCompleted& e) { out_.push_back(WithdrawTask{e.key}); }

    void operator()(const TimerScheduled& e) { out_.push_back(ScheduleTimer{e.wait, e.due}); }
    void operator()(const TimerFired& e) {
        if (e.next_due) out_.push_back(ScheduleTimer{e.wait, *e.next_due});
        else out_.push_back(CancelTimer{e.wait});
    }
    void operator()(const SubscriptionOpened& e) { out_.push_back(OpenSubscription{e.wait, e.message, e.correlation_key}); }
    void operator()(const MessageCorrelated& e) {
        if (!e.keeps_waiting) out_.push_back(CloseSubscription{e.wait});
    }

    void operator()(const ElementCompleted& e) { leave(e.key); }
    void operator()(const ElementTerminating& e) {
        close_waits(state_.at(e.key));
        withdraw(state_.at(e.key));
        clear_scope_incident(state_.at(e.key));
    }
    void operator()(const ElementTerminated& e) {
        leave(e.key);
        const auto& job = state_.at(e.key).job;
        if (job && (job->state == Job::calling || job->state == Job::deferred || job->state == Job::querying)) out_.push_back(CancelCall{e.key});
    }
    void operator()(const ScopeInterrupted& e) {
        for (const WaitKey wait : state_.at(e.scope).waits)
            if (std::holds_alternative<model::StartEvent>(process_[state_.waits.at(wait).element].kind)) close(wait);
        clear_scope_incident(state_.at(e.scope));
    }

    void operator()(const IncidentRaised& e) { out_.push_back(ReportIncident{e.incident}); }
    void operator()(const IncidentResolved& e) {
        out_.push_back(ClearIncident{e.incident});
        if (halts(state_.incidents.at(e.incident).kind)) ask_again();
    }
    void operator()(const ContinuationRequested& e) {
        if (e.count > 0) out_.push_back(RequestContinuation{});
    }
    void operator()(const InstanceResumed&) { open_waits(); }
    void operator()(const InstanceCompleted&) { end(); }
    void operator()(const InstanceFailed&) { end(); }
    void operator()(const InstanceCancelled&) { end(); }

    void operator()(const InstanceStarted&) {}
    void operator()(const InstanceCancelling&) {}
    void operator()(const InstanceSuspended&) {}
    void operator()(const ElementActivated&) {}
    void operator()(const ElementWaiting&) {}
    void operator()(const TokenArrived&) {}
    void operator()(const ErrorThrown&) {}
    void operator()(const DecisionEvaluated&) {}
    void operator()(const JobCompleted&) {}
    void operator()(const JobSettled&) {}
    void operator()(const ElementTriggered&) {}
    void operator()(const CompensationTriggered&) {}
    void operator()(const CompensationCompleted&) {}

private:
    void call(ElementKey key, std::uint32_t attempt) {
        const model::Call* service = model::service_call(process_[state_.at(key).element].kind);
        if (service->contract == model::Contract::idempotent) out_.push_back(CallService{key, attempt});
        else out_.push_back(PrepareCall{key});
    }
    void close(WaitKey wait) {
        if (std::holds_alternative<Wait::Timer>(state_.waits.at(wait).what)) out_.push_back(CancelTimer{wait});
        else out_.push_back(CloseSubscription{wait});
    }
    /// What happened meanwhile was refused: whoever keeps timers and messages is asked again.
    void open_waits() {
        for (const auto& [key, wait] : state_.waits) out_.push_back(opening(key, wait));
    }
    /// The command that halted the instance is lost. Whatever may have sent it sends it again.
    void ask_again() {
        open_waits();
        for (const auto& [key, instance] : state_.elements) {
            if (!instance.job) continue;
            if (instance.job->state == Job::created) out_.push_back(PrepareCall{key});
            if (instance.job->due) out_.push_back(WakeJob{key, *instance.job->due});
        }
    }
    void close_waits(const ElementInstance& instance) {
        for (const WaitKey wait : instance.waits) close(wait);
    }
    void withdraw(const ElementInstance& instance) {
        const auto& task = instance.task;
        if (task && (task->state == lifecycle::UserTask::created || task->state == lifecycle::UserTask::assigned))
            out_.push_back(WithdrawTask{instance.key});
    }
    void clear_scope_incident(const ElementInstance& instance) {
        if (instance.content && instance.incident) out_.push_back(ClearIncident{instance.incident});
    }
    void leave(ElementKey key) {
        const ElementInstance& instance = state_.at(key);
        close_waits(instance);
        withdraw(instance);
        if (instance.incident) out_.push_back(ClearIncident{instance.incident});
    }
    void end() {
        const ElementInstance& process = state_.at(root_of(state_.key));
        close_waits(process);
        if (process.incident) out_.push_back(ClearIncident{process.incident});
        out_.push_back(ReportEnd{});
    }

    const model::Process& process_;
    const State& state_;
    std::vector<Effect>& out_;
};

void open_job(const ElementInstance& instance, std::vector<Effect>& out) {
    const auto& job = *instance.job;
    switch (job.state) {
        case Job::created: out.push_back(PrepareCall{instance.key}); return;
        case Job::calling: out.push_back(CallService{instance.key, job.attempt}); return;
        case Job::querying: out.push_back(QueryService{instance.key}); return;
        case Job::deferred:
        case Job::backing_off: out.push_back(WakeJob{instance.key, *job.due}); return;
        case Job::incident:
        case Job::completed:
        case Job::failed:
        case Job::cancelled: return;
    }
}

}  // namespace

void effects_of(const model::Process& process, const State& before, const Event& event, std::vector<Effect>& out) {
    std::visit(Effects{process, before, out}, event);
}

std::vector<Effect> open_effects(const State& state) {
    std::vector<Effect> out;
    if (state.ended()) return out;
    for (const auto& [key, instance] : state.elements) {
        if (instance.job) open_job(instance, out);
        if (instance.task && (instance.task->state == lifecycle::UserTask::created || instance.task->state == lifecycle::UserTask::assigned))
            out.push_back(OfferTask{key});
    }
    for (const auto& [key, wait] : state.waits) out.push_back(opening(key, wait));
    for (const auto& [key, incident] : state.incidents) out.push_back(ReportIncident{key});
    if (state.continuing && !state.halted) out.push_back(RequestContinuation{});
    return out;
}

}  // namespace kontor::core
