// One application: what was decided and why, and the path that it took.
import { el, icon, setText } from "./dom.js";
import { deciders, drawBadge, shownReason } from "./list_view.js";
import { pathOf } from "./path.js";
import { reasonsOf } from "./reasons.js";
import { dayAndTime, howLong, labelOf, money, months, number, questions, stateOf, stepInWords, timeOfDay, valueInWords } from "./words.js";

/** A crowd changes much at once; the one that is looked at is read again this often at most. */
const pace = 400;

export class DetailView {
  constructor(applications, server) {
    this.applications = applications;
    this.server = server;
    this.node = document.getElementById("detail");
    this.key = "";
  }

  show(key) {
    if (key === this.key) return;
    this.key = key;
    this.events = undefined;
    this.node.hidden = key === "";
    this.node.replaceChildren();
    if (!key) return;
    this.#make();
    this.refresh();
    this.node.querySelector("h2").focus({ preventScroll: false });
  }

  changed(keys) {
    if (this.key) this.drawState();
    if (keys.has(this.key)) this.refresh();
  }

  /** Reads the history again, once even if asked often. */
  async refresh() {
    if (!this.key) return;
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = true;
    const { key } = this;
    try {
      const events = await this.server.history(key);
      if (key === this.key) this.#draw(events);
    } catch (error) {
      if (key === this.key && !this.events) this.#failed(error);
    }
    setTimeout(() => {
      this.reading = false;
      if (!this.again) return;
      this.again = false;
      this.refresh();
    }, pace);
    if (key !== this.key) this.again = true;
  }

  #make() {
    this.title = el("h2", { tabindex: "-1" }, this.applications.byKey.get(this.key)?.businessKey ?? `Application ${this.key}`);
    this.badge = el("span", { class: "badge large" });
    this.facts = el("p", { class: "facts" });
    this.body = el("div", { class: "detail-body" }, el("p", { class: "hint" }, "Reading its history ..."));
    this.node.append(
      el("a", { class: "back", href: "#/applications" }, "All applications"),
      el("header", { class: "detail-head" }, this.title, this.badge),
      this.facts,
      this.body,
    );
  }

  #failed(error) {
    this.body.replaceChildren(el("p", { class: "problem", role: "alert" }, error.message));
  }

  #draw(events) {
    if (this.events && events.length === this.events.length) return;
    this.events = events;
    const started = events.find((event) => event.event === "instanceStarted");
    const told = applicationOf(events);
    const reasons = reasonsOf(events);
    const steps = pathOf(events);
    const end = events.find((event) => ["instanceCompleted", "instanceFailed", "instanceCancelled"].includes(event.event));
    setText(this.title, started?.businessKey || `Application ${this.key}`);
    this.drawState();
    setText(this.facts, factsOf(told, started, end));
    const open = this.body.querySelector("details")?.open ?? false;
    this.body.replaceChildren(...[incidentsOf(steps), why(reasons, steps), path(steps), application(told, open)].filter(Boolean));
  }

  drawState() {
    const known = this.applications.byKey.get(this.key);
    if (known) drawBadge(this.badge, known.state);
  }
}

/** What the applicant told: at the start, or in the message that came by post. */
function applicationOf(events) {
  const told = {};
  for (const event of events) {
    if (event.event === "instanceStarted") Object.assign(told, event.variables);
    if (event.event === "elementCompleted" && event.elementType === "startEvent")
      for (const write of event.writes ?? []) told[write.name] = write.value;
  }
  return told;
}

function factsOf(told, started, end) {
  const parts = [
    money(told.amount_dm),
    told.duration_months !== undefined && months(told.duration_months),
    told.purpose && valueInWords("purpose", told.purpose),
  ];
  if (started) {
    const from = Date.parse(started.at);
    parts.push(`received ${dayAndTime(from)}`, end && `done after ${howLong(Date.parse(end.at) - from)}`);
  }
  return parts.filter(Boolean).join(" · ");
}

function incidentsOf(steps) {
  const open = steps.filter((step) => step.incident);
  if (open.length === 0) return null;
  return el(
    "section",
    { class: "incident", "aria-label": "Incident" },
    ...open.map(({ element, incident }) =>
      el(
        "p",
        {},
        icon("warning"),
        el(
          "span",
          {},
          el("strong", {}, `${stepInWords(element)} needs help. `),
          incident.message,
          el("span", { class: "hint" }, ` (${incident.kind}, incident ${incident.key})`),
        ),
      ),
    ),
  );
}

// ---- why --------------------------------------------------------------------------------------------------------------------

function why(reasons, steps) {
  const section = el("section", { class: "why" }, el("h3", {}, reasons.verdict ? "The decision" : "So far"));
  section.append(verdict(reasons, steps));
  if (reasons.points !== undefined) section.append(points(reasons));
  if (reasons.policy) section.append(policy(reasons.policy));
  if (reasons.security) section.append(line("Property", `valued at ${money(reasons.security.amount)}`));
  for (const opinion of reasons.opinions) section.append(quotation(opinion));
  if (reasons.record?.number) section.append(line("In the register", `number ${reasons.record.number}`));
  return section;
}

function verdict({ verdict: word, reason, record }, steps) {
  if (!word) {
    const waits = steps
      .filter((step) => step.state === "waiting" && step.type !== "boundaryEvent")
      .map((step) => stepInWords(step.element));
    return el("p", { class: "verdict" }, waits.length ? `Not decided yet. It is at: ${waits.join(", ")}.` : "Not decided.");
  }
  const by = deciders[record?.by];
  const state = stateOf(word);
  return el(
    "p",
    { class: "verdict", "data-state": word },
    icon(state.icon),
    el("span", {}, el("strong", {}, state.label), by ? ` ${by}` : "", reason ? `: ${shownReason(reason)}` : ""),
  );
}

function points({ points: sum, rows, rules }) {
  const block = el(
    "div",
    { class: "points" },
    el("p", { class: "line" }, el("span", { class: "line-label" }, "Points"), el("strong", {}, number(sum)), " of at most 91"),
  );
  if (!rows) {
    block.append(el("p", { class: "hint" }, `Rows ${rules?.join(", ")} of the scorecard matched.`));
    return block;
  }
  const most = Math.max(...rows.map((row) => row.points), 1);
  block.append(
    el(
      "ul",
      { class: "rows" },
      ...rows.map((row) => {
        const bar = el("span", { class: "row-bar", "aria-hidden": "true" });
        bar.style.inlineSize = `${(row.points / most) * 100}%`;
        return el(
          "li",
          {},
          el("span", {}, row.words),
          el("span", { class: "row-worth" }, `+${row.points}`),
          el("span", { class: "row-track", "aria-hidden": "true" }, bar),
        );
      }),
    ),
  );
  return block;
}

function policy({ decision, reason, secondReview }) {
  const words =
    { accept: "may be granted at once", refuse: "has to be refused", review: secondReview ? "two people decide" : "a person decides" }[
      decision
    ] ?? decision;
  return line("Policy", reason ? `${words}: ${shownReason(reason)}` : words);
}

const line = (label, text) => el("p", { class: "line" }, el("span", { class: "line-label" }, label), el("span", {}, text));

function quotation({ step, who, decision, comment }) {
  const said = { approve: "approved", refuse: "refused" }[decision] ?? decision;
  return el(
    "figure",
    { class: "opinion" },
    el("blockquote", {}, comment ?? ""),
    el("figcaption", {}, el("strong", {}, who || "somebody"), ` ${said}, ${step.toLowerCase()}`),
  );
}

// ---- the path ---------------------------------------------------------------------------------------------------------------

function path(steps) {
  // What did not come to pass, and what only sets a variable, tells nothing that is not told elsewhere.
  const shown = steps.filter(
    (step) => !(step.type === "boundaryEvent" && step.state !== "done") && !(step.type === "scriptTask" && step.state === "done"),
  );
  return el("section", { class: "path" }, el("h3", {}, "The path"), el("ol", {}, ...shown.map(pathStep)));
}

const stepStates = {
  done: ["check", "done"],
  waiting: ["running", "waiting"],
  incident: ["warning", "needs help"],
  "cut off": ["stop", "cut off"],
};

function pathStep(step) {
  const [mark, itsState] = stepStates[step.state];
  const word = step.error ? "ended with an error" : itsState;
  const item = el(
    "li",
    { "data-step": step.state },
    el("span", { class: "mark" }, icon(mark)),
    el(
      "div",
      { class: "path-head" },
      el("span", { class: "path-name" }, stepInWords(step.element)),
      el(
        "span",
        { class: "path-state" },
        step.state === "done" ? "" : word,
        el("span", { class: "for-readers" }, step.state === "done" ? word : ""),
      ),
    ),
    el(
      "p",
      { class: "path-time" },
      el("time", { datetime: new Date(step.began).toISOString() }, timeOfDay(step.began)),
      step.ended !== undefined && step.ended - step.began > 0 ? ` · ${howLong(step.ended - step.began)}` : "",
    ),
  );
  for (const text of notes(step)) item.append(el("p", { class: "path-note" }, text));
  return item;
}

function notes(step) {
  const notes = step.retries.map((retry, i) => `attempt ${i + 1} failed: ${retry.message || "no reason given"}`);
  if (step.asked) notes.push(`asked for the outcome: ${step.asked}`);
  if (step.error) notes.push(shownError(step.error));
  if (step.by) notes.push(`decided by ${step.by}`);
  else if (step.assignee) notes.push(`given to ${step.assignee}`);
  if (step.due && step.state === "waiting") notes.push(`due ${dayAndTime(step.due)}`);
  if (step.incident) notes.push(step.incident.message);
  if (step.resolvedBy) notes.push(`helped by ${step.resolvedBy}`);
  return notes;
}

const shownError = ({ code, message }) => (message && message !== "***" ? `${code}: ${message}` : code);

// ---- what was told ----------------------------------------------------------------------------------------------------------

function application(told, open) {
  const list = el("dl", {});
  for (const { fields } of questions)
    for (const { name } of fields) {
      if (told[name] === undefined) continue;
      const value = name === "amount_dm" ? money(told[name]) : valueInWords(name, told[name]);
      list.append(el("div", {}, el("dt", {}, labelOf(name)), el("dd", {}, value)));
    }
  return el("details", { class: "told", open }, el("summary", {}, "What was applied for"), list);
}
