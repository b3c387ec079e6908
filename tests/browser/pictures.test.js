// The pictures of the README: a bank in the middle of its day. Needs LOAN_SERVER, the program, and PICTURES, the folder for them.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { launch, until, visit } from "./kit/browser.js";
import { applicant } from "./kit/data.js";
import { LoanServer } from "./kit/loan_server.js";

const folder = process.env.PICTURES;
const server = new LoanServer(process.env.LOAN_SERVER);
let browser;

before(async () => {
  mkdirSync(folder, { recursive: true });
  await server.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server.end();
});

const approvedFrom = (points) => (input) =>
  input.points >= points
    ? { decision: "approve", comment: "the points are enough" }
    : { decision: "refuse", comment: `fewer than ${points} points` };

async function applyAll(from, to) {
  for (let number = from; number <= to; ++number) await server.apply(`applicant-${number}`, applicant(number));
}
/** Nothing is under way but what waits for people, or stands still. */
const settled = () =>
  until(
    "all calls are done",
    async () => {
      const running = await server.search("process-instances", { state: "running" });
      const waiting = new Set((await server.search("user-tasks")).map((task) => task.processInstanceKey));
      return running.filter((instance) => !waiting.has(instance.processInstanceKey)).length;
    },
    (calls) => calls === 0,
  );

/** The application of the second picture: the bureau is asked twice, two people decide. */
async function largeLoan() {
  await server.behaves("credit", { failEvery: 1 });
  const key = await server.apply("applicant-19", applicant(19));
  const history = async () => (await (await fetch(`${server.url}/v2/process-instances/${key}/history`)).json()).items;
  await until("an attempt has failed", history, (events) => events.some((event) => event.event === "jobBackedOff"));
  await server.behaves("credit", {});
  await until(
    "the review",
    () => server.search("user-tasks"),
    (tasks) => tasks.length === 1,
  );
  await server.decide("anna", "commercial", () => ({
    decision: "approve",
    comment: "Seven years with the same employer, and the instalments fit the income.",
  }));
  await server.decide("bruno", "risk", () => ({ decision: "approve", comment: "Agreed. No other credits, always paid on time." }));
  await settled();
  return key;
}

test("a day at the bank", async () => {
  const page = await visit(browser, server.url, { viewport: { width: 1280, height: 880 }, deviceScaleFactor: 1.5 });
  const large = await largeLoan();
  await applyAll(20, 110);
  await settled();
  await server.decide("anna", "commercial", approvedFrom(42));
  await server.decide("bruno", "risk", approvedFrom(48));
  await applyAll(111, 131);
  await settled();
  let left = 6;
  await server.decide("anna", "commercial", (input) => (input.policy.secondReview || --left < 0 ? approvedFrom(40)(input) : undefined));
  await server.behaves("applications", { failEvery: 1 });
  await applyAll(132, 132);
  await until(
    "the incident",
    () => server.search("incidents"),
    (incidents) => incidents.length === 1,
  );
  await server.behaves("applications", {});
  await applyAll(133, 140);
  await settled();
  await server.behaves("property", { delayMs: 8000 });
  await applyAll(141, 142);

  await page.getByText("124 applications").waitFor();
  await until(
    "two are running",
    () => page.locator(".counter[data-state=running] strong").textContent(),
    (count) => count === "2",
  );
  await page.getByText("is being read").waitFor({ state: "hidden" });
  await page.screenshot({ path: join(folder, "loan-server.png") });

  const options = { viewport: { width: 1280, height: 1400 }, deviceScaleFactor: 1.25 };
  const one = await visit(browser, `${server.url}/#/applications/${large}`, options);
  await one.getByRole("article").getByText("End: granted").waitFor();
  await one.locator("#detail .badge[data-state=granted]").waitFor();
  await one.getByText("124 applications").waitFor();
  await one.locator("#list li").first().waitFor();
  await one.screenshot({ path: join(folder, "loan-server-application.png") });
  assert.deepEqual([...page.complaints, ...one.complaints], []);
});
