#include "lifecycle/machine.hpp"

namespace kontor::lifecycle {
namespace {

using enum UserTask;
using enum UserTaskTrigger;

// clang-format off
struct Table : boost::mpl::vector<
    Row<created,  assign,   assigned>,
    Row<assigned, assign,   assigned>,
    Row<assigned, unassign, created>,
    Row<created,  complete, completed>,
    Row<assigned, complete, completed>,
    Row<created,  cancel,   cancelled>,
    Row<assigned, cancel,   cancelled>> {};
// clang-format on

}  // namespace

// Not in the unnamed namespace: the machine finds these by the type of their argument.
static constexpr std::string_view name(UserTask value) {
    switch (value) {
        case created: return "created";
        case assigned: return "assigned";
        case completed: return "completed";
        case cancelled: return "cancelled";
    }
    return {};
}

static constexpr std::string_view name(UserTaskTrigger value) {
    switch (value) {
        case assign: return "assign";
        case unassign: return "unassign";
        case complete: return "complete";
        case cancel: return "cancel";
    }
    return {};
}

std::optional<UserTask> next(UserTask state, UserTaskTrigger trigger) { return Machine<Table, UserTask, UserTaskTrigger>::step(state, trigger); }

std::string_view to_string(UserTask state) noexcept { return name(state); }
std::string_view to_string(UserTaskTrigger trigger) noexcept { return name(trigger); }

}  // namespace kontor::lifecycle
