// A session leaves the page and comes back: as a link, over a reload, without a network, and into a new version.
import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { journey, mounted, pageFolder, serve } from "./lib.mjs";

const role = (name) => `[data-role="${name}"]`;
const log = '[role="log"]';

async function type(page, line) {
  await page.locator(role("terminal-input")).fill(line);
  await page.locator(role("terminal-input")).press("Enter");
}

/** Everything that is drawn of pods and claims, and the clock. */
const stage = (page) =>
  page.evaluate(() => {
    const drawn = [...document.querySelectorAll('[data-role="stage"] [data-kind]')].map((element) => ({ ...element.dataset }));
    return JSON.stringify([document.querySelector("[data-clock]").dataset.clock, drawn.filter(({ kind }) => kind !== "Service")]);
  });

async function work(page) {
  await page.locator(role("apply")).click();
  await page.locator(role("remedy")).click();
  await page.locator('[data-kind="Pod"][data-name="web-0"][data-ready="true"]').first().waitFor({ timeout: 20_000 });
  await page.locator(role("pause")).click();
  await type(page, "kubectl get pods");
  await page.locator(log).getByText("web-0", { exact: false }).first().waitFor();
}

async function linkOf(page) {
  await page.locator(role("share")).click();
  const link = await page.locator(role("share-link")).inputValue();
  await page.keyboard.press("Escape");
  return link;
}

journey("sharing: a link shows the same cluster at the same moment", async ({ page, context, open }) => {
  await open();
  await work(page);
  const [before, link] = [await stage(page), await linkOf(page)];
  assert.ok(link.length < 4_000, `the link has ${link.length} characters`);
  const other = await context.newPage();
  await other.goto(link);
  await mounted(other);
  assert.equal(await stage(other), before);
  assert.match(await other.locator(log).innerText(), /kubectl get pods/);
  assert.equal(new URL(other.url()).hash, "", "a reload would read the link again");
  await other.close();
});

journey("sharing: a damaged link says so, and shows what could be read", async ({ page, url, open }) => {
  await open();
  await work(page);
  const link = await linkOf(page);
  await page.goto("about:blank");
  await page.goto(link.slice(0, link.length - 60));
  await mounted(page);
  assert.match(await page.locator(role("notice")).innerText(), /damaged/);
  await page.locator(role("notice-remedy")).click();
  await page.locator('[data-kind="Pod"][data-name="web-0"]').first().waitFor();
  await page.goto(`${url}#s9.AAAA`);
  await page.reload();
  await mounted(page);
  assert.match(await page.locator(role("notice")).innerText(), /newer/);
});

journey("sharing: work survives a reload, and what is cleared comes back", async ({ page, open }) => {
  await open();
  await work(page);
  const before = await stage(page);
  await page.reload();
  await mounted(page);
  assert.equal(await stage(page), before);
  await page.locator(role("reset")).click();
  assert.equal(await page.locator('[data-kind="Pod"][data-name="web-0"]').count(), 0);
  await page.locator(role("notice-remedy")).click();
  assert.equal(await stage(page), before);
  await page.locator(role("share")).click();
  await page.locator(role("start-over")).click();
  assert.equal(await stage(page), before, "it asks first");
  await page.locator(role("start-over-sure")).click();
  assert.doesNotMatch(await page.locator(log).innerText(), /web-0/);
  await page.locator(role("notice-remedy")).click();
  assert.equal(await stage(page), before);
});

journey("sharing: a lesson goes on where it was left, after a reload and from a link", async ({ page, context, open }) => {
  await open("?lesson=ordered-creation");
  await page.locator(role("lesson-step")).waitFor();
  await page.locator(role("apply")).click();
  const met = (page) => page.locator(`${role("goal")}[data-met="true"]`).first().waitFor({ timeout: 30_000 });
  await met(page);
  await page.locator(role("pause")).click();
  const before = await stage(page);
  const link = await linkOf(page);
  await page.reload();
  await mounted(page);
  await met(page);
  assert.equal(await stage(page), before);
  const other = await context.newPage();
  await other.goto(link);
  await mounted(other);
  await met(other);
  assert.equal(await stage(other), before);
  assert.ok(link.length < 4_000, `the link has ${link.length} characters`);
  await other.close();
});

journey("sharing: the page opens without a network after the first visit", async ({ page, context, open }) => {
  await open();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await context.setOffline(true);
  await page.reload();
  await mounted(page);
  await page.locator(role("apply")).click();
  await page.locator("[data-why]").waitFor();
  await context.setOffline(false);
});

journey("sharing: the first visit is not taken for an update, whenever the browser tells of its worker", async ({ page, open }) => {
  // WebKit says that the worker is installed when it serves the page already.
  await page.addInitScript(() => {
    const container = Object.getPrototypeOf(navigator.serviceWorker);
    const real = Object.getOwnPropertyDescriptor(container, "controller").get;
    const register = container.register;
    let registered = false;
    container.register = function (...args) {
      registered = true;
      return register.apply(this, args);
    };
    Object.defineProperty(container, "controller", { get: () => real.call(navigator.serviceWorker) ?? (registered ? {} : null) });
    globalThis.changed = new Promise((change) => navigator.serviceWorker.addEventListener("controllerchange", change));
  });
  await open();
  await page.evaluate(() => (globalThis.sameVisit = true));
  await page.evaluate(() => globalThis.changed.then(() => true));
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.waitForTimeout(500);
  assert.equal(await page.evaluate(() => globalThis.sameVisit), true, "the page was loaded again");
  assert.equal(await page.locator(role("notice")).innerText(), "");
});

journey("sharing: a new version says that it is there, and is taken when it is wanted", async ({ context }) => {
  const folder = await mkdtemp(join(tmpdir(), "statefulset-sandbox-"));
  await cp(pageFolder(), folder, { recursive: true });
  const server = await serve(folder);
  try {
    const page = await context.newPage();
    await page.goto(server.url);
    await mounted(page);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    const worker = join(folder, "sw.js");
    await writeFile(worker, (await readFile(worker, "utf8")).replace(/@[0-9a-f]{16}"/, '@0000000000000000"'));
    await page.reload();
    await mounted(page);
    await page.locator(role("notice")).getByText("new version", { exact: false }).waitFor({ timeout: 20_000 });
    await Promise.all([page.waitForEvent("load"), page.locator(role("notice-remedy")).click()]);
    await mounted(page);
    const caches = await page.evaluate(() => globalThis.caches.keys());
    assert.deepEqual(caches.map((name) => name.split("@")[1]), ["0000000000000000"]);
    await page.close();
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
});
