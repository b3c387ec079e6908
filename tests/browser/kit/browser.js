// Debian's Chromium, without a window.
import { execFileSync } from "node:child_process";
import { chromium } from "playwright-core";

/** Sanitizers make the server slow; everything else needs far less. */
export const patience = Number(process.env.PATIENCE_SECONDS ?? 30) * 1000;

export async function launch() {
  const executablePath = process.env.CHROMIUM ?? execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
  // The sandbox needs rights that root in a container does not have; the only pages shown are our own.
  return chromium.launch({ executablePath, args: process.getuid() === 0 ? ["--no-sandbox"] : [] });
}

/** A page of its own, as another person would have it. `complaints` is what the browser had to say against it. */
export async function visit(browser, url, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  page.complaints = [];
  page.on("console", (message) => message.type() === "error" && page.complaints.push(message.text()));
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  await page.goto(url);
  await page.locator("#connection[data-state=live]").waitFor();
  return page;
}

/** Waits until something is so; says what it was instead. */
export async function until(what, read, wanted) {
  const end = Date.now() + patience;
  for (let found; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    found = await read();
    if (wanted(found)) return found;
    if (Date.now() > end) throw new Error(`${what}: in the end it was ${JSON.stringify(found)}`);
  }
}
