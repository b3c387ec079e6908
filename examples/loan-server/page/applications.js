// The applications as the engine's events tell them. Knows nothing of the page or the network, so node can test it.
// Every event may come twice (after a reconnect, or beside a listing that has it already): folding it again changes nothing.

const roleOfTask = { "commercial-review": "commercial", "risk-review": "risk" };
/** What a listing of instances does not tell and is read beside it. */
export const wantedVariables = ["amount_dm", "purpose", "duration_months", "verdict", "reason", "points", "policy", "decision"];

const quiet = new Set(["exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "process", "boundaryEvent"]);

export class Applications {
  constructor(process) {
    this.process = process;
    this.clear();
  }

  clear() {
    this.byKey = new Map();
    this.newestLast = [];
    this.tasks = new Map();
    this.counts = { running: 0, commercial: 0, risk: 0, incident: 0, granted: 0, refused: 0, other: 0 };
    /** Ended before anybody looked, and their verdict not read yet. */
    this.unread = 0;
  }

  get size() {
    return this.byKey.size;
  }

  /** Folds one event in. Its application if that changed, else null. */
  fold(event) {
    if (event.process !== this.process) return null;
    if (event.event === "instanceStarted") return this.#started(event);
    const application = this.byKey.get(event.instance);
    const change = application && changes[event.event];
    if (!change || application.ended) return null;
    change.call(this, application, event);
    application.changedAt = Math.max(application.changedAt, Date.parse(event.at));
    this.#settle(application);
    return application;
  }

  /** An instance as a listing shows it. What events have told already stays. */
  listed(item) {
    const known = this.byKey.get(item.processInstanceKey);
    const application = known ?? this.#added(item.processInstanceKey, item.businessKey, Date.parse(item.startDate));
    application.changedAt = Math.max(application.changedAt, Date.parse(item.changeDate));
    if (application.ended) return application;
    if (item.detailedState === "completed") this.#ends(application, application.verdict ?? "unread");
    else if (item.state === "TERMINATED") this.#ends(application, "other");
    this.#settle(application);
    return application;
  }

  /** All open tasks, as a listing shows them: others are done. */
  listedTasks(items) {
    const open = new Set(items.map((item) => item.userTaskKey));
    for (const task of [...this.tasks.values()]) if (!open.has(task.key)) this.#taskGone(task.key);
    for (const item of items) this.#taskOpen(item.userTaskKey, item.processInstanceKey, item.elementId, item.creationDate, item.dueDate);
  }

  /** All open incidents, as a listing shows them: others are resolved. */
  listedIncidents(items) {
    for (const application of this.byKey.values()) {
      if (application.incidents.size === 0) continue;
      application.incidents.clear();
      this.#settle(application);
    }
    for (const item of items) {
      const application = this.byKey.get(item.processInstanceKey);
      if (!application || application.ended) continue;
      application.incidents.set(item.incidentKey, { element: item.elementId, kind: item.errorType, message: item.errorMessage });
      this.#settle(application);
    }
  }

  /** Variables that were read beside a listing. */
  read(key, variables) {
    const application = this.byKey.get(key);
    if (!application) return;
    application.isRead = true;
    this.#told(application, variables);
    if (application.state === "unread") this.#ends(application, verdictOf(variables.verdict) ?? "other");
    this.#settle(application);
  }

  /** Keys of those whose variables are not known, the newest first. */
  notRead(most) {
    const keys = [];
    for (let i = this.newestLast.length - 1; i >= 0 && keys.length < most; --i)
      if (!this.newestLast[i].isRead) keys.push(this.newestLast[i].key);
    return keys;
  }

  /** Up to `most`, the newest first, of one state (empty: all) and with a text in number or key (empty: all); and how many there are. */
  find({ state = "", text = "", most = 100 } = {}) {
    const wanted = text.trim().toLowerCase();
    const found = [];
    let all = 0;
    for (let i = this.newestLast.length - 1; i >= 0; --i) {
      const application = this.newestLast[i];
      if (state && application.state !== state) continue;
      if (wanted && !application.businessKey.toLowerCase().includes(wanted) && application.key !== wanted) continue;
      if (all++ < most) found.push(application);
    }
    return { found, all };
  }

  /** Open tasks of a role, the oldest first. */
  tasksOf(role) {
    return [...this.tasks.values()]
      .filter((task) => task.role === role)
      .sort((a, b) => a.createdAt - b.createdAt || compareKeys(a.key, b.key));
  }

  #started(event) {
    const known = this.byKey.get(event.instance);
    // One that a listing showed as ended takes no events any more: all of its variables have to be read, not these alone.
    if (known?.isRead || known?.ended) return null;
    const application = known ?? this.#added(event.instance, event.businessKey, Date.parse(event.at));
    application.isRead = true;
    this.#told(application, event.variables ?? {});
    return application;
  }

  #added(key, businessKey, startedAt) {
    const application = {
      key,
      businessKey: businessKey || key,
      startedAt,
      changedAt: startedAt,
      state: "running",
      step: "",
      ended: false,
      isRead: false,
      amount: undefined,
      purpose: undefined,
      months: undefined,
      points: undefined,
      verdict: undefined,
      reason: undefined,
      policy: undefined,
      by: undefined,
      retries: 0,
      tasks: new Set(),
      incidents: new Map(),
      elements: new Map(),
    };
    this.byKey.set(key, application);
    // Events come almost in the order of starts, so this rarely goes further than one place.
    let place = this.newestLast.length;
    while (place > 0 && isAfter(this.newestLast[place - 1], application)) --place;
    this.newestLast.splice(place, 0, application);
    ++this.counts.running;
    return application;
  }

  #told(application, variables) {
    application.amount = variables.amount_dm ?? application.amount;
    application.purpose = variables.purpose ?? application.purpose;
    application.months = variables.duration_months ?? application.months;
    application.points = variables.points ?? application.points;
    application.verdict = verdictOf(variables.verdict) ?? application.verdict;
    application.reason = variables.reason ?? application.reason;
    application.policy = variables.policy?.reason ?? application.policy;
    application.by = variables.decision?.by ?? application.by;
  }

  written(application, writes) {
    this.#told(application, Object.fromEntries(writes.map((write) => [write.name, write.value])));
  }

  taskCreated(application, event) {
    this.#taskOpen(event.key, application.key, event.element, event.at, event.due);
  }

  /** An element instance is over, and with it its task or incident. */
  elementGone(application, key) {
    this.#taskGone(key);
    application.elements.delete(key);
    for (const [incident, { at }] of application.incidents) if (at === key) application.incidents.delete(incident);
  }

  instanceEnds(application, state) {
    this.#ends(application, state);
  }

  #taskOpen(key, instance, element, createdAt, due) {
    const application = this.byKey.get(instance);
    if (!application || application.ended || this.tasks.has(key)) return;
    this.tasks.set(key, {
      key,
      instance,
      element,
      role: roleOfTask[element] ?? element,
      businessKey: application.businessKey,
      createdAt: Date.parse(createdAt),
      dueAt: due ? Date.parse(due) : undefined,
    });
    application.tasks.add(key);
    this.#settle(application);
  }

  #taskGone(key) {
    const task = this.tasks.get(key);
    if (!task) return;
    this.tasks.delete(key);
    const application = this.byKey.get(task.instance);
    application.tasks.delete(key);
    this.#settle(application);
  }

  #ends(application, state) {
    for (const task of [...application.tasks]) this.#taskGone(task);
    application.incidents.clear();
    application.elements.clear();
    application.ended = true;
    this.#is(application, state);
  }

  #settle(application) {
    if (application.ended) return;
    application.step = this.tasks.get(lastOf(application.tasks))?.element ?? lastOf(application.elements.values()) ?? application.step;
    this.#is(application, this.#stateOf(application));
  }

  #stateOf(application) {
    if (application.incidents.size > 0) return "incident";
    const roles = new Set([...application.tasks].map((key) => this.tasks.get(key)?.role));
    if (roles.has("risk")) return "risk";
    if (roles.has("commercial")) return "commercial";
    return "running";
  }

  #is(application, state) {
    if (application.state === state) return;
    this.#count(application.state, -1);
    this.#count(state, 1);
    application.state = state;
  }

  #count(state, difference) {
    if (state === "unread") this.unread += difference;
    else this.counts[state] += difference;
  }
}

/** What an event does to an application that has not ended. */
const changes = {
  elementActivated(application, event) {
    if (!quiet.has(event.elementType)) application.elements.set(event.key, event.element);
  },
  elementCompleted(application, event) {
    this.written(application, event.writes ?? []);
    if (!quiet.has(event.elementType)) application.step = event.element;
    this.elementGone(application, event.key);
  },
  elementTerminated(application, event) {
    this.elementGone(application, event.key);
  },
  taskCreated(application, event) {
    this.taskCreated(application, event);
  },
  taskCompleted(application, event) {
    this.elementGone(application, event.key);
  },
  jobBackedOff(application) {
    ++application.retries;
  },
  incidentRaised(application, event) {
    application.incidents.set(event.incident, { element: event.element, kind: event.kind, message: event.message, at: event.key });
  },
  incidentResolved(application, event) {
    application.incidents.delete(event.incident);
  },
  instanceCompleted(application, event) {
    application.verdict = application.verdict ?? verdictOf(event.endEvent);
    this.instanceEnds(application, application.verdict ?? "other");
  },
  instanceFailed(application) {
    this.instanceEnds(application, "other");
  },
  instanceCancelled(application) {
    this.instanceEnds(application, "other");
  },
};
/** The events that fold() takes: the others need not be listened to. */
export const eventsOfInterest = ["instanceStarted", ...Object.keys(changes)];

const verdictOf = (value) => (value === "granted" || value === "refused" ? value : undefined);
const lastOf = (values) => [...values].at(-1);
/** Keys are numbers beyond what a double holds. */
const compareKeys = (a, b) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
const isAfter = (a, b) => a.startedAt > b.startedAt || (a.startedAt === b.startedAt && compareKeys(a.key, b.key) > 0);
