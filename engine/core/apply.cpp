#include "core/agenda.hpp"
#include "core/compensables.hpp"
#include "core/decide.hpp"

#include <algorithm>
#include <stdexcept>

namespace kontor::core {
namespace {

using lifecycle::Activity;

/// Applies events to one state. One overload per event: an event that is forgotten here does not compile.
class Applier {
public:
    Applier(const model::Process& process, State& state, Instant at) : process_{process}, state_{state}, agenda_{state}, at_{at} {}

    // ---- the instance -----------------------------------------------------------------------------------------------------
    void operator()(const InstanceStarted& e) {
        state_.key = e.key;
        state_.definition = e.definition;
        state_.business_key = e.business_key;
        state_.key_prefix = e.key_prefix;
        state_.started = at_;
        ElementInstance& process = state_.elements[root_of(e.key)];
        process.key = root_of(e.key);
        process.payload = e.payload;
        process.content.emplace().variables = e.variables;
        state_.start_event = e.start_event;
        agenda_.add(process.key);
    }
    void operator()(const InstanceCompleted& e) { end(lifecycle::Instance::completed), state_.end_event = e.end_event; }
    void operator()(const InstanceFailed&) { end(lifecycle::Instance::failed); }
    void operator()(const InstanceCancelled&) { end(lifecycle::Instance::cancelled); }
    void operator()(const InstanceCancelling& e) {
        state_.phase = lifecycle::Instance::cancelling;
        state_.cancelling = e;
    }
    void operator()(const InstanceSuspended&) { state_.phase = lifecycle::Instance::suspended; }
    void operator()(const InstanceResumed&) { state_.phase = lifecycle::Instance::running; }
    void operator()(const ContinuationRequested& e) {
        state_.continuing = e.count > 0;
        state_.continuations = e.count;
        if (state_.continuing) agenda_.rebuild();
    }

    // ---- elements -----------------------------------------------------------------------------------------------------------
    void operator()(const ElementActivated& e) {
        for (const FlowIndex flow : e.flows) e.joined ? take_arrived(e.scope, flow) : agenda_.take_token(e.scope, flow);
        ElementInstance& instance = add(e.key, e.element, e.scope);
        instance.payload = e.payload;
        instance.compensates = e.compensates;
        if (!e.compensates) return;
        if (Compensable* entry = find_compensable(scope(e.scope).compensable, e.compensates)) entry->handler = e.key;
    }
    void operator()(const ElementWaiting& e) {
        ElementInstance& instance = wait_from(e.key);
        if (instance.content && instance.scope) instance.content->variables = e.variables;   // those of the process stand already
    }
    void operator()(const ElementCompleted& e) {
        const ElementInstance& instance = at(e.key);
        const model::Element& element = process_[instance.element];
        write(e.writes);
        Scope& around = scope(instance.scope);
        if (e.compensation)
            around.compensable.push_back({e.key, instance.element, *e.compensation, {}, {}});
        else if (instance.content && !instance.content->compensable.empty())
            around.compensable.push_back({e.key, instance.element, {}, instance.content->compensable, {}});
        if (instance.compensates) erase_compensable(around.compensable, instance.compensates);
        if (std::holds_alternative<model::EndEvent>(element.kind) && ends_the_process(element)) state_.end_event = instance.element;
        for (const FlowIndex flow : e.taken) agenda_.add_token(instance.scope, flow);
        remove(e.key);
    }
    void operator()(const ElementTerminating& e) {
        ElementInstance& instance = at(e.key);
        instance.phase = Activity::terminating;
        close_waits(instance);
        forget_task(instance);
        if (instance.content) interrupt(instance, {});
    }
    void operator()(const ElementTerminated& e) {
        const ElementInstance& instance = at(e.key);
        if (e.keeps_compensation) {
            scope(instance.scope).compensable.push_back({e.key, instance.element, {}, instance.content->compensable, {}});
        }
        remove(e.key);
    }
    void operator()(const TokenArrived& e) {
        agenda_.take_token(e.scope, e.flow);
        scope(e.scope).arrived.push_back(e.flow);
    }
    void operator()(const ScopeInterrupted& e) {
        ElementInstance& instance = at(e.scope);
        if (instance.phase == Activity::ready) instance.phase = Activity::active;   // a process that an incident kept from beginning
        interrupt(instance, e.survivor);
        close_event_subprocesses(instance);
        state_.failing = state_.failing || e.fails;
    }
    void operator()(const ErrorThrown& e) {
        state_.failure = e;
        // One that keeps its incident may have taken effect: that is settled while the error goes its way.
        if (auto& job = at(e.key).job; job && job->state != lifecycle::Job::incident) job->state = lifecycle::Job::failed;
    }
    void operator()(const DecisionEvaluated& e) { done(e.key, e.output); }

    // ---- jobs -----------------------------------------------------------------------------------------------------------------
    void operator()(const JobCreated& e) {
        Job& job = wait_from(e.key).job.emplace();
        job.state = called_at_once(e.key) ? lifecycle::Job::calling : lifecycle::Job::created;
        job.input = e.input;
    }
    void operator()(const JobAttemptStarted& e) { job(e.key).state = lifecycle::Job::calling; }
    void operator()(const JobDeferred& e) { park(e.key, lifecycle::Job::deferred, e.until); }
    void operator()(const JobBackedOff& e) {
        park(e.key, lifecycle::Job::backing_off, e.due);
        if (e.counted) ++job(e.key).failures;
        if (e.lost) job(e.key).in_doubt = true;
    }
    void operator()(const JobRetried& e) {
        Job& j = job(e.key);
        const bool cut_off = j.state == lifecycle::Job::calling;   // nobody knows what became of the attempt before
        j.in_doubt = j.in_doubt || cut_off;
        j.restarts = cut_off ? j.restarts + 1 : 0;
        j.state = called_at_once(e.key) ? lifecycle::Job::calling : lifecycle::Job::created;
        j.attempt = e.attempt;
        j.due.reset();
    }
    void operator()(const JobQueried& e) {
        job(e.key).state = lifecycle::Job::querying;
        job(e.key).due.reset();
    }
    void operator()(const JobCompleted& e) {
        job(e.key).state = lifecycle::Job::completed;
        job(e.key).due.reset();
        done(e.key, e.result);
    }
    void operator()(const JobSettled& e) {
        const ElementInstance& instance = at(e.key);
        job(e.key).state = e.took_effect ? lifecycle::Job::completed : lifecycle::Job::failed;
        if (e.compensation) scope(instance.scope).compensable.push_back({e.key, instance.element, *e.compensation, {}, {}});
    }

    // ---- user tasks -----------------------------------------------------------------------------------------------------------
    void operator()(const TaskCreated& e) {
        UserTask& task = wait_from(e.key).task.emplace();
        task = {lifecycle::UserTask::created, e.assignee, e.due, e.input, at_};
        if (!e.assignee.empty()) task.state = lifecycle::UserTask::assigned;
    }
    void operator()(const TaskAssigned& e) {
        UserTask& task = *at(e.key).task;
        task.assignee = e.assignee;
        task.state = e.assignee.empty() ? lifecycle::UserTask::created : lifecycle::UserTask::assigned;
    }
    void operator()(const TaskCompleted& e) {
        at(e.key).task->state = lifecycle::UserTask::completed;
        state_.completed_by[at(e.key).element].push_back(e.by);
        done(e.key, e.output);
    }

    // ---- waits ----------------------------------------------------------------------------------------------------------------
    void operator()(const TimerScheduled& e) { open(e.wait, {e.owner, e.element, Wait::Timer{e.due, e.repetitions}}); }
    void operator()(const SubscriptionOpened& e) {
        open(e.wait, {e.owner, e.element, Wait::Subscription{e.message, e.correlation_key}});
    }
    void operator()(const TimerFired& e) {
        if (!e.next_due) return close(e.wait);
        auto& timer = std::get<Wait::Timer>(state_.waits.at(e.wait).what);
        timer.due = *e.next_due;
        if (timer.repetitions > 0) --timer.repetitions;
    }
    void operator()(const MessageCorrelated& e) {
        if (!e.keeps_waiting) close(e.wait);
    }
    void operator()(const ElementTriggered& e) {
        at(e.key).chosen = e.chosen;
        done(e.key, e.payload);
    }

    // ---- compensation -----------------------------------------------------------------------------------------------------------
    void operator()(const CompensationTriggered& e) {
        scope(e.scope).compensations.push_back({e.run, e.activity, e.only, e.requester});
        agenda_.add(e.scope);
    }
    void operator()(const CompensationCompleted& e) {
        auto& runs = scope(e.scope).compensations;
        const ElementKey requester = runs.front().requester;
        runs.erase(runs.begin());
        if (ElementInstance* waiting = requester ? find(requester) : nullptr; waiting && waiting->phase == Activity::active)
            done(requester, {});
        agenda_.add(e.scope);
    }

    // ---- incidents --------------------------------------------------------------------------------------------------------------
    void operator()(const IncidentRaised& e) {
        state_.incidents[e.incident] = {lifecycle::Incident::open, e.key, e.kind, e.message, at_};
        ElementInstance& instance = at(e.key);
        instance.incident = e.incident;
        agenda_.remove(e.key);
        if (stops_a_job(instance)) instance.job->due.reset(), instance.job->state = lifecycle::Job::incident;
        if (halts(e.kind)) state_.halted = true, agenda_.rebuild();
    }
    void operator()(const IncidentResolved& e) {
        write(e.writes);
        const Incident incident = state_.incidents.at(e.incident);
        state_.incidents.erase(e.incident);
        ElementInstance& instance = at(incident.element);
        instance.incident = {};
        if (instance.job && instance.job->state == lifecycle::Job::incident) {
            instance.job->state = lifecycle::Job::created;
            instance.job->failures = 0;
        }
        if (halts(incident.kind)) state_.halted = false, state_.continuations = 0;
        agenda_.add(incident.element);
    }

private:
    ElementInstance* find(ElementKey key) {
        const auto it = state_.elements.find(key);
        return it == state_.elements.end() ? nullptr : &it->second;
    }
    ElementInstance& at(ElementKey key) {
        if (ElementInstance* found = find(key)) return *found;
        throw std::logic_error{"event for element instance " + key.str() + ", which does not exist: the journal is damaged"};
    }
    Scope& scope(ElementKey key) {
        if (auto& content = at(key).content) return *content;
        throw std::logic_error{"event for scope " + key.str() + ", which is none: the journal is damaged"};
    }
    Job& job(ElementKey key) {
        if (auto& job = at(key).job) return *job;
        throw std::logic_error{"event for job " + key.str() + ", which does not exist: the journal is damaged"};
    }
    bool called_at_once(ElementKey key) {
        const model::Call* call = model::service_call(process_[at(key).element].kind);
        return call && call->contract == model::Contract::idempotent;
    }
    /// Whether the end event says how the process ended: it stands in the process itself or in an event subprocess that took over
    /// from it. A reminder that ends beside the process says nothing.
    bool ends_the_process(const model::Element& end) const {
        if (end.on_side_flow) return false;
        const model::Element& around = process_[end.scope];
        if (around.index == model::root) return true;
        if (around.scope != model::root || !std::holds_alternative<model::EventSubProcess>(around.kind)) return false;
        const auto& start = process_[process_.scope(around.index).start_events.front()];
        return std::get<model::StartEvent>(start.kind).interrupting;
    }

    ElementInstance& add(ElementKey key, ElementIndex element, ElementKey scope_key) {
        ElementInstance& instance = state_.elements[key];
        instance.key = key;
        instance.element = element;
        instance.scope = scope_key;
        if (model::scope_content(process_[element].kind)) instance.content.emplace();
        scope(scope_key).children.push_back(key);
        agenda_.add(key);
        return instance;
    }
    void remove(ElementKey key) {
        ElementInstance& instance = at(key);
        close_waits(instance);
        if (instance.incident) state_.incidents.erase(instance.incident);
        const ElementKey around = instance.scope;
        agenda_.remove(key);
        state_.elements.erase(key);
        Scope& outer = scope(around);
        outer.children.erase(std::lower_bound(outer.children.begin(), outer.children.end(), key));
        if (outer.children.empty() || outer.interrupted || !outer.compensations.empty()) agenda_.add(around);
    }
    /// Ready becomes active: the instance waits for something outside.
    ElementInstance& wait_from(ElementKey key) {
        ElementInstance& instance = at(key);
        instance.phase = Activity::active;
        instance.payload = {};
        agenda_.remove(key);
        return instance;
    }
    /// The instance's own work is done; its outputs and its leaving come next.
    void done(ElementKey key, const Value& result) {
        ElementInstance& instance = at(key);
        instance.phase = Activity::completing;
        instance.payload = result;
        agenda_.add(key);
    }
    void park(ElementKey key, lifecycle::Job state, Instant due) {
        Job& parked = job(key);
        parked.state = state;
        parked.due = due;
    }
    void drop_incident(ElementInstance& instance) {
        if (halts(state_.incidents.at(instance.incident).kind)) state_.halted = false, state_.continuations = 0;
        state_.incidents.erase(instance.incident);
        instance.incident = {};
    }
    void take_arrived(ElementKey key, FlowIndex flow) {
        auto& arrived = scope(key).arrived;
        if (const auto it = std::find(arrived.begin(), arrived.end(), flow); it != arrived.end()) arrived.erase(it);
    }
    void interrupt(ElementInstance& instance, ElementKey survivor) {
        Scope& content = *instance.content;
        if (instance.incident) drop_incident(instance);   // it no longer matters
        content.interrupted = true;
        content.survivor = survivor;
        content.arrived.clear();
        agenda_.drop_tokens(instance.key);
        agenda_.add(instance.key);
    }
    void write(const std::vector<VariableWrite>& writes) {
        for (const auto& w : writes) scope(w.scope).variables.set(w.name, w.value);
    }
    void open(WaitKey key, Wait wait) {
        at(wait.owner).waits.push_back(key);
        state_.waits.emplace(key, std::move(wait));
    }
    void close(WaitKey key) {
        const auto it = state_.waits.find(key);
        if (it == state_.waits.end()) return;
        std::erase(at(it->second.owner).waits, key);
        state_.waits.erase(it);
    }
    void close_waits(ElementInstance& instance) {
        for (const WaitKey wait : instance.waits) state_.waits.erase(wait);
        instance.waits.clear();
    }
    void close_event_subprocesses(ElementInstance& instance) {
        const auto waits = instance.waits;
        for (const WaitKey wait : waits)
            if (std::holds_alternative<model::StartEvent>(process_[state_.waits.at(wait).element].kind)) close(wait);
    }
    void forget_task(ElementInstance& instance) {
        if (instance.task) instance.task->state = lifecycle::UserTask::cancelled;
    }
    void end(lifecycle::Instance phase) {
        state_.phase = phase;
        ElementInstance& process = at(root_of(state_.key));
        process.phase = phase == lifecycle::Instance::completed ? Activity::completed : Activity::terminated;
        close_waits(process);
        if (process.incident) drop_incident(process);
        process.content->compensable.clear();
        state_.agenda.clear();
    }

    const model::Process& process_;
    State& state_;
    Agenda agenda_;
    Instant at_;
};

}  // namespace

void apply(const model::Process& process, State& state, const Event& event, Instant at) {
    std::visit(Applier{process, state, at}, event);
}

void begin_row(State& state, Instant at) {
    state.last = at;
    ++state.rows;
    state.continuing = false;
}

void end_row(State& state) {
    if (!state.runs_freely()) return;
    state.agenda.clear();   // what is left needs nothing: it was looked at
    state.continuations = 0;
}

void apply(const model::Process& process, State& state, const Record& record) {
    begin_row(state, record.at);
    for (const Event& event : record.events) apply(process, state, event, record.at);
    end_row(state);
}

}  // namespace kontor::core
