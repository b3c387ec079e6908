// Keeps the applications true: listings first, then every event. A cursor goes on where a connection broke, so nothing is missed; a listing
// after each new connection makes sure of it, even if the server comes back with another store.
import { eventsOfInterest, wantedVariables } from "./applications.js";

const readAtOnce = 100;
const pauses = [500, 1000, 2000, 5000];

export class Live {
  /** `onState("connecting" | "live" | "away")`; `onChange(keys)` not more often than the page can be drawn. */
  constructor(applications, server, { onState, onChange, pace = 200 }) {
    Object.assign(this, { applications, server, onState, onChange, pace });
    this.cursor = "";
    this.failures = 0;
    this.changed = new Set();
  }

  start() {
    this.#connect();
    // A machine that slept, or a network that came back, need not wait for the next try.
    addEventListener("online", () => this.#retryNow());
    document.addEventListener("visibilitychange", () => document.hidden || this.#retryNow());
  }

  #connect() {
    clearTimeout(this.retry);
    this.retry = undefined;
    this.onState("connecting");
    /** Events wait here until the listings beside them are in. */
    this.waiting = [];
    const source = new EventSource(this.cursor ? `/v2/events?after=${encodeURIComponent(this.cursor)}` : "/v2/events");
    this.source = source;
    source.onopen = () => this.#list(source);
    source.onerror = () => this.#lost(source, source.readyState === EventSource.CLOSED);
    for (const name of eventsOfInterest) source.addEventListener(name, (message) => this.#arrived(source, message));
  }

  #arrived(source, message) {
    if (source !== this.source) return;
    const event = JSON.parse(message.data);
    if (this.waiting) {
      this.waiting.push([event, message.lastEventId]);
      return;
    }
    this.#fold(event, message.lastEventId);
  }

  #fold(event, cursor) {
    this.cursor = cursor;
    const application = this.applications.fold(event);
    if (application) this.#touch(application.key);
  }

  /** `refused`: the server is there and does not take the cursor, or is something else by now. */
  #lost(source, refused) {
    if (source !== this.source) return;
    source.close();
    this.source = undefined;
    if (refused) this.cursor = "";
    this.onState("away");
    const pause = pauses[Math.min(this.failures++, pauses.length - 1)];
    this.retry = setTimeout(() => this.#connect(), pause);
  }

  #retryNow() {
    if (this.retry !== undefined) this.#connect();
  }

  async #list(source) {
    try {
      const { process } = this.applications;
      const instances = await this.server.instances(process);
      const tasks = await this.server.tasks();
      const incidents = await this.server.incidents(process);
      if (source !== this.source) return;
      if (this.#isAnotherStore(instances)) return this.#startAfresh(source);
      for (const item of instances) this.applications.listed(item);
      this.applications.listedTasks(tasks.filter((task) => task.processDefinitionId === process));
      this.applications.listedIncidents(incidents);
      const waiting = this.waiting;
      this.waiting = undefined;
      for (const [event, cursor] of waiting) this.#fold(event, cursor);
      this.failures = 0;
      this.isListed = true;
      this.onState("live");
      this.#touch();
      this.#readOn();
    } catch (error) {
      this.#lost(source, false);
      if (!error.isAway) console.error(error);
    }
  }

  #isAnotherStore(instances) {
    if (this.applications.size === 0) return false;
    const there = new Map(instances.map((item) => [item.processInstanceKey, item.businessKey]));
    return [...this.applications.byKey.values()].some((application) => {
      const businessKey = there.get(application.key);
      return businessKey === undefined || (businessKey || application.key) !== application.businessKey;
    });
  }

  #startAfresh(source) {
    source.close();
    this.cursor = "";
    this.applications.clear();
    this.#touch();
    this.#connect();
  }

  /** Reads what listings do not tell, the newest first, a page at a time. */
  async #readOn() {
    if (this.reading) return;
    this.reading = true;
    try {
      for (let keys; (keys = this.applications.notRead(readAtOnce)).length > 0; this.#touch())
        for (const [key, variables] of await this.server.variablesOf(keys, wantedVariables)) this.applications.read(key, variables);
    } catch (error) {
      if (!error.isAway) console.error(error); // away: the next connection goes on
    } finally {
      this.reading = false;
    }
  }

  #touch(key) {
    if (key) this.changed.add(key);
    if (this.drawing !== undefined) return;
    this.drawing = setTimeout(() => {
      this.drawing = undefined;
      const changed = this.changed;
      this.changed = new Set();
      this.onChange(changed);
    }, this.pace);
  }
}
