// A loan server of the test's own: a free port, a store in a folder that goes with it, stopped by its process.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class LoanServer {
  constructor(program) {
    this.program = program;
    this.folder = mkdtempSync(join(tmpdir(), "loan-server-"));
    // Whatever ends the test ends the server.
    process.on("exit", () => this.child?.kill("SIGKILL"));
  }

  /** Starts it, again at the same address and on the same store. */
  async start() {
    const { child, url } = await started(this.program, [
      "--store",
      `sqlite:${join(this.folder, "loans.db")}`,
      "--listen",
      `127.0.0.1:${this.port ?? 0}`,
    ]);
    this.child = child;
    this.url = url;
    this.port = Number(new URL(url).port);
  }

  async kill(signal = "SIGKILL") {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }

  async end() {
    await this.kill("SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
  }

  // ---- what others do beside the page ---------------------------------------------------------------------------------------

  async ask(method, path, body, headers = {}) {
    const response = await fetch(this.url + path, {
      method,
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  async apply(businessKey, variables) {
    const body = { processDefinitionId: "consumer-credit", businessKey, variables };
    return (await this.ask("POST", "/v2/process-instances", body, { "Idempotency-Key": businessKey })).processInstanceKey;
  }

  async search(what, filter = {}) {
    return (await this.ask("POST", `/v2/${what}/search`, { filter, page: { limit: 1000 } })).items;
  }

  /** Decides the open tasks of a group; `verdict(input)` is the decision, or nothing to leave it. How many were decided. */
  async decide(actor, group, verdict) {
    let decided = 0;
    for (const { userTaskKey } of await this.search("user-tasks", { candidateGroup: group })) {
      const input = await this.ask("GET", `/v2/user-tasks/${userTaskKey}/variables`);
      const variables = verdict(input);
      if (!variables) continue;
      await this.ask("POST", `/v2/user-tasks/${userTaskKey}/completion`, { variables }, { "Kontor-Actor": `${actor}:${group}` });
      ++decided;
    }
    return decided;
  }

  /** How a service behaves from now on: `{failEvery: 1}` is down, `{}` is well, `{delayMs: 500}` is slow. */
  async behaves(service, behaviour) {
    const { url } = (await (await fetch(`${this.url}/services`)).json())[service];
    const response = await fetch(`${url}/behaviour`, { method: "PUT", body: JSON.stringify({ failEvery: 0, delayMs: 0, ...behaviour }) });
    if (!response.ok) throw new Error(`${url}/behaviour: ${response.status} ${await response.text()}`);
  }
}

/** The child, once it has said where it listens. */
function started(program, options) {
  const child = spawn(program, options, { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    let said = "";
    child.once("error", reject);
    child.once("exit", (status, signal) => reject(new Error(`${program} ended (${signal ?? status}) before it listened: ${said}`)));
    child.stdout.on("data", (data) => {
      said += data;
      const url = said.match(/ is at (http:\S+)\n/)?.[1];
      if (url) resolve({ child, url });
    });
  });
}
