import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { chromium, type Browser, type Page } from "playwright-core";

const ROOT = resolve(import.meta.dirname, "../..");
const CANDIDATES = [
  process.env["CHROMIUM_PATH"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where a Chromium is on this computer, or undefined. `CHROMIUM_PATH` names another one. */
export const chromiumPath = CANDIDATES.find((path) => path !== undefined && existsSync(path));

/** True where tests that need a browser are to be left out: there is none, and this is not CI. */
export const lacksBrowser = chromiumPath === undefined && !process.env["CI"];

/** A headless Chromium. */
export async function openBrowser(): Promise<Browser> {
  if (chromiumPath === undefined) {
    throw new Error("No Chromium was found. Install one (`apt-get install chromium`) or set CHROMIUM_PATH.");
  }
  return chromium.launch({ executablePath: chromiumPath, args: ARGUMENTS });
}

/** Builds the page as it stands into a folder of its own, and gives that folder. */
export async function buildPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-web-"));
  const vite = join(ROOT, "node_modules/vite/bin/vite.js");
  // vitest sets NODE_ENV to test, which would build React's development edition
  await promisify(execFile)(process.execPath, [vite, "build", "web", "--outDir", folder, "--emptyOutDir"], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: "production" },
  });
  return folder;
}

/** What went wrong on a page so far: console errors, exceptions, dialogs, policy violations, foreign requests. */
export interface Watched {
  readonly page: Page;
  readonly troubles: () => Promise<readonly string[]>;
}

/** A fresh page of a context of its own, watched from before its first byte. */
export async function openPage(
  browser: Browser,
  origin: string,
  viewport = { width: 1280, height: 900 },
): Promise<Watched> {
  const context = await browser.newContext({ viewport, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const seen: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") seen.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => seen.push(`exception: ${error.message}`));
  page.on("dialog", (dialog) => {
    seen.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(origin)) seen.push(`foreign request: ${request.url()}`);
  });
  await page.addInitScript(
    `window.violations = [];
     document.addEventListener("securitypolicyviolation", (event) => {
       window.violations.push(event.violatedDirective + " " + event.blockedURI);
     });`,
  );
  return {
    page,
    troubles: async () => {
      const violations = await page.evaluate<string[]>("window.violations");
      return [...seen, ...violations.map((violation) => `policy: ${violation}`)];
    },
  };
}
