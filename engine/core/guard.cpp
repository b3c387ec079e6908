#include "core/deciding.hpp"

namespace kontor::core {
namespace {

namespace lc = lifecycle;

/// Asks the machine of whatever an event changes. Events that change no lifecycle are listed too, so a new event has to say where it
/// belongs.
class Guard {
public:
    explicit Guard(const State& state) : state_{state} {}

    void operator()(const InstanceCompleted&) const { instance(lc::InstanceTrigger::complete); }
    void operator()(const InstanceFailed&) const { instance(lc::InstanceTrigger::fail); }
    void operator()(const InstanceCancelling&) const { instance(lc::InstanceTrigger::cancel); }
    void operator()(const InstanceCancelled&) const { instance(lc::InstanceTrigger::finish_cancelling); }
    void operator()(const InstanceSuspended&) const { instance(lc::InstanceTrigger::suspend); }
    void operator()(const InstanceResumed&) const { instance(lc::InstanceTrigger::resume); }

    void operator()(const ElementWaiting& e) const { activity(e.key, lc::ActivityTrigger::activate); }
    void operator()(const ElementCompleted& e) const { activity(e.key, lc::ActivityTrigger::complete); }
    void operator()(const ElementTerminating& e) const { activity(e.key, lc::ActivityTrigger::interrupt); }
    void operator()(const ElementTerminated& e) const { activity(e.key, lc::ActivityTrigger::terminate); }
    void operator()(const ElementTriggered& e) const { activity(e.key, lc::ActivityTrigger::work_done); }
    void operator()(const DecisionEvaluated& e) const { activity(e.key, lc::ActivityTrigger::work_done); }

    void operator()(const JobCreated& e) const { activity(e.key, lc::ActivityTrigger::activate); }
    void operator()(const JobAttemptStarted& e) const { job(e.key, lc::JobTrigger::call); }
    void operator()(const JobDeferred& e) const {
        if (job_state(e.key) != lc::Job::deferred) job(e.key, lc::JobTrigger::defer);   // else it is given more time
    }
    void operator()(const JobBackedOff& e) const { job(e.key, lc::JobTrigger::back_off); }
    void operator()(const JobRetried& e) const { job(e.key, lc::JobTrigger::call); }
    void operator()(const JobQueried& e) const { job(e.key, lc::JobTrigger::query); }
    void operator()(const JobCompleted& e) const {
        job(e.key, lc::JobTrigger::complete);
        activity(e.key, lc::ActivityTrigger::work_done);
    }
    void operator()(const JobSettled& e) const {
        if (e.took_effect && job_state(e.key) == lc::Job::completed) return;   // the answer was there, its step was not over
        job(e.key, e.took_effect ? lc::JobTrigger::complete : lc::JobTrigger::fail);
    }
    void operator()(const ErrorThrown& e) const {
        if (state_.at(e.key).job && job_state(e.key) != lc::Job::incident) job(e.key, lc::JobTrigger::fail);
    }

    void operator()(const TaskCreated& e) const { activity(e.key, lc::ActivityTrigger::activate); }
    void operator()(const TaskAssigned& e) const {
        task(e.key, e.assignee.empty() ? lc::UserTaskTrigger::unassign : lc::UserTaskTrigger::assign);
    }
    void operator()(const TaskCompleted& e) const {
        task(e.key, lc::UserTaskTrigger::complete);
        activity(e.key, lc::ActivityTrigger::work_done);
    }
    void operator()(const IncidentRaised& e) const {
        if (stops_a_job(state_.at(e.key))) job(e.key, lc::JobTrigger::raise_incident);
    }
    void operator()(const IncidentResolved& e) const {
        require(lc::next(state_.incidents.at(e.incident).state, lc::IncidentTrigger::resolve).has_value(), "incident", e.incident.value);
    }
    // These change no lifecycle, or create what they are about.
    void operator()(const InstanceStarted&) const {}
    void operator()(const ContinuationRequested&) const {}
    void operator()(const ElementActivated&) const {}
    void operator()(const TokenArrived&) const {}
    void operator()(const ScopeInterrupted&) const {}
    void operator()(const TimerScheduled&) const {}
    void operator()(const TimerFired&) const {}
    void operator()(const SubscriptionOpened&) const {}
    void operator()(const MessageCorrelated&) const {}
    void operator()(const CompensationTriggered&) const {}
    void operator()(const CompensationCompleted&) const {}

private:
    static void require(bool legal, std::string_view what, std::uint64_t key) {
        if (!legal) throw std::logic_error{"the lifecycle refuses this event for " + std::string{what} + " " + std::to_string(key)};
    }
    void instance(lc::InstanceTrigger trigger) const { require(lc::next(state_.phase, trigger).has_value(), "instance", state_.key.value); }
    void activity(ElementKey key, lc::ActivityTrigger trigger) const {
        require(lc::next(state_.at(key).phase, trigger).has_value(), "element instance", key.value);
    }
    lc::Job job_state(ElementKey key) const { return state_.at(key).job->state; }
    void job(ElementKey key, lc::JobTrigger trigger) const { require(lc::next(job_state(key), trigger).has_value(), "job", key.value); }
    void task(ElementKey key, lc::UserTaskTrigger trigger) const {
        require(lc::next(state_.at(key).task->state, trigger).has_value(), "user task", key.value);
    }

    const State& state_;
};

}  // namespace

void guard(const State& state, const Event& event) { std::visit(Guard{state}, event); }

}  // namespace kontor::core
