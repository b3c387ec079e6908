#include "runtime/reading/explain.hpp"

#include "journal/encoding.hpp"

#include <algorithm>

namespace kontor::runtime {
namespace {

constexpr std::size_t rows_at_once = 500;

/// What the state does not keep: when things were made, and why calls failed.
struct Past {
    std::map<std::uint64_t, Instant> rows;                  ///< by sequence number
    std::map<core::ElementKey, std::string> failures;       ///< the last one of each job

    Past(ports::Store& store, InstanceKey key) {
        for (core::Position after;;) {
            const auto page = store.journal(key, after, rows_at_once);
            for (const auto& row : page) note(journal::decode(row.position, row.bytes));
            if (page.size() < rows_at_once) return;
            after = page.back().position;
        }
    }
    template <class AnyKey>
    [[nodiscard]] std::optional<Instant> since(AnyKey key) const {
        const auto it = rows.find(core::created_at(key).sequence);
        return it == rows.end() ? std::nullopt : std::optional{it->second};
    }

private:
    void note(const core::Record& record) {
        rows[record.position.sequence] = record.at;
        for (const auto& event : record.events)
            if (const auto* failed = std::get_if<core::JobBackedOff>(&event)) failures[failed->key] = failed->message;
    }
};

std::string mend_of(core::IncidentKind kind) {
    using enum core::IncidentKind;
    switch (kind) {
        case expression: return "correct the variables that it reads, then retry with --vars; or deploy a corrected version";
        case job_exhausted: return "when the service works again: retry";
        case job_permanent: return "correct what the service refused: retry with --vars; or cancel the instance";
        case outcome_unknown: return "find out whether the call took effect, then retry with --took-effect yes or no";
        case unhandled_error: return "correct the cause and retry; or let the process catch the error in its next version";
        case no_flow: return "correct the variables that its conditions read: retry with --vars";
        case deadlock: return "the process has a fault: cancel the instance";
        case step_budget: return "the process runs in a circle: correct the variables that would end it and retry, or cancel the instance";
        case decision: return "correct the inputs of the decision: retry with --vars";
        case too_large: return "let the service answer with less, then retry";
        case answer_lost: return "the call took effect: retry calls an idempotent service again; of others give the answer with --vars";
        case restored: return "find out what it did after the backup, correct its variables with --vars or cancel it, else retry: it goes on from here";
        case not_recorded: return "find out why from the message and the engine's log, then retry, with --vars if a value was to blame";
    }
    return {};
}

class Explaining {
public:
    Explaining(const Live& live, const Past& past) : state_{live.state}, process_{live.version->process()}, past_{past} {}

    std::vector<Waiting> all() {
        for (const auto& [key, instance] : state_.elements) element(instance);
        for (const auto& [key, wait] : state_.waits) event(key, wait);
        for (const auto& [key, found] : state_.incidents) incident(key, found);
        return std::move(all_);
    }

private:
    Waiting& add(Waiting::For what, core::ElementIndex where, std::optional<Instant> since) {
        Waiting& made = all_.emplace_back();
        made.what = what;
        made.element = process_[where].id;
        made.since = since;
        return made;
    }

    void element(const core::ElementInstance& instance) {
        if (instance.job) job(instance);
        if (instance.task) task(instance);
        if (!instance.content) return;
        std::vector<core::ElementIndex> joins;
        for (const auto flow : instance.content->arrived) {
            const auto join = process_[flow].target;
            if (std::find(joins.begin(), joins.end(), join) == joins.end()) joins.push_back(join);
        }
        for (const auto join : joins) add(Waiting::For::branches, join, std::nullopt);
    }
    void job(const core::ElementInstance& instance) {
        using lifecycle::Job;
        const core::Job& job = *instance.job;
        const auto what = job.state == Job::created || job.state == Job::calling ? std::optional{Waiting::For::service}
                          : job.state == Job::deferred                           ? std::optional{Waiting::For::answer}
                          : job.state == Job::backing_off                        ? std::optional{Waiting::For::retry}
                          : job.state == Job::querying                           ? std::optional{Waiting::For::query}
                                                                                 : std::nullopt;
        if (!what) return;
        const model::Call& call = *model::service_call(process_[instance.element].kind);
        Waiting& made = add(*what, instance.element, past_.since(instance.key));
        made.service = call.service;
        made.attempt = static_cast<int>(job.attempt) + (job.state == Job::backing_off ? 1 : 0);
        made.attempts = static_cast<int>(call.retry.attempts);
        made.failures = static_cast<int>(job.failures);
        made.until = job.due;
        made.key = instance.key.value;
        if (const auto failure = past_.failures.find(instance.key); failure != past_.failures.end()) made.text = failure->second;
    }
    void task(const core::ElementInstance& instance) {
        if (instance.task->state != lifecycle::UserTask::created && instance.task->state != lifecycle::UserTask::assigned) return;
        Waiting& made = add(Waiting::For::person, instance.element, instance.task->created);
        const auto& declared = std::get<model::UserTask>(process_[instance.element].kind);
        made.key = instance.key.value;
        made.assignee = instance.task->assignee;
        made.candidate_groups = declared.candidate_groups;
        made.candidate_users = declared.candidate_users;
        made.until = instance.task->due;
    }
    void event(core::WaitKey key, const core::Wait& wait) {
        const auto* timer = std::get_if<core::Wait::Timer>(&wait.what);
        Waiting& made = add(timer ? Waiting::For::time : Waiting::For::message, wait.element, past_.since(key));
        const auto& kind = process_[wait.element].kind;
        const core::ElementInstance* owner = state_.find(wait.owner);
        const bool watches = std::holds_alternative<model::BoundaryEvent>(kind) || std::holds_alternative<model::StartEvent>(kind);
        if (watches && owner) made.beside = process_[owner->element].id;
        if (timer) {
            made.until = timer->due;
        } else {
            const auto& subscription = std::get<core::Wait::Subscription>(wait.what);
            made.message = subscription.message;
            made.correlation_key = subscription.correlation_key;
        }
    }
    void incident(IncidentKey key, const core::Incident& found) {
        const core::ElementInstance* at = state_.find(found.element);
        Waiting& made = add(Waiting::For::incident, at ? at->element : model::root, found.raised);
        made.key = key.value;
        made.kind = core::to_string(found.kind);
        made.text = found.message;
        made.mend = mend_of(found.kind);
    }

    const core::State& state_;
    const model::Process& process_;
    const Past& past_;
    std::vector<Waiting> all_;
};

}  // namespace

std::string_view to_string(Waiting::For what) noexcept {
    switch (what) {
        case Waiting::For::service: return "service";
        case Waiting::For::answer: return "answer";
        case Waiting::For::retry: return "retry";
        case Waiting::For::query: return "query";
        case Waiting::For::person: return "person";
        case Waiting::For::message: return "message";
        case Waiting::For::time: return "time";
        case Waiting::For::branches: return "branches";
        case Waiting::For::incident: return "incident";
    }
    return "?";
}

std::vector<Waiting> explain(const Reader& reader, InstanceKey key) {
    const Live live = reader.read(key);
    if (live.state.ended()) return {};
    auto all = Explaining{live, Past{reader.store(), key}}.all();
    // What only watches stands behind what it watches.
    std::stable_sort(all.begin(), all.end(), [](const Waiting& a, const Waiting& b) { return a.beside.empty() > b.beside.empty(); });
    return all;
}

}  // namespace kontor::runtime
