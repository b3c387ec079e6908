// People use the page: one applies, two decide, somebody watches, and the server dies in between. Needs LOAN_SERVER, the program.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { launch, until, visit } from "./kit/browser.js";
import { applicant } from "./kit/data.js";
import { LoanServer } from "./kit/loan_server.js";

const hostile = `<img src=x onerror="document.title='taken over'">`;
const server = new LoanServer(process.env.LOAN_SERVER);
let browser, person, watcher;

before(async () => {
  await server.start();
  browser = await launch();
  watcher = await visit(browser, server.url);
  person = await visit(browser, `${server.url}/#/apply`);
  // The services answer by the applicant's number: this one is known to the credit bureau, and owes nobody.
  await person.evaluate(() => (crypto.getRandomValues = (array) => array.fill(23_456_789)));
});
after(async () => {
  await browser?.close();
  await server.end();
});

const row = (page, name) => page.locator("#list li").filter({ has: page.getByText(name, { exact: true }) });
const isIn = (name, state) => row(watcher, name).locator(`.badge[data-state=${state}]`).waitFor();
const countersOf = (page) =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll(".counter")].map((counter) => [
        counter.dataset.state,
        Number(counter.querySelector("strong").textContent.replaceAll(",", "")),
      ]),
    ),
  );

async function openTask(role, name) {
  await person.getByRole("link", { name: "Tasks" }).click();
  await person.getByRole("radio", { name: role }).check();
  if (name) await person.getByLabel("Your name").fill(name);
  await person.locator("#task-list").getByRole("link", { name: "web-123456789" }).click();
}
async function decide(decision, comment) {
  await person.getByRole("radio", { name: decision }).check();
  await person.getByLabel("Comment").fill(comment);
  await person.getByRole("button", { name: "Decide" }).click();
}

test("an application is made with the form, and somebody else sees it at once", async () => {
  await person.getByLabel("Someone from the data").selectOption({ label: "12,579 DM, 24 months, a used car (row 19)" });
  await person.getByRole("button", { name: "Fill in" }).click();
  assert.equal(await person.getByLabel("Amount in DM").inputValue(), "12579");
  await person.getByRole("button", { name: "Send the application" }).click();
  await person.getByRole("heading", { name: "web-123456789" }).waitFor();
  await isIn("web-123456789", "commercial");
});

test("a form that is not filled in well says what is wrong, and where", async () => {
  await person.getByRole("link", { name: "Apply" }).click();
  await person.getByLabel("Amount in DM").fill("7");
  await person.getByRole("button", { name: "Send the application" }).click();
  await person.getByRole("alert").getByText("Amount in DM: a whole number from 100 to 100000").waitFor();
  assert.equal(await person.evaluate(() => document.activeElement.name), "amount_dm");
});

test("the commercial clerk sees what he must know, and approves", async () => {
  await openTask("Commercial");
  const known = person.locator("#task .known");
  for (const text of ["12,579 DM", "a used car", "36 of 91", "more than 10,000 DM"]) await known.getByText(text).waitFor();
  await person.getByRole("button", { name: "Decide" }).click();
  await person.getByText("Approve or refuse?").waitFor();
  await decide("Approve", `known for years ${hostile}`);
  await isIn("web-123456789", "risk");
});

test("the same person may not decide twice: the server's own words say so", async () => {
  await openTask("Risk", "anna");
  await person.locator("#task .known").getByText(hostile).waitFor();
  await decide("Approve", "me again");
  await person.locator("#task").getByText("user anna completed commercial-review and may not also complete risk-review").waitFor();
  assert.match(person.complaints.pop(), /403/); // the browser's own note of the refused request
});

test("another one decides, and the application shows why and which way it went", async () => {
  await person.getByLabel("Your name").fill("bruno");
  await person.getByRole("button", { name: "Decide" }).click();
  await isIn("web-123456789", "granted");
  await row(watcher, "web-123456789").getByRole("link").click();
  const detail = watcher.getByRole("article");
  for (const text of [
    "Granted by risk management",
    "36 of at most 91",
    "13 to 24 months",
    "two people decide: more than 10,000 DM",
    `known for years ${hostile}`,
    "me again",
    "decided by anna",
    "decided by bruno",
    "Inquiry at the credit bureau",
    "End: granted",
  ])
    await detail.getByText(text).first().waitFor();
  await detail.getByText("number D-123456789-").waitFor();
});

test("what others write is text and nothing else", async () => {
  await server.apply(hostile, { ...applicant(1), purpose: hostile, credit_history: hostile });
  const hostileRow = row(watcher, hostile);
  await hostileRow.getByRole("link").click();
  await watcher.getByRole("heading", { name: hostile }).waitFor();
  await watcher.getByText("What was applied for").click();
  await watcher.locator("#detail dd").getByText(hostile).first().waitFor();
  assert.equal(await watcher.locator("main img").count(), 0);
  assert.equal(await person.locator("main img").count(), 0);
  assert.equal(await watcher.title(), "Applications · Consumer credit");
});

test("the server dies and comes back: the page says so, and then shows the truth", async () => {
  await watcher.getByRole("link", { name: "Applications", exact: true }).first().click();
  await server.kill("SIGKILL");
  await watcher.getByRole("alert").getByText("The server has not answered since").waitFor();
  await server.start();
  await Promise.all([2, 3, 4, 8, 10].map((number) => server.apply(`while-away-${number}`, applicant(number))));
  await watcher.getByRole("alert").waitFor({ state: "hidden" });
  for (const number of [2, 3, 4, 8, 10]) await row(watcher, `while-away-${number}`).waitFor();

  const truth = { commercial: 0, risk: 0 };
  await until(
    "all calls are done",
    async () => (await server.search("process-instances", { state: "running" })).length - (await server.search("user-tasks")).length,
    (calls) => calls === 0,
  );
  for (const { candidateGroups } of await server.search("user-tasks")) ++truth[candidateGroups[0]];
  const ended = (await server.search("process-instances", { state: "completed" })).length;
  await until(
    "the counters",
    () => countersOf(watcher),
    (counters) =>
      counters.commercial === truth.commercial &&
      counters.risk === truth.risk &&
      counters.granted + counters.refused === ended &&
      counters.running === 0,
  );
  await isIn("web-123456789", "granted");

  // And what happens from here on comes live again.
  await server.apply("after-it-all", applicant(3));
  await row(watcher, "after-it-all").waitFor();
  watcher.complaints = watcher.complaints.filter((text) => !/ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY/.test(text)); // the time without a server
  person.complaints = person.complaints.filter((text) => !/ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY/.test(text));
});

test("a page that is opened later shows the same", async () => {
  const wanted = await countersOf(watcher);
  const late = await visit(browser, server.url);
  await until(
    "the counters of the late one",
    () => countersOf(late),
    (counters) => JSON.stringify(counters) === JSON.stringify(wanted),
  );
  assert.deepEqual(late.complaints, []);
  await late.context().close();
});

test("an incident is shown with what is wrong, and goes when it is resolved", async () => {
  await server.behaves("applications", { failEvery: 1 });
  const key = await server.apply("unlucky", applicant(3));
  await isIn("unlucky", "incident");
  await row(watcher, "unlucky").getByRole("link").click();
  const incident = watcher.getByRole("region", { name: "Incident" });
  await incident.getByText("Plausibility check needs help").waitFor();
  await server.behaves("applications", {});
  const [{ incidentKey }] = await server.search("incidents", { processInstanceKey: key });
  await server.ask("POST", `/v2/incidents/${incidentKey}/resolution`, {}, { "Kontor-Actor": "otto" });
  await incident.waitFor({ state: "detached" });
  await watcher.getByRole("article").getByText("helped by otto").waitFor();
  await isIn("unlucky", "granted");
});

test("many come at once: the document stays small, the counters are right, the list can be narrowed and held", async () => {
  const before = (await server.search("process-instances")).length;
  const numbers = Array.from({ length: 200 }, (_, i) => 101 + i);
  const next = async () => {
    for (let number; (number = numbers.shift());) await server.apply(`crowd-${number}`, applicant(number));
  };
  await Promise.all(Array.from({ length: 8 }, next));
  await watcher.getByRole("link", { name: "Applications", exact: true }).first().click();
  await watcher.getByText(`${before + 200} applications`).waitFor();
  await until(
    "all calls are done",
    async () => (await server.search("process-instances", { state: "running" })).length - (await server.search("user-tasks")).length,
    (calls) => calls === 0,
  );
  const tasks = (await server.search("user-tasks")).length;
  const counters = await until(
    "the counters",
    () => countersOf(watcher),
    (all) => all.running === 0 && all.commercial + all.risk === tasks,
  );
  assert.equal(
    Object.values(counters).reduce((sum, count) => sum + count),
    before + 200,
  );
  assert.ok((await watcher.locator("#list li").count()) <= 60);

  await watcher.getByRole("button", { name: /^Granted/ }).click();
  await until(
    "only granted ones",
    () => watcher.locator("#list .badge:not([data-state=granted])").count(),
    (others) => others === 0,
  );
  await watcher.getByRole("button", { name: /^Granted/ }).click();
  await watcher.getByLabel("Find an application").fill("crowd-11");
  await until(
    "the found",
    () => watcher.locator("#list li").count(),
    (found) => found === 10,
  );
  await watcher.getByLabel("Find an application").fill("");

  await watcher.getByRole("button", { name: "Hold the list" }).click();
  await server.apply("while-held", applicant(3));
  await watcher.getByRole("button", { name: "Go on (1 new)" }).click();
  await row(watcher, "while-held").waitFor();
});

test("somebody else is quicker: the form says so, and what was typed stays", async () => {
  await person.getByRole("link", { name: "Tasks" }).click();
  await person.getByRole("radio", { name: "Commercial" }).check();
  await person.locator("#task-list a").first().click();
  await person.getByLabel("Comment").fill("let me think");
  const task = new URL(person.url()).hash.split("/").at(-1);
  const variables = { decision: "approve", comment: "done already" };
  await server.ask("POST", `/v2/user-tasks/${task}/completion`, { variables }, { "Kontor-Actor": "anna:commercial" });
  await person.getByRole("alert").getByText("This task is no longer open").waitFor();
  assert.equal(await person.getByLabel("Comment").inputValue(), "let me think");
  assert.ok(await person.getByRole("button", { name: "Decide" }).isDisabled());
});

test("the keyboard alone is enough", async () => {
  await watcher.reload();
  await watcher.locator("#connection[data-state=live]").waitFor();
  await watcher.locator("#list a").first().waitFor();
  await watcher.keyboard.press("Tab");
  assert.equal(await watcher.evaluate(() => document.activeElement.textContent), "Skip to the content");
  await watcher.keyboard.press("Enter");
  for (let stops = 0; !(await watcher.evaluate(() => document.activeElement.matches("#list a"))); ++stops) {
    assert.ok(stops < 15, "the list is too far from the start");
    await watcher.keyboard.press("Tab");
  }
  await watcher.keyboard.press("Enter");
  await until(
    "the heading has the focus",
    () => watcher.evaluate(() => document.activeElement.tagName),
    (tag) => tag === "H2",
  );
});

test("it fits on a telephone", async () => {
  const narrow = await visit(browser, server.url, { viewport: { width: 400, height: 800 }, colorScheme: "dark" });
  const [{ userTaskKey }] = await server.search("user-tasks");
  const [{ processInstanceKey }] = await server.search("process-instances", { businessKey: "web-123456789" });
  for (const place of ["#/applications", `#/applications/${processInstanceKey}`, "#/tasks", `#/tasks/${userTaskKey}`, "#/apply"]) {
    await narrow.goto(`${server.url}/${place}`);
    await narrow.locator("h2:visible, #list li:visible, #task-list li:visible, #apply-form:visible").first().waitFor();
    const [wide, window] = await narrow.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= window, `${place} is ${wide} wide`);
  }
  assert.deepEqual(narrow.complaints, []);
  await narrow.context().close();
});

test("the browser had nothing to complain about", () => {
  assert.deepEqual(watcher.complaints, []);
  assert.deepEqual(person.complaints, []);
});
