#include "runtime/bucket/call_desk.hpp"

#include "core/expressions.hpp"
#include "runtime/bucket/bucket.hpp"
#include "runtime/bucket/requests.hpp"
#include "runtime/calls/service_answers.hpp"

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

void CallDesk::prepare(InstanceKey key, core::ElementKey job) {
    const Live* live = bucket_.at_hand(key);
    if (!live) return bucket_.once_read(key, [this, key, job] { prepare(key, job); });
    const model::Call* service = call_of(*live, job);
    if (!service) return bucket_.if_void(*live, [this, key, job] { prepare(key, job); });
    require_bound(key, service->service);
    bucket_.shell().dispatcher.acquire(service->service, [this, key, job, tenure = bucket_.tenure()](Slot slot) {
        bucket_.dispatch([this, key, job, tenure, slot = std::move(slot)]() mutable {
            if (tenure != bucket_.tenure() || bucket_.holds_back(key, core::PrepareCall{job})) return;
            slots_[job] = std::move(slot);
            bucket_.submit(Order{.instance = key, .command = core::StartAttempt{job}, .done = [this, job](const OrderResult& result) {
                             if (!std::holds_alternative<Accepted>(result)) slots_.erase(job);
                             bucket_.calls_have_changed();
                         }});
        });
    });
}

void CallDesk::call(InstanceKey key, core::ElementKey job, std::uint32_t attempt) {
    if (auto slot = slots_.extract(job)) return invoke(key, job, attempt, std::move(slot.mapped()), begin(key, job, attempt));
    const Live* live = bucket_.at_hand(key);
    if (!live) return bucket_.once_read(key, [this, key, job, attempt] { call(key, job, attempt); });
    const model::Call* service = call_of(*live, job);
    if (!service) return bucket_.if_void(*live, [this, key, job, attempt] { call(key, job, attempt); });
    require_bound(key, service->service);
    bucket_.shell().dispatcher.acquire(service->service, [this, key, job, attempt, tenure = bucket_.tenure()](Slot slot) {
        bucket_.dispatch([this, key, job, attempt, tenure, slot = std::move(slot)]() mutable {
            if (tenure != bucket_.tenure() || bucket_.holds_back(key, core::CallService{job, attempt})) return;
            invoke(key, job, attempt, std::move(slot), begin(key, job, attempt));
        });
    });
}

/// Another node, with other services, may have deployed the process.
void CallDesk::require_bound(InstanceKey key, const std::string& service) const {
    if (!bucket_.shell().dispatcher.knows(service)) bucket_.shell().log(LogLevel::error, "nobody is bound to service " + service + " here: its call waits", key);
}

bool CallDesk::has_unsafe() const {
    return !slots_.empty() || std::ranges::any_of(under_way_, [](const auto& call) { return call.second == model::Contract::unsafe; });
}

std::shared_ptr<void> CallDesk::begin(InstanceKey key, core::ElementKey job, std::uint32_t attempt) {
    const Live* live = bucket_.at_hand(key);
    const model::Call* service = live ? call_of(*live, job) : nullptr;
    under_way_[{job, attempt}] = service ? service->contract : model::Contract::unsafe;
    return {nullptr, [this, job, attempt](void*) {
                bucket_.post([this, job, attempt] {
                    under_way_.erase({job, attempt});
                    bucket_.calls_have_changed();
                });
            }};
}

void CallDesk::invoke(InstanceKey key, core::ElementKey job, std::uint32_t attempt, Slot slot, std::shared_ptr<void> under_way, bool is_ours) {
    const auto again = [this, key, job, attempt, slot, under_way] { invoke(key, job, attempt, slot, under_way); };
    // A failed commit may have taken the instance out of memory while the call waited for room.
    const Live* live = bucket_.at_hand(key);
    if (!live) return bucket_.once_read(key, again);
    // The step may have been interrupted meanwhile.
    const auto is_wanted = [&] {
        const core::Job& wanted = *live->state.at(job).job;
        return wanted.state == lifecycle::Job::calling && wanted.attempt == attempt;
    };
    if (!call_of(*live, job) || !is_wanted()) return bucket_.if_void(*live, again);
    // A node that has stood still may have lost the bucket: the fence knows.
    if (!is_ours && bucket_.shell().lease_is_over())
        return bucket_.commit_rows({}, [this, key, job, attempt, slot, under_way](const Result<void>& still_here) {
            if (still_here) invoke(key, job, attempt, slot, under_way, true);
        }, again);
    bucket_.shell().dispatcher.invoke(content_of(*live, job), std::move(slot), [this, key, job, attempt, under_way](ports::CallOutcome outcome) {
        auto after_commit = std::move(outcome.after_commit);
        bucket_.submit(Order{.instance = key, .command = answer_of_call(std::move(outcome), job, attempt), .done = telling(std::move(after_commit))});
    });
}

void CallDesk::query(InstanceKey key, core::ElementKey job) {
    const Live* live = bucket_.at_hand(key);
    if (!live) return bucket_.once_read(key, [this, key, job] { query(key, job); });
    if (!call_of(*live, job) || live->state.at(job).job->state != lifecycle::Job::querying)
        return bucket_.if_void(*live, [this, key, job] { query(key, job); });
    const std::uint32_t attempt = live->state.at(job).job->attempt;
    bucket_.shell().dispatcher.query(content_of(*live, job), [this, key, job, attempt](ports::CallOutcome outcome) {
        auto after_commit = std::move(outcome.after_commit);
        bucket_.submit(Order{.instance = key, .command = answer_of_query(std::move(outcome), job, attempt), .done = telling(std::move(after_commit))});
    });
}

ServiceCall::Content CallDesk::content_of(const Live& live, core::ElementKey job) const {
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
    content.deadline = bucket_.shell().now() + call.timeout.value_or(default_timeout);
    if (at.compensates) content.compensates = CompensatedCall{core::idempotency_key(live.state, at.compensates), true};
    return content;
}

}  // namespace kontor::runtime
