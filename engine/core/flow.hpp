#pragma once
/// Tokens: entering elements, waiting at joins, leaving.
#include "core/deciding.hpp"

namespace kontor::core {

/// A token arrives at the target of a flow: the element is activated, or the token waits at a join.
void enter(Deciding&, ElementKey scope, FlowIndex flow, Value payload = {});

/// Activates the first inclusive gateway of the scope whose missing tokens can no longer come (BPMN 2.0, 13.4.3).
bool fire_inclusive_join(Deciding&, ElementKey scope);

/// The flows that a token takes out of anything but a gateway: those without a condition and those whose condition is true; the
/// default flow if no condition is. Nothing if an incident was raised.
std::optional<std::vector<FlowIndex>> outgoing_flows(Here, const Variables& locals);

/// Writes the outputs and lets the tokens leave by `taken`.
void complete(Here, std::vector<FlowIndex> taken);
/// The same by the element's own outgoing flows.
void complete(Here);

}  // namespace kontor::core
