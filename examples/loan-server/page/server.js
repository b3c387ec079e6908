// What the page asks the server for: requests with JSON, and problems (RFC 9457) as errors that say what the server said.

export class Problem extends Error {
  constructor(status, title, detail) {
    super(detail || title);
    this.name = "Problem";
    this.status = status;
    this.title = title;
  }
  /** Nobody answered: nothing is known about what was asked. */
  get isAway() {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

const patience = 20_000;

async function ask(method, path, body, headers = {}) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? headers : { "Content-Type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
      cache: "no-store",
    });
  } catch (error) {
    throw new Problem(0, "NO_ANSWER", `The server does not answer (${error.message}).`);
  }
  const text = await response.text();
  if (!response.ok) {
    const told = parsed(text);
    throw new Problem(response.status, told?.title ?? response.statusText, told?.detail ?? `The server answered ${response.status}.`);
  }
  return text ? JSON.parse(text) : undefined;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** All pages of a search. */
async function all(path, filter) {
  const items = [];
  for (let after; ;) {
    const answer = await ask("POST", path, { filter, page: after ? { limit: 1000, after } : { limit: 1000 } });
    items.push(...answer.items);
    after = answer.page.endCursor;
    if (!after) return items;
  }
}

export const server = {
  instances: (process) => all("/v2/process-instances/search", { processDefinitionId: process }),
  tasks: () => all("/v2/user-tasks/search", {}),
  incidents: (process, instance) =>
    all("/v2/incidents/search", instance ? { processInstanceKey: instance } : { processDefinitionId: process }),
  instance: (key) => ask("GET", `/v2/process-instances/${encodeURIComponent(key)}`),
  variables: (key) => ask("GET", `/v2/process-instances/${encodeURIComponent(key)}/variables`),
  taskInput: (key) => ask("GET", `/v2/user-tasks/${encodeURIComponent(key)}/variables`),

  async history(key) {
    const events = [];
    for (let after = ""; ;) {
      const page = await ask("GET", `/v2/process-instances/${encodeURIComponent(key)}/history${after}`);
      events.push(...page.items);
      if (!page.page.endCursor) return events;
      after = `?after=${encodeURIComponent(page.page.endCursor)}`;
    }
  },

  /** Variables of several instances: by key, an object by name. */
  async variablesOf(keys, names) {
    const answer = await ask("POST", "/v2/variables/search", { filter: { processInstanceKey: { $in: keys }, name: { $in: names } } });
    const byKey = new Map(keys.map((key) => [key, {}]));
    for (const item of answer.items) byKey.get(item.processInstanceKey)[item.name] = JSON.parse(item.value);
    return byKey;
  },

  /** The same `id` again is the same application. */
  apply: (process, businessKey, variables, id) =>
    ask("POST", "/v2/process-instances", { processDefinitionId: process, businessKey, variables }, { "Idempotency-Key": id }),

  complete: (task, variables, actor, id) =>
    ask("POST", `/v2/user-tasks/${encodeURIComponent(task)}/completion`, { variables }, { "Kontor-Actor": actor, "Idempotency-Key": id }),
};
