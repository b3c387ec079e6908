#include "lifecycle/machine.hpp"

namespace kontor::lifecycle {
namespace {

using enum Instance;
using enum InstanceTrigger;

// clang-format off
struct Table : boost::mpl::vector<
    // A suspended instance can only be resumed or cancelled.
    Row<running,    suspend,           suspended>,
    Row<suspended,  resume,            running>,
    Row<running,    cancel,            cancelling>,
    Row<suspended,  cancel,            cancelling>,
    Row<running,    complete,          completed>,
    Row<running,    fail,              failed>,
    Row<cancelling, finish_cancelling, cancelled>> {};
// clang-format on

}  // namespace

// Not in the unnamed namespace: the machine finds these by the type of their argument.
static constexpr std::string_view name(Instance value) {
    switch (value) {
        case running: return "running";
        case suspended: return "suspended";
        case cancelling: return "cancelling";
        case completed: return "completed";
        case cancelled: return "cancelled";
        case failed: return "failed";
    }
    return {};
}

static constexpr std::string_view name(InstanceTrigger value) {
    switch (value) {
        case suspend: return "suspend";
        case resume: return "resume";
        case cancel: return "cancel";
        case complete: return "complete";
        case finish_cancelling: return "finish-cancelling";
        case fail: return "fail";
    }
    return {};
}

std::optional<Instance> next(Instance state, InstanceTrigger trigger) { return Machine<Table, Instance, InstanceTrigger>::step(state, trigger); }

std::string_view to_string(Instance state) noexcept { return name(state); }
std::string_view to_string(InstanceTrigger trigger) noexcept { return name(trigger); }

}  // namespace kontor::lifecycle
