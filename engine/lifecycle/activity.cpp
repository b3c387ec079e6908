#include "lifecycle/machine.hpp"

namespace kontor::lifecycle {
namespace {

using enum Activity;
using enum ActivityTrigger;

// clang-format off
struct Table : boost::mpl::vector<
    Row<ready,        activate,            active>,
    Row<ready,        work_done,           completing>,
    Row<active,       work_done,           completing>,
    Row<ready,        complete,            completed>,
    Row<active,       complete,            completed>,
    Row<completing,   complete,            completed>,
    Row<ready,        interrupt,           terminating>,
    Row<active,       interrupt,           terminating>,
    Row<completing,   interrupt,           terminating>,
    Row<ready,        terminate,           terminated>,
    Row<active,       terminate,           terminated>,
    Row<completing,   terminate,           terminated>,
    Row<terminating,  terminate,           terminated>,
    Row<completed,    compensate,          compensating>,
    // A terminated call that turned out to have taken effect is undone too.
    Row<terminated,   compensate,          compensating>,
    Row<compensating, finish_compensating, compensated>> {};
// clang-format on

}  // namespace

// Not in the unnamed namespace: the machine finds these by the type of their argument.
static constexpr std::string_view name(Activity value) {
    switch (value) {
        case ready: return "ready";
        case active: return "active";
        case completing: return "completing";
        case completed: return "completed";
        case terminating: return "terminating";
        case terminated: return "terminated";
        case compensating: return "compensating";
        case compensated: return "compensated";
    }
    return {};
}

static constexpr std::string_view name(ActivityTrigger value) {
    switch (value) {
        case activate: return "activate";
        case work_done: return "work-done";
        case complete: return "complete";
        case interrupt: return "interrupt";
        case terminate: return "terminate";
        case compensate: return "compensate";
        case finish_compensating: return "finish-compensating";
    }
    return {};
}

std::optional<Activity> next(Activity state, ActivityTrigger trigger) { return Machine<Table, Activity, ActivityTrigger>::step(state, trigger); }

std::string_view to_string(Activity state) noexcept { return name(state); }
std::string_view to_string(ActivityTrigger trigger) noexcept { return name(trigger); }

}  // namespace kontor::lifecycle
