// The open tasks of a role, and the form of one of them.
import { announce, el, keyed, setText } from "./dom.js";
import { dayAndTime, howLong, money, months, number, sentence, stepInWords, valueInWords } from "./words.js";

const most = 25;
const names = { commercial: "anna", risk: "bruno" };
const at = (id) => document.getElementById(id);

export class TasksView {
  constructor(applications, server) {
    this.applications = applications;
    this.server = server;
    this.visible = false;
    this.key = "";
    at("role-form").addEventListener("submit", (submitted) => submitted.preventDefault());
    at("role-form").addEventListener("change", (change) => change.target.name === "role" && this.#roleChanged());
  }

  get role() {
    return new FormData(at("role-form")).get("role");
  }

  show(visible, key) {
    this.visible = visible;
    if (!visible) return;
    const task = this.applications.tasks.get(key);
    if (task && task.role !== this.role && names[task.role]) this.#setRole(task.role);
    if (key !== this.key) this.#open(key);
    this.draw();
  }

  draw() {
    if (!this.visible) return;
    const tasks = this.applications.tasksOf(this.role);
    const words = tasks.length === 1 ? "1 open task" : `${number(tasks.length)} open tasks`;
    setText(
      at("tasks-total"),
      tasks.length === 0
        ? "Nothing to do: no task waits for this role."
        : tasks.length > most
          ? `${words}, the oldest ${most} of them:`
          : words,
    );
    keyed(
      at("task-list"),
      tasks.slice(0, most),
      (task) => task.key,
      makeRow,
      (row, task) => this.#updateRow(row, task),
    );
    if (this.form && !this.sent && !this.applications.tasks.has(this.key)) this.#goneNow();
  }

  /** What could not be read or sent while the server was away is tried again. */
  serverIsBack() {
    if (this.visible && this.key && !this.form) this.#open(this.key);
  }

  #setRole(role) {
    for (const radio of at("role-form").elements.role) radio.checked = radio.value === role;
    this.#nameFor(role);
  }

  #roleChanged() {
    this.#nameFor(this.role);
    location.hash = "#/tasks";
    this.draw();
  }

  /** Anna for commercial and Bruno for risk, unless somebody else has put in a name. */
  #nameFor(role) {
    const clerk = at("clerk");
    if (clerk.value === "" || Object.values(names).includes(clerk.value)) clerk.value = names[role];
  }

  #updateRow({ parts }, task) {
    const application = this.applications.byKey.get(task.instance);
    if (task.key === this.key) parts.link.setAttribute("aria-current", "true");
    else parts.link.removeAttribute("aria-current");
    setText(
      parts.about,
      [application?.amount !== undefined && money(application.amount), application?.purpose && valueInWords("purpose", application.purpose)]
        .filter(Boolean)
        .join(" · "),
    );
    setText(parts.age, `waits ${ageInWords(Date.now() - task.createdAt)}`);
  }

  // ---- one task -------------------------------------------------------------------------------------------------------------

  async #open(key) {
    this.key = key;
    this.form = undefined;
    this.sent = false;
    const node = at("task");
    node.hidden = key === "";
    node.replaceChildren();
    if (!key) return;
    let input;
    try {
      input = await this.server.taskInput(key);
    } catch (error) {
      if (key !== this.key) return;
      const words = error.status === 404 ? "This task is done, or there never was one." : error.message;
      node.replaceChildren(el("a", { class: "back", href: "#/tasks" }, "All tasks"), el("p", { class: "problem", role: "alert" }, words));
      return;
    }
    if (key !== this.key) return;
    this.#makeForm(node, this.applications.tasks.get(key), input);
    this.draw();
  }

  #makeForm(node, task, input) {
    const title = el("h2", { tabindex: "-1" }, task ? stepInWords(task.element) : "Task");
    this.problem = el("p", { class: "problem", role: "alert", hidden: true });
    this.send = el("button", { type: "submit", class: "main" }, "Decide");
    this.form = el(
      "form",
      { class: "decide", novalidate: true, onsubmit: (submitted) => this.#submit(submitted) },
      el("fieldset", { class: "choices" }, el("legend", {}, "Decision"), choice("approve", "Approve"), choice("refuse", "Refuse")),
      el("label", { class: "field" }, el("span", {}, "Comment"), el("textarea", { name: "comment", rows: "3", required: true })),
      this.problem,
      el("div", { class: "actions" }, this.send),
    );
    const back = el("a", { class: "back", href: "#/tasks" }, "All tasks");
    const about =
      task &&
      el(
        "p",
        { class: "facts" },
        el("a", { href: `#/applications/${encodeURIComponent(task.instance)}` }, task.businessKey),
        task.dueAt ? ` · due ${dayAndTime(task.dueAt)}` : "",
      );
    node.replaceChildren(...[back, title, about, known(input), this.form].filter(Boolean));
    // The same decision sent twice is one; another one is not.
    this.requests = new Map();
    title.focus();
  }

  async #submit(submitted) {
    submitted.preventDefault();
    if (this.sent) return;
    const filled = new FormData(this.form);
    const variables = { decision: filled.get("decision"), comment: String(filled.get("comment")).trim() };
    const clerk = at("clerk");
    if (!clerk.checkValidity()) return this.#refuse("Your name may have letters, digits, dot, dash and underscore.", clerk);
    if (!variables.decision) return this.#refuse("Approve or refuse?", this.form.querySelector("input[type=radio]"));
    if (!variables.comment) return this.#refuse("Say why: the applicant's file keeps your comment.", this.form.elements.comment);
    await this.#complete(variables, `${clerk.value}:${this.role}`);
  }

  async #complete(variables, actor) {
    const { key } = this;
    const what = JSON.stringify([actor, variables]);
    if (!this.requests.has(what)) this.requests.set(what, `task-${key}-${[...crypto.getRandomValues(new Uint32Array(3))].join("-")}`);
    this.sent = true;
    this.send.disabled = true;
    this.problem.hidden = true;
    try {
      await this.server.complete(key, variables, actor, this.requests.get(what));
    } catch (error) {
      if (key !== this.key) return;
      this.sent = false;
      this.send.disabled = false;
      return this.#refuse(
        error.isAway ? `${error.message} Nothing is lost: send it again when the server is back, it counts once.` : error.message,
        this.send,
      );
    }
    announce(variables.decision === "approve" ? "Approved." : "Refused.");
    if (key !== this.key) return;
    location.hash = "#/tasks";
    at("tasks-total").setAttribute("tabindex", "-1");
    at("tasks-total").focus({ preventScroll: true });
  }

  #refuse(text, focus) {
    this.problem.hidden = false;
    setText(this.problem, text);
    focus?.focus();
  }

  /** Somebody else was quicker, or the application ended. What has been typed stays. */
  #goneNow() {
    this.send.disabled = true;
    this.#refuse("This task is no longer open: somebody else has decided, or the application has ended.");
  }
}

function makeRow(task) {
  const parts = { about: el("span", { class: "row-about" }), age: el("span", { class: "row-time" }) };
  parts.link = el(
    "a",
    { href: `#/tasks/${encodeURIComponent(task.key)}` },
    el("span", { class: "row-name" }, task.businessKey),
    parts.about,
    parts.age,
  );
  const row = el("li", { "data-key": task.key }, parts.link);
  row.parts = parts;
  return row;
}

/** In whole seconds, then minutes: it is drawn again only when something happens. */
const ageInWords = (milliseconds) => (milliseconds < 60_000 ? "less than a minute" : howLong(Math.floor(milliseconds / 60_000) * 60_000));

const choice = (value, label) => el("label", {}, el("input", { type: "radio", name: "decision", value }), " ", el("span", {}, label));

// ---- what the clerk must know -----------------------------------------------------------------------------------------------

const tellers = {
  amount: (value) => ["Amount", money(value)],
  months: (value) => ["To repay in", months(value)],
  purpose: (value) => ["What for", valueInWords("purpose", value)],
  points: (value) => ["Points", value === null ? "none: the credit bureau did not answer" : `${number(value)} of 91`],
  security: (value) => ["Property", value === null ? "no value known" : `worth ${money(value.amount)}`],
  policy: (value) => ["Policy", value?.reason ?? value?.decision ?? "did not say"],
  commercial: (value) => [
    "Commercial clerk",
    value ? `${value.decision === "approve" ? "approves" : "refuses"}: ${value.comment}` : "has not decided",
  ],
};

/** The input of a task; what is not known here is shown under its own name. */
function known(input) {
  return el(
    "dl",
    { class: "known" },
    ...Object.entries(input).map(([name, value]) => {
      const [label, text] = tellers[name]?.(value) ?? [sentence(name), typeof value === "object" ? JSON.stringify(value) : String(value)];
      return el("div", {}, el("dt", {}, label), el("dd", {}, text));
    }),
  );
}
