#include "lifecycle/machine.hpp"

namespace kontor::lifecycle {
namespace {

using enum Incident;
using enum IncidentTrigger;

// clang-format off
struct Table : boost::mpl::vector<
    Row<open, resolve,  resolved>,
    Row<open, withdraw, withdrawn>> {};
// clang-format on

}  // namespace

// Not in the unnamed namespace: the machine finds these by the type of their argument.
static constexpr std::string_view name(Incident value) {
    switch (value) {
        case open: return "open";
        case resolved: return "resolved";
        case withdrawn: return "withdrawn";
    }
    return {};
}

static constexpr std::string_view name(IncidentTrigger value) {
    switch (value) {
        case resolve: return "resolve";
        case withdraw: return "withdraw";
    }
    return {};
}

std::optional<Incident> next(Incident state, IncidentTrigger trigger) { return Machine<Table, Incident, IncidentTrigger>::step(state, trigger); }

std::string_view to_string(Incident state) noexcept { return name(state); }
std::string_view to_string(IncidentTrigger trigger) noexcept { return name(trigger); }

}  // namespace kontor::lifecycle
