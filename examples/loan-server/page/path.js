// One application's history as a path: the steps, in the order in which they began. Pure, tested with node.

const silent = new Set(["exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "process"]);

/**
 * `{step, type, began, ended, state, retries: [...], by, assignee, decision, incident, output}` for each element instance; `all` also has gateways.
 * state: "done", "waiting" (for a person, a call or a time), "incident" or "cut off".
 */
export function pathOf(events, { all = false } = {}) {
  const steps = new Map();
  const incidents = new Map();
  for (const event of events) {
    const at = Date.parse(event.at);
    if (event.event === "elementActivated" && event.elementType !== "process")
      steps.set(event.key, { key: event.key, element: event.element, type: event.elementType, began: at, state: "waiting", retries: [] });
    const step = steps.get(event.key);
    if (step) follow(step, event, at);
    if (event.event === "incidentRaised" && step) incidents.set(event.incident, step);
    if (event.event === "incidentResolved" && incidents.has(event.incident)) resolved(incidents.get(event.incident), event);
  }
  return [...steps.values()].filter((step) => all || !silent.has(step.type));
}

function follow(step, event, at) {
  switch (event.event) {
    case "elementCompleted":
      step.ended = at;
      step.state = "done";
      break;
    case "elementTerminated":
      step.ended = at;
      step.state = "cut off";
      break;
    case "jobBackedOff":
      step.retries.push({ at, message: event.message, next: Date.parse(event.due) });
      break;
    case "jobQueried":
      step.asked = event.reason || "the outcome was unknown";
      break;
    case "errorThrown":
      step.error = { code: event.code, message: event.message };
      break;
    case "taskCreated":
      step.due = event.due ? Date.parse(event.due) : undefined;
      break;
    case "taskAssigned":
      step.assignee = event.assignee;
      break;
    case "taskCompleted":
      step.by = event.by;
      step.output = event.output;
      break;
    case "decisionEvaluated":
      step.decision = { name: event.decision, input: event.input, rules: event.matchedRules, output: event.output };
      break;
    case "incidentRaised":
      step.state = "incident";
      step.incident = { key: event.incident, kind: event.kind, message: event.message };
      break;
    default:
  }
}

function resolved(step, event) {
  step.state = "waiting";
  step.resolvedBy = event.by || "somebody";
  step.incident = undefined;
}
