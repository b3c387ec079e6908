// One application's history: its path, and the reasons of its decision.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { pathOf } from "../../examples/loan-server/page/path.js";
import { reasonsOf, scorecard } from "../../examples/loan-server/page/reasons.js";
import { samples } from "../../examples/loan-server/page/samples.js";
import { questions } from "../../examples/loan-server/page/words.js";

const from = (name) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
const at = (seconds) => new Date(Date.UTC(2026, 2, 2, 9, 0, seconds)).toISOString();

const history = [
  { event: "elementActivated", at: at(0), key: "1", element: "check-credit", elementType: "serviceTask" },
  { event: "jobCreated", at: at(0), key: "1", element: "check-credit", elementType: "serviceTask" },
  { event: "jobBackedOff", at: at(1), key: "1", element: "check-credit", due: at(3), message: "503", counted: true },
  {
    event: "elementCompleted",
    at: at(4),
    key: "1",
    element: "check-credit",
    elementType: "serviceTask",
    writes: [{ name: "bureau", value: { unpaid: 0 } }],
  },
  { event: "elementActivated", at: at(4), key: "2", element: "investigated", elementType: "parallelGateway" },
  { event: "elementCompleted", at: at(4), key: "2", element: "investigated", elementType: "parallelGateway" },
  { event: "elementActivated", at: at(4), key: "3", element: "score", elementType: "businessRuleTask" },
  {
    event: "decisionEvaluated",
    at: at(4),
    key: "3",
    element: "score",
    decision: "consumer-scorecard",
    input: {},
    matchedRules: [1, 4, 6, 10, 13, 17],
    output: 36,
  },
  {
    event: "elementCompleted",
    at: at(4),
    key: "3",
    element: "score",
    elementType: "businessRuleTask",
    writes: [{ name: "points", value: 36 }],
  },
  { event: "elementActivated", at: at(5), key: "4", element: "commercial-review", elementType: "userTask" },
  { event: "taskCreated", at: at(5), key: "4", element: "commercial-review", due: at(50) },
  {
    event: "taskCompleted",
    at: at(25),
    key: "4",
    element: "commercial-review",
    by: "anna",
    output: { decision: "approve", comment: "fine" },
  },
  { event: "elementCompleted", at: at(25), key: "4", element: "commercial-review", elementType: "userTask", writes: [] },
  { event: "elementActivated", at: at(25), key: "5", element: "record-decision", elementType: "serviceTask" },
  { event: "incidentRaised", at: at(26), key: "5", incident: "9", element: "record-decision", kind: "service", message: "no answer" },
];

test("a path has the steps with their times, attempts and people, and no gateways unless asked", () => {
  const path = pathOf(history);
  assert.deepEqual(
    path.map((step) => [step.element, step.state]),
    [
      ["check-credit", "done"],
      ["score", "done"],
      ["commercial-review", "done"],
      ["record-decision", "incident"],
    ],
  );
  assert.equal(path[0].ended - path[0].began, 4000);
  assert.deepEqual(
    path[0].retries.map((retry) => retry.message),
    ["503"],
  );
  assert.equal(path[2].by, "anna");
  assert.equal(path[3].incident.message, "no answer");
  assert.equal(pathOf(history, { all: true }).length, 5);
});

test("a resolved incident is open no more, and a step that was cut off says so", () => {
  const path = pathOf([
    ...history,
    { event: "incidentResolved", at: at(30), incident: "9", by: "ops" },
    { event: "elementTerminated", at: at(31), key: "5", element: "record-decision" },
  ]);
  assert.equal(path.at(-1).incident, undefined);
  assert.equal(path.at(-1).resolvedBy, "ops");
  assert.equal(path.at(-1).state, "cut off");
});

test("an incident is resolved although its event names no element", () => {
  const resolved = { event: "incidentResolved", at: at(30), incident: "9", by: "" };
  assert.equal(pathOf([...history, resolved]).at(-1).state, "waiting");
});

test("the points are told row by row, if their sum is right", () => {
  const reasons = reasonsOf(history);
  assert.equal(reasons.points, 36);
  assert.deepEqual(
    reasons.rows.map((row) => row.points),
    [5, 8, 8, 10, 5],
  );
  assert.deepEqual(reasons.opinions, [{ step: "Commercial review", who: "anna", decision: "approve", comment: "fine" }]);
  const other = history.map((event) => (event.decision ? { ...event, output: 37 } : event));
  assert.equal(reasonsOf(other).rows, null);
});

test("the page's words for the scorecard are as many as its rows, with the same points", () => {
  const rows = from("workflows/consumer-credit/consumer-scorecard.decision.yaml")
    .split("\n")
    .filter((line) => /\|\|\s*\d+\s*\|$/.test(line));
  assert.deepEqual(
    scorecard.map(([, points]) => points),
    rows.map((row) => Number(row.match(/\|\|\s*(\d+)\s*\|$/)[1])),
  );
});

test("the form asks for what the process requires, with the values of the data", () => {
  const required = [...from("workflows/consumer-credit/consumer-credit.yaml").matchAll(/^ {2}(\w+):\s+\{ type: \w+, required: true/gm)].map(
    ([, name]) => name,
  );
  const fields = new Map(questions.flatMap((part) => part.fields).map((field) => [field.name, field]));
  for (const name of required.filter((one) => one !== "applicant")) assert.ok(fields.has(name), `${name} is not asked for`);
  const [head, ...rows] = from("examples/data/german-credit.csv")
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  for (const [name, { values, usual }] of fields) {
    if (!values) continue;
    assert.ok(usual in values, `${name}: its default is none of its values`);
    for (const value of new Set(rows.map((row) => row[head.indexOf(name)])))
      assert.ok(value in values, `${name} has no words for ${value}`);
  }
});

test("the applicants to fill in with stand in the data like that", () => {
  const [head, ...rows] = from("examples/data/german-credit.csv")
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  for (const { row, variables } of samples)
    for (const [name, value] of Object.entries(variables))
      assert.equal(String(value), rows[row - 1][head.indexOf(name)], `row ${row}, ${name}`);
});
