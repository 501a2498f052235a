// The journeys that every browser must make through the published page, by WebDriver: few, about what browsers differ in. The
// page is served with its policy, and whatever that refuses or is not there fails the journey.
//
//   node run.mjs BROWSER [word…]      reports as Rust's tests do
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { promisify } from "node:util";
import { host, listening, pageFolder, serve } from "../journeys/lib.mjs";
import { ENTER, start } from "./webdriver.mjs";

const [browser, ...words] = process.argv.slice(2);
const role = (name) => `[data-role="${name}"]`;
const drawn = (kind, name) => `[data-kind="${kind}"][data-name="${name}"]`;
const ready = (name) => `${drawn("Pod", name)}[data-ready="true"]`;

/** Everything that is drawn of pods and claims, and the clock. */
const stage = (session) =>
  session.run(() => {
    const all = [...document.querySelectorAll('[data-role="stage"] [data-kind]')].map((element) => ({ ...element.dataset }));
    return JSON.stringify([document.querySelector("[data-clock]").dataset.clock, all.filter(({ kind }) => kind !== "Service")]);
  });

/** Waits until all of the page is drawn: the dialogs come last. */
const allDrawn = (session) => session.until("the whole page", () => document.querySelector("dialog") !== null);

/** Visits the page and waits for the app. */
async function visit(session, address) {
  await session.go(address);
  await allDrawn(session);
}

/** From the first manifest to three pods that are ready, as fast as the page goes. */
async function threeReady(session) {
  await session.choose(role("speed"), -1);
  await session.click(role("apply"));
  await session.clickUntil(role("remedy"), () => document.querySelector('[role="log"]').innerText.includes("storageclass"));
  for (const name of ["web-0", "web-1", "web-2"]) await session.see(ready(name));
}

/** Waits for a message of a kind that the page around has heard, and gives it. */
const heard = (session, type) =>
  session.until(`the message ${type}`, (type) => globalThis.heard.find((message) => message.type === type), type);

/** Opens a host's page with this in its body. */
async function embedded(session, url, body, work) {
  const server = await host(url, `${listening}<script defer src="${url}embed.js"></script>${body}`);
  try {
    await session.go(server.url);
    await work();
  } finally {
    server.close();
  }
}

/** A copy of the built page with all of it in one file beside it. */
async function withOneFile() {
  const folder = await mkdtemp(join(tmpdir(), "statefulset-sandbox-"));
  await cp(pageFolder(), folder, { recursive: true });
  const publish = resolve(import.meta.dirname, "../../xtask/src/publish.mjs");
  await promisify(execFile)(process.execPath, [publish, "--single", pageFolder(), join(folder, "statefulset-sandbox.html")]);
  return folder;
}

/** Name, storage of the browser, and what is done. */
const journeys = [
  ["a person applies a manifest, deletes a pod, and types a command", "open", async ({ session, url }) => {
    await visit(session, url);
    await threeReady(session);
    const uid = await session.run((selector) => document.querySelector(selector).dataset.uid, drawn("Pod", "web-1"));
    await session.type(role("terminal-input"), "kubectl delete pod web-1" + ENTER);
    await session.see(`${ready("web-1")}:not([data-uid="${uid}"])`);
    await session.until("the output", () => document.querySelector('[role="log"]').innerText.includes('pod "web-1" deleted'));
  }],
  ["the code editor and another language come when they are asked for", "open", async ({ session, url }) => {
    await visit(session, url);
    await session.see(".field--behind");
    await session.choose(`header ${role("language")}`, 1);
    await session.see('html[lang="zh-TW"]');
  }],
  ["a link shows the same in another browser window", "open", async ({ session, url, again }) => {
    await visit(session, url);
    await threeReady(session);
    await session.click(role("pause"));
    const before = await stage(session);
    await session.click(role("share"));
    const link = await session.until("the link", (selector) => document.querySelector(selector)?.value, role("share-link"));
    assert.ok(link.length < 4_000, `the link has ${link.length} characters`);
    const other = await again();
    await visit(other, link);
    assert.equal(await stage(other), before);
    assert.equal(await other.run(() => location.hash), "");
  }],
  ["work survives a reload", "open", async ({ session, url }) => {
    await visit(session, url);
    await threeReady(session);
    await session.click(role("pause"));
    const before = await stage(session);
    await session.run(() => dispatchEvent(new Event("pagehide")));
    await session.reload();
    await allDrawn(session);
    assert.equal(await stage(session), before);
  }],
  ["the page opens without its server after the first visit", "open", async ({ session }) => {
    const server = await serve(pageFolder());
    try {
      await visit(session, server.url);
      await session.until("the service worker", () => navigator.serviceWorker.controller !== null);
    } finally {
      server.close();
    }
    // A driver's reload passes the worker by, as a person's does who presses Shift.
    await session.go("about:blank");
    await visit(session, server.url);
    await threeReady(session);
  }],
  ["the browser keeps nothing for anybody", "closed", async ({ session, url }) => {
    await visit(session, url);
    const blocked = await session.run(() => {
      try {
        return localStorage === null;
      } catch {
        return true;
      }
    });
    assert.ok(blocked, "the browser keeps something all the same");
    await threeReady(session);
  }],
  ["the element on another site shows parts and speaks with its host", "open", async ({ session, url }) => {
    await embedded(session, url, '<statefulset-sandbox panes="stage,terminal" theme="dark"></statefulset-sandbox>', async () => {
      await heard(session, "ready");
      await session.run(() => document.querySelector("statefulset-sandbox").post({ type: "run", line: "kubectl create namespace lab" }));
      assert.equal((await heard(session, "command")).line, "kubectl create namespace lab");
      assert.equal((await heard(session, "event")).name, "lab");
      assert.match((await heard(session, "state")).link, /^s1\./);
      await session.within("iframe", async () => {
        await session.see(role("stage"));
        await session.see(role("terminal-input"));
        assert.equal(await session.run((selector) => document.querySelector(selector)?.checkVisibility() ?? false, role("apply")), false);
        assert.equal(await session.run(() => document.documentElement.dataset.theme), "dark");
      });
    });
  }],
  ["a lesson on another site, to which the browser's storage is closed", "closed to others", async ({ session, url }) => {
    await embedded(session, url, '<statefulset-sandbox lesson="ordered-creation"></statefulset-sandbox>', async () => {
      await session.within("iframe", async () => {
        await session.see(role("lesson-step"));
        await session.choose(role("speed"), -1);
        await session.click(role("apply"));
        await session.see(`${role("goal")}[data-met="true"]`);
      });
    });
  }],
  ["an isolated frame has no origin, and works", "open", async ({ session, url }) => {
    // To WebKit, no address is the page's own where the frame has no origin, so the page has to come in one file there.
    const src = browser === "webkit" ? 'src="statefulset-sandbox.html"' : "";
    await embedded(session, url, `<statefulset-sandbox isolated height="700" ${src}></statefulset-sandbox>`, async () => {
      await heard(session, "ready");
      await session.within("iframe", async () => {
        assert.equal(await session.run(() => globalThis.origin), "null");
        await session.click(role("apply"));
        await session.see('[data-kind="Pod"]');
        await session.see(".field--behind");
      });
      await session.run(() => document.querySelector("statefulset-sandbox").post({ type: "set", theme: "dark" }));
      await session.within("iframe", () => session.see('html[data-theme="dark"]'));
    });
  }],
];

async function runOne(driver, server, refused, [name, storage, run]) {
  refused.length = 0;
  const sessions = [];
  const again = async () => {
    const session = await driver.open(storage);
    if (session) sessions.push(session);
    return session;
  };
  const session = await again();
  if (!session) return "ignored";
  try {
    // A driver may hold one browser at a time, so another window of the same journey comes after the first.
    const next = async () => {
      await sessions.pop().close();
      return again();
    };
    await run({ session, url: server.url, again: next });
    if (refused.length > 0) throw new Error("The page asked for what it does not get.");
    return "ok";
  } catch (error) {
    const folder = resolve(import.meta.dirname, "../../target/journeys");
    await mkdir(folder, { recursive: true });
    const picture = join(folder, `${browser}_${name.replace(/[^a-z0-9]+/gi, "_")}.png`);
    const taken = await sessions.at(-1)?.picture().then((png) => writeFile(picture, png)).then(() => `\n  What the page looked like: ${picture}`, () => "");
    const without = refused.map((what) => `\n  Refused, or not there: ${what}`).join("");
    throw new Error(`${error.stack ?? error}${without}${taken}`);
  } finally {
    for (const session of sessions) await session.close().catch(() => null);
  }
}

const chosen = journeys.filter(([name]) => words.length === 0 || words.some((word) => name.includes(word)));
const started = performance.now();
const counts = { ok: 0, ignored: 0, FAILED: 0 };
const failures = [];
console.log(`\nrunning ${chosen.length} journeys in ${browser}`);
if (chosen.length > 0) {
  const refused = [];
  const folder = await withOneFile();
  const server = await serve(folder, refused);
  const driver = await start(browser);
  for (const one of chosen) {
    const outcome = await runOne(driver, server, refused, one).catch((error) => {
      failures.push([one[0], error]);
      return "FAILED";
    });
    counts[outcome] += 1;
    console.log(`test ${browser}: ${one[0]} ... ${outcome}`);
  }
  await driver.stop();
  server.close();
  await rm(folder, { recursive: true });
}
for (const [name, error] of failures) console.log(`\n---- ${name} ----\n${error.message}`);
const seconds = ((performance.now() - started) / 1000).toFixed(2);
console.log(
  `\ntest result: ${failures.length > 0 ? "FAILED" : "ok"}. ${counts.ok} passed; ${failures.length} failed; ${counts.ignored} ignored; ` +
    `${journeys.length - chosen.length} filtered out; finished in ${seconds}s\n`,
);
if (failures.length > 0) process.exitCode = 1;
