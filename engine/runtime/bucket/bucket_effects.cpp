// What a bucket does in the world once a decision is durable.
#include "runtime/bucket/bucket.hpp"

namespace kontor::runtime {

/// Index rows were written with the commit, and timers were taken over: what is left is for the world.
struct Bucket::Perform {
    Bucket& bucket;
    InstanceKey key;

    [[nodiscard]] bool calls() const { return !bucket.shell_.records_only; }
    void operator()(const core::PrepareCall& e) const {
        if (calls()) bucket.calls_.prepare(key, e.job);
    }
    void operator()(const core::CallService& e) const {
        if (calls()) bucket.calls_.call(key, e.job, e.attempt);
    }
    void operator()(const core::QueryService& e) const {
        if (calls()) bucket.calls_.query(key, e.job);
    }
    void operator()(const core::CancelCall& e) const { bucket.shell_.dispatcher.cancel(core::job_of(e.job)); }
    void operator()(const core::OpenSubscription& e) const {
        const auto owner = message_bucket(e.message, e.correlation_key, bucket.shell_.info.buckets);
        bucket.shell_.bucket(owner).look_for_message(e.message, e.correlation_key);
    }
    void operator()(const core::RequestContinuation&) const { bucket.submit(Order{.instance = key, .command = core::Continue{}}); }
    void operator()(const core::ReportIncident& e) const {
        const Live* live = bucket.instances_.find(key);
        if (!live) return;
        const auto incident = live->state.incidents.find(e.incident);
        if (incident == live->state.incidents.end()) return;
        const std::string kind{core::to_string(incident->second.kind)};
        bucket.shell_.meter.add("kontor_incidents_total", 1, {{"kind", kind}});
        bucket.shell_.log(LogLevel::warning, "incident " + e.incident.str() + ": " + kind, key);
    }
    void operator()(const core::ReportEnd&) const {
        const Live* live = bucket.instances_.find(key);
        if (!live) return;
        bucket.shell_.meter.add("kontor_instances_ended_total", 1,
                                {{"process", live->row.process}, {"state", lifecycle::to_string(live->row.phase)}});
        bucket.ends_.report(key, *live);
    }
    void operator()(const auto&) const {}
};

void Bucket::perform(InstanceKey key, const std::vector<core::Effect>& effects) {
    for (const auto& effect : effects)
        if (!holds_back(key, effect)) std::visit(Perform{*this, key}, effect);
}

}  // namespace kontor::runtime
