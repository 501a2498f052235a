// Motion tells what happens, has one tempo, and is instant for those who want none of it.
import assert from "node:assert/strict";
import { journey } from "./lib.mjs";

const role = (name) => `[data-role="${name}"]`;
const pod = (name) => `${role("stage")} [data-kind="Pod"][data-name="${name}"]`;

/** Three pods that are ready, and time as slow as asked for. */
async function threeReady(page, open, speed) {
  await open();
  await page.locator(role("speed")).selectOption("16");
  await page.locator(role("apply")).click();
  await page.locator(role("remedy")).click();
  await page.locator('[data-kind="StatefulSet"][data-ready-replicas="3"]').waitFor({ timeout: 30_000 });
  await page.locator(role("speed")).selectOption(speed);
}

/** Notes the names of all animations that begin from now on, and on what. */
const note = (page) =>
  page.evaluate(() => {
    globalThis.begun = [];
    document.addEventListener("animationstart", ({ animationName, target }) => {
      const { name, kind } = target.closest("[data-name]")?.dataset ?? {};
      globalThis.begun.push(`${animationName} ${kind ?? ""} ${name ?? ""} ${target.className}`);
    });
  });
const begun = (page) => page.evaluate(() => globalThis.begun);

journey("stage_motion: a grace period counts down, the replacement docks, and its new address flashes", { reducedMotion: "no-preference" }, async ({ page, open }) => {
  await threeReady(page, open, "4");
  await note(page);
  const [ip, claim] = [await page.locator(pod("web-1")).getAttribute("data-ip"), await page.locator('[data-name="www-web-1"]').getAttribute("data-uid")];
  await page.locator(`${pod("web-1")} ${role("delete")}`).click();
  // The seconds that are left, as a person reads them: down, one by one or faster, never up.
  const seconds = await page.evaluate(async (pod) => {
    const seen = [];
    const word = () => document.querySelector(`${pod}[data-phase="Terminating"] .state__word`)?.textContent.match(/(\d+) s/)?.[1];
    for (let tries = 0; tries < 1_000; tries += 1) {
      const left = word();
      if (left && Number(left) !== seen.at(-1)) seen.push(Number(left));
      if (!left && seen.length > 0) break;
      await new Promise(requestAnimationFrame);
    }
    return seen;
  }, pod("web-1"));
  assert.ok(seconds.length >= 1 && seconds[0] === 10, `it began at ${seconds}`);
  assert.ok(seconds.every((left, index) => index === 0 || left < seconds[index - 1]), `not a count-down: ${seconds}`);
  await page.locator(`${pod("web-1")}[data-ready="true"]:not([data-phase="Terminating"]):not([data-ip="${ip}"])`).waitFor({ timeout: 20_000 });
  // The browser tells of an animation a frame after it drew what moves.
  await page.waitForFunction(() => globalThis.begun.some((line) => /^flash Pod web-1 pod__ip/.test(line)));
  const animations = await begun(page);
  assert.ok(animations.some((line) => line.startsWith("dock Pod web-1 pod ")), `nothing docked: ${animations.join("\n")}`);
  assert.ok(!animations.some((line) => /^dock Pod web-[02] /.test(line)), "only the replacement docks");
  assert.ok(animations.some((line) => /^connect .*wire--live/.test(line)), "the wire reconnects");
  assert.ok(animations.some((line) => /^flash Pod web-1 pod__ip/.test(line)), "the address that changed flashes");
  assert.ok(!animations.some((line) => /^flash Pod web-[02] /.test(line)), "no other address has changed");
  assert.equal(await page.locator('[data-name="www-web-1"]').getAttribute("data-uid"), claim, "it is the claim that waited");
});

const alone = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: ""
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: "nginx:1.27"}]}
`;

journey("stage_motion: the bar of a grace period runs out with it", { reducedMotion: "no-preference" }, async ({ page, open }) => {
  await open();
  await page.locator(role("editor")).fill(alone);
  await page.locator(role("speed")).selectOption("16");
  await page.locator(role("apply")).click();
  await page.locator(`${pod("web-0")}[data-ready="true"]`).waitFor();
  // A node that is gone ends nothing: the whole grace period goes by.
  const node = await page.locator(pod("web-0")).getAttribute("data-node");
  await page.locator(role("terminal-input")).fill(`sandbox node fail ${node}`);
  await page.locator(role("terminal-input")).press("Enter");
  await page.locator('[role="log"] .job').nth(1).filter({ hasNotText: "running" }).waitFor();
  // Shares of the whole, frame by frame, while a grace period of thirty seconds goes by.
  const shares = await page.evaluate(async (pod) => {
    const seen = [];
    document.querySelector(`${pod} [data-role="delete"]`).click();
    for (const until = performance.now() + 2_500; performance.now() < until; ) {
      const bar = document.querySelector(`${pod}[data-phase="Terminating"] .way--grace`);
      if (bar) seen.push(bar.firstElementChild.getBoundingClientRect().width / bar.getBoundingClientRect().width);
      await new Promise(requestAnimationFrame);
    }
    return seen;
  }, pod("web-0"));
  assert.ok(shares.every((share, index) => index === 0 || share <= shares[index - 1] + 0.001), `it grows: ${shares}`);
  assert.ok(shares[0] > 0.6 && shares.at(-1) < 0.5, `it runs from ${shares[0]} to ${shares.at(-1)}`);
});

journey("stage_motion: a query travels along the search list, failing names shown failing, and a new address flashes", { reducedMotion: "no-preference" }, async ({ page, open }) => {
  await threeReady(page, open, "16");
  await page.locator(role("tab-names")).click();
  const ask = async () => {
    await page.locator(role("resolver-input")).fill("web-1.nginx.default");
    await page.locator(role("resolver-input")).press("Enter");
    await page.locator(".answer--newest .address").first().waitFor();
  };
  await ask();
  // The first name of the search list does not exist; the second does. One arrives after the other.
  const tries = await page.locator(".answer--newest .try").evaluateAll((all) => all.map((one) => [one.className, parseFloat(getComputedStyle(one).animationDelay)]));
  assert.deepEqual(tries.map(([name]) => name), ["try try--missing", "try try--found"]);
  assert.ok(tries[1][1] > tries[0][1], `they arrive together: ${JSON.stringify(tries)}`);
  const { uid } = await page.locator(pod("web-1")).evaluate((one) => ({ ...one.dataset }));
  await page.locator(`${pod("web-1")} ${role("delete")}`).click();
  await page.locator(`${pod("web-1")}[data-ready="true"]:not([data-uid="${uid}"])`).waitFor({ timeout: 20_000 });
  await note(page);
  await ask();
  await page.locator(".answer--newest .address--new").waitFor();
  await page.waitForFunction(() => globalThis.begun.some((line) => /^flash .*address--new/.test(line)));
});

journey("stage_motion: who wants no motion gets the end of it at once", { reducedMotion: "reduce" }, async ({ page, open }) => {
  await threeReady(page, open, "16");
  await page.locator(`${pod("web-1")} ${role("delete")}`).click();
  await page.locator(`${pod("web-1")}[data-ready="true"]:not([data-phase="Terminating"])`).waitFor({ timeout: 20_000 });
  // The longest that anything on the page moves, with what it waits before.
  const longest = await page.evaluate(() => {
    const ms = (list) => Math.max(...list.split(", ").map((one) => parseFloat(one) * (one.endsWith("ms") ? 1 : 1_000)));
    return Math.max(...[...document.querySelectorAll("*")].map((one) => {
      const style = getComputedStyle(one);
      return Math.max(ms(style.animationDuration) + ms(style.animationDelay), ms(style.transitionDuration));
    }));
  });
  assert.ok(longest < 1, `something moves for ${longest} ms`);
});

journey("stage_motion: slow motion with slow time", { reducedMotion: "no-preference" }, async ({ page, open }) => {
  await threeReady(page, open, "0.25");
  const duration = () => page.locator(pod("web-0")).evaluate((one) => parseFloat(getComputedStyle(one).animationDuration));
  const slow = await duration();
  await page.locator(role("speed")).selectOption("1");
  assert.ok(slow > (await duration()), "motion is as fast as ever");
});
