// A bucket's effects, performed after the commit; most of them are calls of services.
#include "core/expressions.hpp"
#include "runtime/bucket.hpp"
#include "runtime/requests.hpp"
#include "runtime/service_answers.hpp"

namespace kontor::runtime {
namespace {

constexpr Duration default_timeout = std::chrono::seconds{30};

const model::Call* call_of(const Live& live, core::ElementKey job) {
    const core::ElementInstance* at = live.state.find(job);
    return at && at->job ? model::service_call(live.version->process()[at->element].kind) : nullptr;
}

void append_hex(std::string& out, std::uint64_t number) {
    for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(number >> shift) & 15];
}

/// Spreads near numbers far apart (the finalizer of MurmurHash3).
std::uint64_t mixed(std::uint64_t h) {
    h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdULL;
    h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return h ^ (h >> 33);
}

/// Tells whoever gave the answer what became of it.
std::function<void(OrderResult)> telling(Reply::AfterCommit after_commit) {
    if (!after_commit) return {};
    return [after_commit = std::move(after_commit)](const OrderResult& result) {
        if (const auto* rejection = std::get_if<core::Rejection>(&result)) after_commit(error_of(*rejection));
        else if (const auto* error = std::get_if<Error>(&result)) after_commit(*error);
        else after_commit({});
    };
}

/// W3C Trace Context: one trace for all calls of an instance, one span for each attempt; the same again after a restart.
std::string traceparent(const core::State& state, core::ElementKey job, std::uint32_t attempt) {
    const std::uint64_t store = std::hash<std::string_view>{}(state.key_prefix);
    std::string out = "00-";
    append_hex(out, mixed(store));
    append_hex(out, mixed(store ^ state.key.value));
    out += '-';
    append_hex(out, mixed(store ^ job.value) + attempt);
    out += "-01";
    return out;
}

}  // namespace

/// Index rows were written with the commit, and timers were taken over: what is left is for the world.
struct Bucket::Perform {
    Bucket& bucket;
    InstanceKey key;

    [[nodiscard]] bool calls() const { return !bucket.shell_.records_only; }
    void operator()(const core::PrepareCall& e) const {
        if (calls()) bucket.prepare_call(key, e.job);
    }
    void operator()(const core::CallService& e) const {
        if (calls()) bucket.call(key, e.job, e.attempt);
    }
    void operator()(const core::QueryService& e) const {
        if (calls()) bucket.query(key, e.job);
    }
    void operator()(const core::CancelCall& e) const { bucket.shell_.dispatcher.cancel(core::job_of(e.job)); }
    void operator()(const core::OpenSubscription& e) const {
        const auto owner = message_bucket(e.message, e.correlation_key, bucket.shell_.info.buckets);
        bucket.shell_.bucket(owner).look_for_message(e.message, e.correlation_key);
    }
    void operator()(const core::RequestContinuation&) const { bucket.submit(Order{.instance = key, .command = core::Continue{}}); }
    void operator()(const core::ReportIncident& e) const {
        const auto live = bucket.live_.find(key);
        if (live == bucket.live_.end()) return;
        const auto incident = live->second.state.incidents.find(e.incident);
        if (incident == live->second.state.incidents.end()) return;
        const std::string kind{core::to_string(incident->second.kind)};
        bucket.shell_.meter.add("kontor_incidents_total", 1, {{"kind", kind}});
        bucket.shell_.log(LogLevel::warning, "incident " + e.incident.str() + ": " + kind, key);
    }
    void operator()(const core::ReportEnd&) const {
        const auto live = bucket.live_.find(key);
        if (live == bucket.live_.end()) return;
        bucket.shell_.meter.add("kontor_instances_ended_total", 1,
                                {{"process", live->second.row.process}, {"state", lifecycle::to_string(live->second.row.phase)}});
        bucket.report_end(key, live->second);
    }
    void operator()(const auto&) const {}
};

void Bucket::perform(InstanceKey key, const std::vector<core::Effect>& effects) {
    for (const auto& effect : effects)
        if (!holds_back(key, effect)) std::visit(Perform{*this, key}, effect);
}

/// An attempt is recorded when there is room to make it, not before: one that has begun is one whose outcome may be unknown.
void Bucket::prepare_call(InstanceKey key, core::ElementKey job) {
    const Live* live = at_hand(key);
    if (!live) return once_read(key, [this, key, job] { prepare_call(key, job); });
    const model::Call* service = call_of(*live, job);
    if (!service) return if_void(*live, [this, key, job] { prepare_call(key, job); });
    require_bound(key, service->service);
    shell_.dispatcher.acquire(service->service, [this, key, job, tenure = tenure_](Slot slot) {
        boost::asio::dispatch(strand_, [this, key, job, tenure, slot = std::move(slot)]() mutable {
            if (tenure != tenure_ || holds_back(key, core::PrepareCall{job})) return;
            slots_[job] = std::move(slot);
            submit(Order{.instance = key, .command = core::StartAttempt{job}, .done = [this, job](const OrderResult& result) {
                             if (!std::holds_alternative<Accepted>(result)) slots_.erase(job);
                             if (leaving_) try_to_leave();
                         }});
        });
    });
}

void Bucket::call(InstanceKey key, core::ElementKey job, std::uint32_t attempt) {
    if (auto slot = slots_.extract(job)) return invoke(key, job, attempt, std::move(slot.mapped()), under_way(key, job, attempt));
    const Live* live = at_hand(key);
    if (!live) return once_read(key, [this, key, job, attempt] { call(key, job, attempt); });
    const model::Call* service = call_of(*live, job);
    if (!service) return if_void(*live, [this, key, job, attempt] { call(key, job, attempt); });
    require_bound(key, service->service);
    shell_.dispatcher.acquire(service->service, [this, key, job, attempt, tenure = tenure_](Slot slot) {
        boost::asio::dispatch(strand_, [this, key, job, attempt, tenure, slot = std::move(slot)]() mutable {
            if (tenure != tenure_ || holds_back(key, core::CallService{job, attempt})) return;
            invoke(key, job, attempt, std::move(slot), under_way(key, job, attempt));
        });
    });
}

/// Another node, with other services, may have deployed the process.
void Bucket::require_bound(InstanceKey key, const std::string& service) const {
    if (!shell_.dispatcher.knows(service)) shell_.log(LogLevel::error, "nobody is bound to service " + service + " here: its call waits", key);
}

std::shared_ptr<void> Bucket::under_way(InstanceKey key, core::ElementKey job, std::uint32_t attempt) {
    const Live* live = at_hand(key);
    const model::Call* service = live ? call_of(*live, job) : nullptr;
    calls_[{job, attempt}] = service ? service->contract : model::Contract::unsafe;
    return {nullptr, [this, job, attempt](void*) {
                post([this, job, attempt] {
                    calls_.erase({job, attempt});
                    if (leaving_) try_to_leave();
                });
            }};
}

void Bucket::invoke(InstanceKey key, core::ElementKey job, std::uint32_t attempt, Slot slot, std::shared_ptr<void> under_way, bool is_ours) {
    const auto again = [this, key, job, attempt, slot, under_way] { invoke(key, job, attempt, slot, under_way); };
    // A failed commit may have taken the instance out of memory while the call waited for room.
    const Live* live = at_hand(key);
    if (!live) return once_read(key, again);
    // The step may have been interrupted meanwhile.
    const auto is_wanted = [&] {
        const core::Job& wanted = *live->state.at(job).job;
        return wanted.state == lifecycle::Job::calling && wanted.attempt == attempt;
    };
    if (!call_of(*live, job) || !is_wanted()) return if_void(*live, again);
    // A node that has stood still may have lost the bucket: the fence knows.
    if (!is_ours && shell_.lease_is_over())
        return commit_rows({}, [this, key, job, attempt, slot, under_way](const Result<void>& still_here) {
            if (still_here) invoke(key, job, attempt, slot, under_way, true);
        }, again);
    shell_.dispatcher.invoke(content_of(*live, job), std::move(slot), [this, key, job, attempt, under_way](ports::CallOutcome outcome) {
        auto after_commit = std::move(outcome.after_commit);
        submit(Order{.instance = key, .command = answer_of_call(std::move(outcome), job, attempt), .done = telling(std::move(after_commit))});
    });
}

void Bucket::query(InstanceKey key, core::ElementKey job) {
    const Live* live = at_hand(key);
    if (!live) return once_read(key, [this, key, job] { query(key, job); });
    if (!call_of(*live, job) || live->state.at(job).job->state != lifecycle::Job::querying)
        return if_void(*live, [this, key, job] { query(key, job); });
    shell_.dispatcher.query(content_of(*live, job), [this, key, job](ports::CallOutcome outcome) {
        auto after_commit = std::move(outcome.after_commit);
        submit(Order{.instance = key, .command = answer_of_query(std::move(outcome), job), .done = telling(std::move(after_commit))});
    });
}

ServiceCall::Content Bucket::content_of(const Live& live, core::ElementKey job) const {
    const core::ElementInstance& at = live.state.at(job);
    const model::Process& process = live.version->process();
    const model::Element& element = process[at.element];
    const model::Call& call = *model::service_call(element.kind);
    ServiceCall::Content content;
    content.input = at.job->input;
    content.job = core::job_of(job);
    content.instance = live.state.key;
    content.attempt = static_cast<int>(at.job->attempt);
    content.service = call.service;
    content.element = element.id;
    content.process = process.id;
    content.business_key = live.state.business_key;
    content.idempotency_key = core::idempotency_key(live.state, job);
    content.traceparent = traceparent(live.state, job, at.job->attempt);
    content.deadline = shell_.now() + call.timeout.value_or(default_timeout);
    if (at.compensates) content.compensates = CompensatedCall{core::idempotency_key(live.state, at.compensates), true};
    return content;
}

}  // namespace kontor::runtime
