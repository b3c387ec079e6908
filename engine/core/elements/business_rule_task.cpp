#include "core/elements/behaviour.hpp"
#include "core/expressions.hpp"

#include "dmn/decision_table.hpp"

namespace kontor::core {
namespace {

std::vector<std::uint32_t> rule_numbers(const std::vector<std::size_t>& rules) { return {rules.begin(), rules.end()}; }

}  // namespace

// BPMN 2.0, 13.3.3: the decision is taken on activation. Which rules matched stands in the journal.
void activate(Here here, const model::BusinessRuleTask& task) {
    Deciding& d = here.deciding;
    auto input = input_of(here);
    if (!input) return;
    const auto table = d.definition.decisions.find(task.decision);
    if (table == d.definition.decisions.end())
        return d.raise(here.key, IncidentKind::decision, "decision " + task.decision + " is not deployed with the process");
    dmn::DecisionResult decided = dmn::evaluate(*table->second, *input, d.situation);
    if (decided.exhausted) decided.error = "it takes too long or makes too large a value";
    if (decided.error) return d.raise(here.key, IncidentKind::decision, "decision " + task.decision + ": " + *decided.error);
    d.emit(DecisionEvaluated{here.key, task.decision, std::move(*input), rule_numbers(decided.matched_rules), std::move(decided.value)});
}

}  // namespace kontor::core
