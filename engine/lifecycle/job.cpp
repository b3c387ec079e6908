#include "lifecycle/machine.hpp"

namespace kontor::lifecycle {
namespace {

using enum Job;
using enum JobTrigger;

// clang-format off
struct Table : boost::mpl::vector<
    Row<created,     call,           calling>,
    Row<backing_off, call,           calling>,
    Row<querying,    call,           calling>,
    Row<incident,    call,           calling>,
    // The call was lost, and its service is idempotent: again, with the same key.
    Row<calling,     call,           calling>,
    Row<created,     defer,          deferred>,
    Row<calling,     defer,          deferred>,
    Row<created,     back_off,       backing_off>,
    Row<calling,     back_off,       backing_off>,
    Row<deferred,    back_off,       backing_off>,
    Row<querying,    back_off,       backing_off>,
    Row<calling,     query,          querying>,
    Row<deferred,    query,          querying>,
    Row<created,     raise_incident, incident>,
    Row<calling,     raise_incident, incident>,
    Row<deferred,    raise_incident, incident>,
    Row<querying,    raise_incident, incident>,
    Row<backing_off, raise_incident, incident>,
    Row<incident,    resolve,        created>,
    // An answer may come late, from any state that is not the end.
    Row<created,     complete,       completed>,
    Row<calling,     complete,       completed>,
    Row<deferred,    complete,       completed>,
    Row<querying,    complete,       completed>,
    Row<backing_off, complete,       completed>,
    Row<incident,    complete,       completed>,
    Row<created,     fail,           failed>,
    Row<calling,     fail,           failed>,
    Row<deferred,    fail,           failed>,
    Row<querying,    fail,           failed>,
    Row<backing_off, fail,           failed>,
    Row<incident,    fail,           failed>,
    Row<created,     cancel,         cancelled>,
    Row<calling,     cancel,         cancelled>,
    Row<deferred,    cancel,         cancelled>,
    Row<querying,    cancel,         cancelled>,
    Row<backing_off, cancel,         cancelled>,
    Row<incident,    cancel,         cancelled>> {};
// clang-format on

}  // namespace

// Not in the unnamed namespace: the machine finds these by the type of their argument.
static constexpr std::string_view name(Job value) {
    switch (value) {
        case created: return "created";
        case calling: return "calling";
        case deferred: return "deferred";
        case backing_off: return "backing-off";
        case querying: return "querying";
        case incident: return "incident";
        case completed: return "completed";
        case failed: return "failed";
        case cancelled: return "cancelled";
    }
    return {};
}

static constexpr std::string_view name(JobTrigger value) {
    switch (value) {
        case call: return "call";
        case defer: return "defer";
        case back_off: return "back-off";
        case query: return "query";
        case raise_incident: return "raise-incident";
        case resolve: return "resolve";
        case complete: return "complete";
        case fail: return "fail";
        case cancel: return "cancel";
    }
    return {};
}

std::optional<Job> next(Job state, JobTrigger trigger) { return Machine<Table, Job, JobTrigger>::step(state, trigger); }

std::string_view to_string(Job state) noexcept { return name(state); }
std::string_view to_string(JobTrigger trigger) noexcept { return name(trigger); }

}  // namespace kontor::lifecycle
