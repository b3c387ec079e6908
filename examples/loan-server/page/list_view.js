// The list of applications, and the counters that filter it. Bounded: however many there are, some hundred are in the document.
import { el, icon, keyed, setText } from "./dom.js";
import { money, number, stateOf, states, stepInWords, timeOfDay, valueInWords } from "./words.js";

const step = 60;
const at = (id) => document.getElementById(id);

export class ListView {
  constructor(applications) {
    this.applications = applications;
    this.state = "";
    this.most = step;
    this.selected = "";
    this.isListed = false;
    this.#makeCounters();
    at("find").addEventListener("input", () => this.#narrow());
    at("more").addEventListener("click", () => this.#showMore());
    at("hold").addEventListener("click", () => this.#hold());
  }

  select(key) {
    this.selected = key;
    for (const [itsKey, row] of at("list").keyedNodes ?? []) mark(row, itsKey === key);
  }

  /** Nothing is said about how many there are before anybody knows. */
  draw(isListed = this.isListed) {
    this.isListed = isListed;
    if (at("applications-view").hidden || !isListed) return;
    this.#drawCounters();
    if (this.heldAt !== undefined) {
      const more = this.applications.size - this.heldAt;
      setText(at("hold"), more > 0 ? `Go on (${number(more)} new)` : "Go on");
      return;
    }
    this.#drawList();
  }

  #makeCounters() {
    this.counters = new Map();
    for (const state of states) {
      const count = el("strong", {}, "0");
      const button = el(
        "button",
        { type: "button", class: "counter", "aria-pressed": "false", "data-state": state.id, onclick: () => this.#filter(state.id) },
        el("span", { class: "counter-label" }, icon(state.icon), state.label),
        count,
      );
      const share = el("span", { "data-state": state.id });
      this.counters.set(state.id, { button, count, share });
      at("counters").append(button);
      at("bar").append(share);
    }
  }

  #filter(state) {
    this.state = this.state === state ? "" : state;
    for (const [id, { button }] of this.counters) button.setAttribute("aria-pressed", String(id === this.state));
    this.#narrow();
  }

  #narrow() {
    this.most = step;
    this.#drawList();
  }

  #showMore() {
    this.most += step;
    this.#drawList();
  }

  /** Rows that move cannot be read, or hit. */
  #hold() {
    const isHeld = this.heldAt === undefined;
    this.heldAt = isHeld ? this.applications.size : undefined;
    at("hold").setAttribute("aria-pressed", String(isHeld));
    setText(at("hold"), isHeld ? "Go on" : "Hold the list");
    if (!isHeld) this.#drawList();
  }

  #drawCounters() {
    const { counts, size, unread } = this.applications;
    for (const [id, { button, count, share }] of this.counters) {
      setText(count, number(counts[id]));
      share.style.flexGrow = counts[id];
      share.hidden = counts[id] === 0;
      if (id === "other") button.hidden = counts.other === 0 && this.state !== "other";
    }
    const words = size === 1 ? "1 application" : `${number(size)} applications`;
    setText(at("total"), unread > 0 ? `${words}; the outcome of ${number(unread)} is being read` : words);
  }

  #drawList() {
    const { found, all } = this.applications.find({ state: this.state, text: at("find").value, most: this.most });
    keyed(
      at("list"),
      found,
      (application) => application.key,
      (application) => this.#makeRow(application),
      updateRow,
    );
    at("more").hidden = all <= found.length;
    setText(at("list-end"), this.#endOf(found.length, all));
  }

  #endOf(shown, all) {
    if (this.applications.size === 0) return "There are no applications yet. Apply for a loan, or send a crowd.";
    if (all === 0) return "No application is like that.";
    return shown < all ? `The newest ${number(shown)} of ${number(all)}.` : "";
  }

  #makeRow(application) {
    const row = el("li", { "data-key": application.key });
    const parts = {
      badge: el("span", { class: "badge" }),
      name: el("span", { class: "row-name" }, application.businessKey),
      about: el("span", { class: "row-about" }),
      step: el("span", { class: "row-step" }),
      time: el("time", { class: "row-time", datetime: new Date(application.startedAt).toISOString() }, timeOfDay(application.startedAt)),
    };
    row.append(
      el(
        "a",
        { href: `#/applications/${encodeURIComponent(application.key)}` },
        parts.badge,
        parts.name,
        parts.about,
        parts.step,
        parts.time,
      ),
    );
    row.parts = parts;
    mark(row, application.key === this.selected);
    return row;
  }
}

function mark(row, isSelected) {
  if (isSelected) row.firstChild.setAttribute("aria-current", "true");
  else row.firstChild.removeAttribute("aria-current");
}

function updateRow({ parts }, application) {
  drawBadge(parts.badge, application.state);
  setText(
    parts.about,
    [application.amount !== undefined && money(application.amount), application.purpose && valueInWords("purpose", application.purpose)]
      .filter(Boolean)
      .join(" · "),
  );
  setText(parts.step, stepOf(application));
}

/** What is most worth knowing: what is wrong, where it is and why there, or who decided and why. */
function stepOf(application) {
  if (application.state === "incident") return [...application.incidents.values()][0]?.message ?? "needs help";
  const reason = application.reason ?? (application.by === "tables" ? application.policy : undefined);
  const parts = application.ended
    ? [deciders[application.by], reason && shownReason(reason)]
    : [
        application.state === "running" ? application.step && stepInWords(application.step) : application.policy,
        triesInWords(application.retries),
      ];
  return parts.filter(Boolean).join(" · ");
}

const triesInWords = (retries) => (retries === 0 ? "" : retries === 1 ? "tried again once" : `tried again ${retries} times`);

/** Who decided: the process says so in `decision.by`. */
export const deciders = {
  tables: "by the tables",
  commercial: "by the commercial clerk",
  risk: "by risk management",
  application: "as not plausible",
};

export const shownReason = (reason) => (reason === "***" ? "reason not shown here" : reason);

/** The state as icon and word. */
export function drawBadge(badge, state) {
  if (badge.dataset.state === state) return;
  const known = stateOf(state) ?? { label: "Ended", icon: "stop" };
  badge.dataset.state = state;
  badge.replaceChildren(icon(known.icon), el("span", {}, known.label));
}
