// What every journey stands on: a server for the built page, a browser, and a watch for trouble.
//
// A journey is a file in this folder that calls `journey(name, run)` once or more. It fails if `run` throws, and also if the
// page logs an error, breaks its content security policy, asks another host for anything, or asks for what is not there.
// `node tests/journeys/page_loads.mjs` runs one file against dist/; `cargo xtask test --journeys` builds first and runs all.
import { mkdir, readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, resolve, sep } from "node:path";
import { performance } from "node:perf_hooks";
import { text } from "node:stream/consumers";
import { chromium } from "playwright-core";

const root = resolve(import.meta.dirname, "../..");
const journeys = [];

/** The flags under which Chromium runs anywhere: as root, without a screen, without calling home. */
export const browserFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** How long a journey may take, and how long one step of it waits for the page. */
const JOURNEY_MS = 60_000;
const STEP_MS = 10_000;

const contentTypes = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
  ".yaml": "text/yaml; charset=utf-8",
};

/** What the published folder asks every host to send: the headers of a path, as its file `_headers` has them. */
async function headersOf(folder) {
  const lines = (await readFile(join(folder, "_headers"), "utf8").catch(() => "")).split("\n").filter((line) => line.trim());
  return (path) => {
    const headers = {};
    let applies = false;
    for (const line of lines) {
      if (!line.startsWith(" ")) applies = line === "/*" || line === path;
      else if (applies && line.trim().startsWith("! ")) delete headers[line.trim().slice(2)];
      else if (applies) [, headers[line.trim().split(": ")[0]]] = line.trim().split(/: (.*)/);
    }
    return headers;
  };
}

/**
 * Serves a folder on a free port of this machine. Only what is in the folder, and nothing for what is not. With a list for what
 * is refused, the browser is asked to report what it keeps from the page by its policy; so is what is not there.
 */
export async function serve(folder, refused) {
  await stat(join(folder, "index.html")).catch(() => {
    throw new Error(`There is no page in ${folder}. Build it first: cargo xtask build`);
  });
  const headersFor = await headersOf(folder);
  const server = createServer(async (request, response) => {
    if (refused && request.url === "/refused") {
      refused.push(await text(request));
      return response.writeHead(204).end();
    }
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const file = resolve(folder, "." + (path.endsWith("/") ? path + "index.html" : path));
    try {
      if (!file.startsWith(folder + sep)) throw new Error("outside");
      const bytes = await readFile(file);
      const headers = headersFor(path);
      if (refused && headers["Content-Security-Policy"]) headers["Content-Security-Policy"] += "; report-uri /refused";
      response.writeHead(200, { ...headers, "content-type": contentTypes[extname(file)] ?? "application/octet-stream" }).end(bytes);
    } catch {
      refused?.push(`${request.url} is not there`);
      response.writeHead(404, { "content-type": "text/plain" }).end("Not found");
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}

/** A host's page on an origin of its own, for the sandbox at this address, under the policy that docs/embedding.md asks for. */
export async function host(url, body) {
  const policy = `default-src 'none'; script-src ${url}embed.js 'nonce-host'; frame-src ${new URL(url).origin}`;
  const page = `<!doctype html><html lang="en"><title>A course</title><body><h1>A course</h1>${body}</body></html>`;
  const server = createServer((request, response) => {
    response.writeHead(200, { "content-type": "text/html", "content-security-policy": policy }).end(request.url === "/" ? page : "");
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://localhost:${server.address().port}/`, close: () => server.close() };
}

/** What a host's page needs to remember what the sandbox tells it, in `heard`. */
export const listening = `<script nonce="host">
  globalThis.heard = [];
  for (const type of ["ready", "state", "command", "event", "error"])
    addEventListener("sandbox-" + type, (event) => heard.push(event.detail));
</script>`;

/** The folder of the built page. */
export const pageFolder = () => resolve(process.env.PAGE_FOLDER ?? join(root, "dist"));

/** Starts Chromium: the one in CHROME, or Debian's name for it on PATH. */
export async function launch() {
  const { CHROME, PATH = "" } = process.env;
  const candidates = CHROME ? [CHROME] : PATH.split(":").map((folder) => join(folder, "chromium"));
  for (const executablePath of candidates) {
    if (await stat(executablePath).catch(() => null)) return chromium.launch({ executablePath, args: browserFlags });
  }
  throw new Error("There is no Chromium. Name one in the variable CHROME, or run: cargo xtask setup");
}

/** Collects everything that a visitor's browser would complain about. */
export function watch(page, url) {
  const troubles = [];
  page.on("console", (message) => {
    if (message.type() === "error") troubles.push(`the console shows an error: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`an error was not caught: ${error.message}`));
  page.on("requestfailed", (request) => {
    // The page itself ends requests when it is left or reloaded.
    const reason = request.failure()?.errorText ?? "unknown";
    if (reason !== "net::ERR_ABORTED") troubles.push(`${request.url()} failed: ${reason}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) troubles.push(`${response.url()} answered ${response.status()}`);
  });
  page.on("request", (request) => {
    const asked = new URL(request.url());
    const ownKind = ["data:", "blob:", "about:"].includes(asked.protocol);
    if (!ownKind && asked.origin !== new URL(url).origin) troubles.push(`another host was asked: ${request.url()}`);
  });
  return troubles;
}

/** Waits until the app has drawn itself. */
export async function mounted(page) {
  // The dialogs are drawn last.
  await page.locator("dialog").first().waitFor({ state: "attached", timeout: STEP_MS });
}

/** Goes on with Tab until the focus is on what a selector means. */
export async function tabTo(page, selector, pressesMax = 250) {
  for (let presses = 0; presses < pressesMax; presses += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never comes to ${selector}`);
}

/** What the page is held to: WCAG 2.2, levels A and AA. */
const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Fails with every accessibility problem that axe finds, on the page or in a part of it. */
export async function expectAccessible(page, part = "html") {
  const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(source);
  const { violations } = await page.evaluate(([part, values]) => globalThis.axe.run(part, { runOnly: values }), [part, standards]);
  const lines = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(" ")}`));
  if (lines.length > 0) throw new Error(`Not accessible:\n  ${lines.join("\n  ")}`);
}

/**
 * Declares a journey. `run` gets `{ page, context, url, open, provoke }`, where `await open()` visits the page and waits for the
 * app, and `provoke(pattern)` says that trouble of this kind is wanted, and that its absence is the failure.
 * `options` are those of Playwright's `browser.newContext`: viewport, colorScheme, reducedMotion, hasTouch…
 */
export function journey(name, options, run) {
  if (typeof options === "function") [options, run] = [{}, options];
  journeys.push({ name, options, run });
}

async function runOne(browser, url, { name, options, run }) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(STEP_MS);
  const page = await context.newPage();
  const troubles = watch(page, url);
  const open = async (path = "") => {
    await page.goto(new URL(path, url).href);
    await mounted(page);
  };
  const provoked = [];
  const provoke = (pattern) => provoked.push(pattern);
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${JOURNEY_MS / 1000} s.`)), JOURNEY_MS);
  });
  try {
    await Promise.race([run({ page, context, url, open, provoke }), limit]);
    const missing = provoked.find((pattern) => !troubles.some((trouble) => pattern.test(trouble)));
    if (missing) throw new Error(`No trouble came that matches ${missing}.`);
    const unwanted = troubles.filter((trouble) => !provoked.some((pattern) => pattern.test(trouble)));
    if (unwanted.length > 0) throw new Error(`The page ran into trouble:\n  ${unwanted.join("\n  ")}`);
  } catch (error) {
    const folder = join(root, "target/journeys");
    await mkdir(folder, { recursive: true });
    const picture = join(folder, `${name.replace(/[^a-z0-9]+/gi, "_")}.png`);
    const taken = await page.screenshot({ path: picture }).then(() => `\n  What the page looked like: ${picture}`, () => "");
    const watched = troubles.length > 0 && !error.message.includes(troubles[0]) ? `\n  ${troubles.join("\n  ")}` : "";
    throw new Error(`${error.stack ?? error}${watched}${taken}`);
  } finally {
    clearTimeout(timer);
    await context.close();
  }
}

/** Runs the declared journeys whose name or file has one of the words, and reports as Rust's tests do. */
async function runAll() {
  const words = process.argv.slice(2);
  const chosen = journeys.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  const start = performance.now();
  const failures = [];
  console.log(`\nrunning ${chosen.length} journeys`);
  if (chosen.length > 0) {
    const server = await serve(pageFolder());
    const browser = await launch();
    for (const one of chosen) {
      const error = await runOne(browser, server.url, one).then(() => null, (error) => error);
      console.log(`test ${one.name} ... ${error ? "FAILED" : "ok"}`);
      if (error) failures.push({ name: one.name, error });
    }
    await browser.close();
    server.close();
  }
  for (const { name, error } of failures) console.log(`\n---- ${name} ----\n${error.message}`);
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  const outcome = failures.length > 0 ? "FAILED" : "ok";
  const [passed, left] = [chosen.length - failures.length, journeys.length - chosen.length];
  console.log(
    `\ntest result: ${outcome}. ${passed} passed; ${failures.length} failed; 0 ignored; ${left} filtered out; finished in ${seconds}s\n`,
  );
  if (failures.length > 0) process.exitCode = 1;
}

// Once every file that was asked for has declared its journeys, there is nothing else to do, and they start.
process.once("beforeExit", () => {
  if (journeys.length === 0) return;
  runAll().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
});
