#include "runtime/instance/rows.hpp"

#include <algorithm>

namespace kontor::runtime {
namespace {

/// Effects, as rows of the index tables. Of what comes and goes within one decision only the end is written.
class Rows {
public:
    Rows(Live& live, ports::Batch& batch) : live_{live}, process_{live.version->process()}, batch_{batch} {}

    void operator()(const core::ScheduleTimer& e) { put(batch_.timers, batch_.timers_gone, {e.wait.value, live_.row.key, false, e.due}); }
    void operator()(const core::CancelTimer& e) { drop(batch_.timers, batch_.timers_gone, e.wait.value); }
    void operator()(const core::WakeJob& e) {
        live_.to_wake.insert(e.job);
        put(batch_.timers, batch_.timers_gone, {e.job.value, live_.row.key, true, e.due});
    }
    void operator()(const core::OpenSubscription& e) {
        put(batch_.subscriptions, batch_.subscriptions_gone, {e.wait, live_.row.key, e.message, e.correlation_key});
    }
    void operator()(const core::CloseSubscription& e) { drop(batch_.subscriptions, batch_.subscriptions_gone, e.wait); }
    void operator()(const core::OfferTask& e) {
        const core::ElementInstance* instance = live_.state.find(e.task);
        if (!instance || !instance->task) return;
        const model::Element& element = process_[instance->element];
        const auto& task = std::get<model::UserTask>(element.kind);
        put(batch_.tasks, batch_.tasks_gone,
            {core::task_of(e.task), live_.row.key, process_.id, element.id, instance->task->assignee, task.candidate_groups,
             task.candidate_users, instance->task->created, instance->task->due});
    }
    void operator()(const core::WithdrawTask& e) { drop(batch_.tasks, batch_.tasks_gone, core::task_of(e.task)); }
    void operator()(const core::ReportIncident& e) {
        const auto it = live_.state.incidents.find(e.incident);
        if (it == live_.state.incidents.end()) return;
        const core::ElementInstance* where = live_.state.find(it->second.element);
        put(batch_.incidents, batch_.incidents_gone,
            {e.incident, live_.row.key, process_.id, where ? process_[where->element].id : std::string{},
             std::string{core::to_string(it->second.kind)}, it->second.message, it->second.raised});
    }
    void operator()(const core::ClearIncident& e) { drop(batch_.incidents, batch_.incidents_gone, e.incident); }
    // Nobody looks these up in a table: they are for the dispatcher and the bucket.
    void operator()(const core::PrepareCall&) {}
    void operator()(const core::CallService&) {}
    void operator()(const core::QueryService&) {}
    void operator()(const core::CancelCall&) {}
    void operator()(const core::RequestContinuation&) {}
    void operator()(const core::ReportEnd&) {}

    /// Jobs that backed off or were deferred, and are no longer.
    void forget_the_woken() {
        std::erase_if(live_.to_wake, [this](core::ElementKey key) {
            const core::ElementInstance* instance = live_.state.find(key);
            if (instance && instance->job && instance->job->due) return false;
            drop(batch_.timers, batch_.timers_gone, key.value);
            return true;
        });
    }

private:
    template <class Row, class Key>
    static void put(std::vector<Row>& rows, std::vector<Key>& gone, Row row) {
        std::erase_if(rows, [&](const Row& r) { return r.key == row.key; });
        std::erase_if(gone, [&](const Key& key) { return key == row.key; });
        rows.push_back(std::move(row));
    }
    template <class Row, class Key>
    static void drop(std::vector<Row>& rows, std::vector<Key>& gone, Key key) {
        std::erase_if(rows, [&](const Row& r) { return r.key == key; });
        if (std::find(gone.begin(), gone.end(), key) == gone.end()) gone.push_back(key);
    }

    Live& live_;
    const model::Process& process_;
    ports::Batch& batch_;
};

}  // namespace

bool is_active(const core::State& state) {
    if (state.ended()) return false;
    if (state.continuing && !state.halted) return true;
    return std::any_of(state.elements.begin(), state.elements.end(), [](const auto& entry) {
        const auto& job = entry.second.job;
        return job && (job->state == lifecycle::Job::created || job->state == lifecycle::Job::calling || job->state == lifecycle::Job::querying);
    });
}

void follow_state(ports::InstanceRow& row, const core::State& state) {
    row.rows = state.rows;
    row.phase = state.phase;
    row.active = is_active(state);
    row.has_incident = !state.incidents.empty();
    row.changed = state.last;
}

std::int32_t period_of(Instant at) {
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at)};
    return (static_cast<int>(day.year()) - 1970) * 12 + static_cast<int>(static_cast<unsigned>(day.month())) - 1;
}

void for_each_instance(ports::Store& store, std::uint32_t bucket, const std::function<void(const ports::InstanceRow&)>& take) {
    constexpr std::size_t at_once = 1'000;
    ports::InstanceFilter filter;
    filter.after = InstanceKey{std::uint64_t{bucket} << 55};
    filter.limit = at_once;
    for (;;) {
        const auto rows = store.instances(filter);
        for (const auto& row : rows) {
            if (core::created_at(row.key).bucket != bucket) return;
            take(row);
        }
        if (rows.size() < at_once) return;
        filter.after = rows.back().key;
    }
}

void derive_rows(Live& live, const std::vector<core::Effect>& effects, ports::Batch& batch) {
    Rows rows{live, batch};
    for (const auto& effect : effects) std::visit(rows, effect);
    rows.forget_the_woken();
    batch.instances.push_back(live.row);
}

}  // namespace kontor::runtime
