#include "core/event.hpp"

namespace kontor::core {

std::string_view to_string(IncidentKind kind) noexcept {
    switch (kind) {
        case IncidentKind::expression: return "expression";
        case IncidentKind::job_exhausted: return "job-exhausted";
        case IncidentKind::job_permanent: return "job-permanent";
        case IncidentKind::outcome_unknown: return "outcome-unknown";
        case IncidentKind::unhandled_error: return "unhandled-error";
        case IncidentKind::no_flow: return "no-flow";
        case IncidentKind::deadlock: return "deadlock";
        case IncidentKind::step_budget: return "step-budget";
        case IncidentKind::decision: return "decision";
        case IncidentKind::too_large: return "too-large";
        case IncidentKind::not_recorded: return "not-recorded";
        case IncidentKind::answer_lost: return "answer-lost";
        case IncidentKind::restored: return "restored";
    }
    return "unknown";
}

}  // namespace kontor::core
