// The model of the applications: events and listings in the orders in which they may come.
import assert from "node:assert/strict";
import test from "node:test";
import { Applications, eventsOfInterest } from "../../examples/loan-server/page/applications.js";

const process = "consumer-credit";
let second = 0;
const event = (instance, name, more = {}) => ({
  event: name,
  instance,
  process,
  at: new Date(Date.UTC(2026, 2, 2, 9, 0, second++)).toISOString(),
  ...more,
});

const started = (key, name = `web-${key}`, variables = { amount_dm: 3000, purpose: "furniture" }) =>
  event(key, "instanceStarted", { businessKey: name, variables });
const activated = (key, element, at, elementType = "serviceTask") => event(key, "elementActivated", { element, elementType, key: at });
const completed = (key, element, at, writes = [], elementType = "serviceTask") =>
  event(key, "elementCompleted", { element, elementType, key: at, writes });
const task = (key, element, at) => [
  activated(key, element, at, "userTask"),
  event(key, "taskCreated", { element, key: at, elementType: "userTask" }),
];
const ended = (key, endEvent) => event(key, "instanceCompleted", { endEvent });
const write = (name, value) => ({ scope: "1", name, value });

function folded(...events) {
  const applications = new Applications(process);
  for (const one of events.flat()) applications.fold(one);
  return applications;
}
const listed = (key, detailedState, more = {}) => ({
  processInstanceKey: key,
  businessKey: `web-${key}`,
  detailedState,
  state: { completed: "COMPLETED", cancelled: "TERMINATED", failed: "TERMINATED" }[detailedState] ?? "ACTIVE",
  startDate: "2026-03-02T08:00:00Z",
  changeDate: "2026-03-02T08:00:01Z",
  ...more,
});
const counted = (applications) => Object.fromEntries(Object.entries(applications.counts).filter(([, count]) => count !== 0));

test("an application goes from the start over both reviews to its end", () => {
  const applications = folded(started("7"));
  assert.deepEqual(counted(applications), { running: 1 });
  assert.equal(applications.byKey.get("7").amount, 3000);

  for (const one of task("7", "commercial-review", "70")) applications.fold(one);
  assert.deepEqual(counted(applications), { commercial: 1 });
  assert.deepEqual(
    applications.tasksOf("commercial").map(({ key, businessKey }) => [key, businessKey]),
    [["70", "web-7"]],
  );

  applications.fold(event("7", "taskCompleted", { key: "70", element: "commercial-review", by: "anna" }));
  assert.deepEqual(counted(applications), { running: 1 });
  for (const one of task("7", "risk-review", "71")) applications.fold(one);
  assert.deepEqual(counted(applications), { risk: 1 });

  applications.fold(event("7", "taskCompleted", { key: "71", element: "risk-review", by: "bruno" }));
  applications.fold(completed("7", "refuse", "72", [write("verdict", "refused"), write("reason", "too long")], "scriptTask"));
  applications.fold(ended("7", "refused"));
  assert.deepEqual(counted(applications), { refused: 1 });
  assert.equal(applications.byKey.get("7").reason, "too long");
  assert.equal(applications.tasks.size, 0);
});

test("the same events twice change nothing", () => {
  const story = [
    started("7"),
    ...task("7", "commercial-review", "70"),
    event("7", "taskCompleted", { key: "70" }),
    completed("7", "grant", "72", [write("verdict", "granted")], "scriptTask"),
    ended("7", "granted"),
  ];
  const applications = folded(story, story);
  assert.deepEqual(counted(applications), { granted: 1 });
  assert.equal(applications.size, 1);
  assert.equal(applications.tasks.size, 0);
});

test("events beside a listing that knows more do not turn back time", () => {
  const applications = new Applications(process);
  applications.listed(listed("7", "completed"));
  applications.read("7", { verdict: "granted", amount_dm: 500 });
  for (const one of [started("7"), ...task("7", "commercial-review", "70")]) applications.fold(one);
  assert.deepEqual(counted(applications), { granted: 1 });
  assert.equal(applications.tasks.size, 0);
});

test("a listing without details says so until they are read", () => {
  const applications = new Applications(process);
  for (const key of ["1", "2", "3"]) applications.listed(listed(key, key === "3" ? "cancelled" : "completed"));
  assert.equal(applications.unread, 2);
  assert.deepEqual(applications.notRead(10), ["3", "2", "1"]);
  applications.read("1", { verdict: "granted", amount_dm: 100, reason: null });
  applications.read("2", { verdict: "refused", reason: "no" });
  applications.read("3", {});
  assert.equal(applications.unread, 0);
  assert.deepEqual(counted(applications), { granted: 1, refused: 1, other: 1 });
  assert.deepEqual(applications.notRead(10), []);
});

test("one that ended between the start of the stream and the listing is read, though its start comes as an event too", () => {
  const applications = new Applications(process);
  applications.listed(listed("7", "completed"));
  for (const one of [started("7"), ended("7", "granted")]) applications.fold(one);
  assert.deepEqual(applications.notRead(10), ["7"]);
  applications.read("7", { verdict: "granted" });
  assert.deepEqual(counted(applications), { granted: 1 });
});

test("a listing again, after a reconnect, leaves decided ones alone", () => {
  const applications = folded(started("7"), ended("7", "granted"), started("8"), event("8", "instanceCancelled"));
  applications.listed(listed("7", "completed"));
  applications.listed(listed("8", "cancelled"));
  assert.deepEqual(counted(applications), { granted: 1, other: 1 });
});

test("tasks that a listing no longer has are done; those that are there already stay", () => {
  const applications = folded(started("7"), task("7", "commercial-review", "70"), started("8"), task("8", "risk-review", "80"));
  const item = (key, instance, elementId) => ({
    userTaskKey: key,
    processInstanceKey: instance,
    elementId,
    creationDate: "2026-03-02T09:00:00Z",
  });
  applications.listedTasks([item("80", "8", "risk-review"), item("71", "7", "risk-review")]);
  assert.deepEqual(applications.tasksOf("commercial"), []);
  assert.deepEqual(
    applications
      .tasksOf("risk")
      .map((one) => one.key)
      .sort(),
    ["71", "80"],
  );
  assert.deepEqual(counted(applications), { risk: 2 });
});

test("an incident counts before everything else, and goes when it is resolved or its element ends", () => {
  const raised = event("7", "incidentRaised", {
    incident: "99",
    key: "70",
    element: "record-decision",
    kind: "service",
    message: "no answer",
  });
  const applications = folded(started("7"), activated("7", "record-decision", "70"), raised);
  assert.deepEqual(counted(applications), { incident: 1 });
  applications.fold(event("7", "incidentResolved", { incident: "99", by: "ops" }));
  assert.deepEqual(counted(applications), { running: 1 });
  applications.fold({ ...raised, incident: "100" });
  applications.fold(event("7", "elementTerminated", { key: "70" }));
  assert.deepEqual(counted(applications), { running: 1 });
});

test("incidents of a listing take the place of those that were known", () => {
  const applications = folded(started("7"), started("8"), event("7", "incidentRaised", { incident: "99", key: "70", message: "" }));
  applications.listedIncidents([
    { incidentKey: "98", processInstanceKey: "8", elementId: "check-credit", errorType: "service", errorMessage: "away" },
  ]);
  assert.equal(applications.byKey.get("7").state, "running");
  assert.equal(applications.byKey.get("8").state, "incident");
});

test("the newest stand first, though events of different buckets come in any order", () => {
  const early = started("5"),
    late = started("4"),
    latest = started("6");
  const applications = folded(late, latest, early);
  assert.deepEqual(
    applications.find().found.map((one) => one.key),
    ["6", "4", "5"],
  );
});

test("finding is by state and by a part of the name, bounded and counted", () => {
  const applications = new Applications(process);
  for (let key = 1; key <= 500; ++key) applications.fold(started(String(key), `applicant-${key}`));
  applications.fold(ended("42", "granted"));
  const { found, all } = applications.find({ most: 20 });
  assert.equal(found.length, 20);
  assert.equal(all, 500);
  assert.deepEqual(
    applications.find({ state: "granted" }).found.map((one) => one.key),
    ["42"],
  );
  assert.equal(applications.find({ text: " APPLICANT-49 " }).all, 11); // 49 and 490 to 499
  assert.equal(applications.find({ text: "nobody" }).all, 0);
});

test("attempts that failed are counted, and other processes are not", () => {
  const applications = folded(started("7"), event("7", "jobBackedOff", { key: "70" }), event("7", "jobBackedOff", { key: "70" }), {
    ...started("9"),
    process: "home-loan",
  });
  assert.equal(applications.byKey.get("7").retries, 2);
  assert.equal(applications.size, 1);
});

test("what is folded is what is listened to", () => {
  for (const name of ["instanceStarted", "taskCreated", "incidentRaised", "instanceCompleted"]) assert.ok(eventsOfInterest.includes(name));
  assert.equal(folded(started("7")).fold(event("7", "timerScheduled")), null);
});

test("a thousand applications of 25 events are folded in well under a second", () => {
  const applications = new Applications(process);
  const began = performance.now();
  for (let i = 0; i < 1000; ++i) {
    const key = String(100000 + i);
    applications.fold(started(key));
    for (let step = 0; step < 11; ++step) {
      applications.fold(activated(key, `step-${step}`, `${key}${step}`));
      applications.fold(completed(key, `step-${step}`, `${key}${step}`));
    }
    applications.fold(completed(key, "grant", `${key}x`, [write("verdict", "granted")], "scriptTask"));
    applications.fold(ended(key, "granted"));
  }
  assert.deepEqual(counted(applications), { granted: 1000 });
  assert.ok(performance.now() - began < 5000); // a busy machine is still no reason for more
});
