#include "core/commands.hpp"
#include "core/errors.hpp"
#include "core/expressions.hpp"
#include "core/backoff.hpp"
#include "core/termination.hpp"

namespace kontor::core {
namespace {

namespace lc = lifecycle;

const Job& open_job(const Deciding& d, ElementKey key) {
    const ElementInstance* instance = d.state.find(key);
    if (!instance || !instance->job) refuse(Code::conflict, "stale-job", "job " + key.str() + " is not open: its step has ended");
    return *instance->job;
}

/// An answer to an attempt that is over says nothing about the one that runs now; 0 is whichever runs.
void refuse_stale(const Job& job, ElementKey key, std::uint32_t attempt) {
    if (attempt != 0 && attempt != job.attempt)
        refuse(Code::conflict, "stale-attempt", "attempt " + std::to_string(attempt) + " of job " + key.str() + " is over");
}

/// Refuses unless the job's lifecycle allows the trigger now.
const Job& require(const Deciding& d, ElementKey key, lc::JobTrigger trigger, std::uint32_t attempt = 0) {
    const Job& job = open_job(d, key);
    refuse_stale(job, key, attempt);
    if (!lc::next(job.state, trigger))
        refuse(Code::conflict, "stale-job", "job " + key.str() + " is " + std::string{lc::to_string(job.state)} + ": it cannot " +
                                                std::string{lc::to_string(trigger)});
    return job;
}

Here here_at(Deciding& d, ElementKey key) { return {d, d.element(d.state.at(key)), key}; }
const model::Call& call_of(const Deciding& d, ElementKey key) { return *model::service_call(d.element(d.state.at(key)).kind); }
bool is_settling(const Deciding& d, ElementKey key) { return d.state.at(key).phase == lc::Activity::terminating; }

/// The service has done its work, and its answer cannot be kept. Where it may be called again that attempt stays in doubt: if the next one
/// fails, the first has still had its effect.
void raise_after_effect(Deciding& d, ElementKey key, IncidentKind kind, std::string message) {
    const bool is_under_way = lc::next(d.state.at(key).job->state, lc::JobTrigger::back_off).has_value();
    if (is_under_way && call_of(d, key).contract == model::Contract::idempotent) d.emit(JobBackedOff{key, d.at, false, message, true});
    d.raise(key, kind, std::move(message));
}

/// Raises an incident for an answer that cannot be kept.
bool is_too_large(Deciding& d, ElementKey key, const Value& result) {
    if (size_of(result) <= largest_value) return false;
    if (d.state.at(key).incident) refuse(Code::bad_input, "too-large", "the answer takes more than " + std::to_string(largest_value) + " bytes");
    raise_after_effect(d, key, IncidentKind::too_large,
            "service " + call_of(d, key).service + " answered with more than " + std::to_string(largest_value) + " bytes");
    return true;
}

/// An attempt failed for good: the next one is planned, or the retry policy's end is reached.
void count_failure(Deciding& d, ElementKey key, const std::string& message, bool lost) {
    const model::RetryPolicy& policy = call_of(d, key).retry;
    const std::uint32_t failures = d.state.at(key).job->failures + 1;
    if (failures < policy.attempts)
        return d.emit(JobBackedOff{key, d.at + backoff(policy, failures, key), true, message, lost});
    const Here here = here_at(d, key);
    const std::string story = "service " + call_of(d, key).service + " failed " + std::to_string(failures) + " times; the last time: " + message;
    const auto give_up = [&] {
        if (lost) d.emit(JobBackedOff{key, d.at, true, message, true});
        d.raise(key, IncidentKind::job_exhausted, story);
    };
    if (!policy.on_exhausted || is_settling(d, key)) return give_up();
    const BpmnError error{*policy.on_exhausted, message, {}};
    const bool must_settle = (lost || d.state.at(key).job->in_doubt) && here.element.compensation_handler;
    if (!must_settle && catch_error_of_job(here, error)) return;
    // An attempt may have taken effect and would have to be undone: whoever catches the error goes on, a person finds that out.
    give_up();
    if (must_settle) catch_error_of_job(here, error);
}

/// A restart cut the attempt off: it is repeated at once, whatever the retry policy says, since the service has failed at nothing. But a call
/// that goes down with the engine each time would keep it going down.
void repeat_after_restart(Deciding& d, ElementKey key) {
    if (d.state.at(key).job->restarts < restarts_in_a_row) return retry(d, key);
    d.emit(JobBackedOff{key, d.at, false, "cut off by a restart", true});   // and may have taken effect
    d.raise(key, IncidentKind::job_exhausted,
            "restarts cut off the call of service " + call_of(d, key).service + " more than " + std::to_string(restarts_in_a_row) +
                " times in a row; does it bring the engine down? Resolve to call it again");
}

void lose(Deciding& d, ElementKey key, const std::string& reason, bool by_restart) {
    switch (call_of(d, key).contract) {
        case model::Contract::idempotent:
            if (by_restart) return repeat_after_restart(d, key);
            return count_failure(d, key, reason, true);
        case model::Contract::queryable: return d.emit(JobQueried{key, reason});
        case model::Contract::unsafe:
            return d.raise(key, IncidentKind::outcome_unknown,
                           "nobody knows whether the call of " + call_of(d, key).service + " took effect (" + reason +
                               "); find out, then resolve with took-effect yes or no");
    }
}

}  // namespace

void retry(Deciding& d, ElementKey key) { d.emit(JobRetried{key, d.state.at(key).job->attempt + 1}); }

void doubt(Deciding& d, ElementKey key, const std::string& reason) {
    if (call_of(d, key).contract == model::Contract::idempotent) return;   // it is repeated with the same key
    const auto state = [&] { return d.state.at(key).job->state; };
    if (state() == lc::Job::incident) {
        using enum IncidentKind;
        const Incident incident = d.state.incidents.at(d.state.at(key).incident);
        if (incident.kind != job_exhausted && incident.kind != job_permanent && incident.kind != unhandled_error) return;
        d.emit(IncidentResolved{d.state.at(key).incident, {}, {}});   // a person may have tried again since
    }
    if (state() == lc::Job::backing_off) retry(d, key);
    if (state() == lc::Job::created) d.emit(JobAttemptStarted{key});
    if (state() == lc::Job::calling) lose(d, key, reason, false);
}

void handle(Deciding& d, const StartAttempt& c) {
    const Job& job = open_job(d, c.job);
    if (job.state != lc::Job::created) refuse(Code::conflict, "stale-job", "job " + c.job.str() + " does not wait for an attempt");
    d.emit(JobAttemptStarted{c.job});
}

void handle(Deciding& d, const CompleteJob& c) { complete_for(d, c, {}); }

void complete_for(Deciding& d, const CompleteJob& c, const std::string& by) {
    require(d, c.job, lc::JobTrigger::complete);
    if (is_settling(d, c.job)) return settle(d, c.job, true, c.result, by);
    if (is_too_large(d, c.job, c.result)) return;
    if (const auto incident = d.state.at(c.job).incident) d.emit(IncidentResolved{incident, by, {}});   // the late answer settles it
    d.emit(JobCompleted{c.job, c.result});
}

void settle_for(Deciding& d, ElementKey job, const std::string& by) {
    require(d, job, lc::JobTrigger::fail);
    settle(d, job, false, {}, by);
}

void handle(Deciding& d, const ReturnError& c) {
    require(d, c.job, lc::JobTrigger::fail, c.attempt);
    if (is_settling(d, c.job)) return settle(d, c.job, false, {});
    if (const auto incident = d.state.at(c.job).incident) d.emit(IncidentResolved{incident, {}, {}});
    if (catch_error_of_job(here_at(d, c.job), {c.code, c.message, c.data})) return;
    d.raise(c.job, IncidentKind::unhandled_error,
            "service " + call_of(d, c.job).service + " returned the error " + c.code + ", which nothing catches" +
                (c.message.empty() ? "" : ": " + c.message));
}

void handle(Deciding& d, const FailJob& c) {
    const Job& job = require(d, c.job, lc::JobTrigger::back_off, c.attempt);
    // That this attempt had no effect says nothing about one that was lost.
    if (is_settling(d, c.job) && !job.in_doubt) return settle(d, c.job, false, {});
    if (c.permanent)
        return d.raise(c.job, IncidentKind::job_permanent, "service " + call_of(d, c.job).service + " cannot do this: " + c.message);
    if (c.retry_after) return d.emit(JobBackedOff{c.job, d.at + *c.retry_after, false, c.message});
    count_failure(d, c.job, c.message, false);
}

void handle(Deciding& d, const LoseCall& c) {
    const Job& job = open_job(d, c.job);
    if (job.state != lc::Job::calling) refuse(Code::conflict, "stale-job", "job " + c.job.str() + " is not being called");
    refuse_stale(job, c.job, c.attempt);
    lose(d, c.job, c.reason, c.by_restart);
}

void handle(Deciding& d, const LoseAnswer& c) {
    require(d, c.job, lc::JobTrigger::complete);
    if (is_settling(d, c.job)) return settle(d, c.job, true, {});
    raise_after_effect(d, c.job, IncidentKind::answer_lost, "service " + call_of(d, c.job).service + " has done its work, but its answer is lost: " + c.why);
}

void handle(Deciding& d, const DeferJob& c) {
    require(d, c.job, lc::JobTrigger::defer, c.attempt);
    d.emit(JobDeferred{c.job, d.at + c.within});
}

void handle(Deciding& d, const ExtendJob& c) {
    const Job& job = open_job(d, c.job);
    if (job.state != lc::Job::deferred) refuse(Code::conflict, "stale-job", "job " + c.job.str() + " has not been deferred");
    d.emit(JobDeferred{c.job, d.at + c.within});
}

void handle(Deciding& d, const WakeUpJob& c) {
    const Job& job = open_job(d, c.job);
    if (job.state != lc::Job::backing_off && job.state != lc::Job::deferred)
        refuse(Code::conflict, "stale-job", "job " + c.job.str() + " waits for no time");
    if (!job.due || *job.due > d.at) refuse(Code::conflict, "not-due", "job " + c.job.str() + " is not due");
    if (job.state == lc::Job::backing_off) return retry(d, c.job);
    // Deferred: whoever was to answer has not. What he did meanwhile, nobody knows.
    lose(d, c.job, "no answer in time", false);
}

void handle(Deciding& d, const AnswerQuery& c) {
    const Job& job = open_job(d, c.job);
    refuse_stale(job, c.job, c.attempt);
    if (job.state != lc::Job::querying) refuse(Code::conflict, "stale-job", "job " + c.job.str() + " has no open query");
    if (!c.took_effect)
        return d.raise(c.job, IncidentKind::outcome_unknown, "service " + call_of(d, c.job).service + " cannot say whether the call took effect");
    if (is_settling(d, c.job)) return settle(d, c.job, *c.took_effect, c.result);
    if (!*c.took_effect) return count_failure(d, c.job, "the call was lost before it took effect", false);
    if (is_too_large(d, c.job, c.result)) return;
    d.emit(JobCompleted{c.job, c.result});
}

}  // namespace kontor::core
