// The stage at every width that it promises, and at 200 % zoom: each control can be reached, the page is never wider than
// its window, and the columns are seen down to their volumes where there is room.
import assert from "node:assert/strict";
import { journey } from "./lib.mjs";

const role = (name) => `[data-role="${name}"]`;

/** Goes to a pane where there is room for one. */
async function pane(page, name) {
  const button = page.locator(".panes").getByRole("button", { name, exact: true });
  if (await button.isVisible()) await button.click();
}

const fits = async (page, what) => {
  const [whole, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(whole <= seen, `${what}: the page is ${whole} pixels wide in a window of ${seen}`);
};

/** Without scrolling, the foot of the first volume, or of its place, is inside the stage. */
async function seenDown(page, what) {
  const [stage, disk] = await page.evaluate(() => [".stage", ".disk"].map((one) => document.querySelector(one).getBoundingClientRect().bottom));
  assert.ok(disk <= stage, `${what}: the volume ends ${Math.round(disk - stage)} pixels below the stage`);
}

async function threeReady(page, open, down) {
  await open();
  await page.locator(role("speed")).selectOption("64");
  await pane(page, "YAML");
  await page.locator(role("apply")).click();
  await pane(page, "Stage");
  await page.locator(role("remedy")).waitFor();
  if (down) await seenDown(page, "while the claim waits");
  await page.locator(role("remedy")).click();
  await page.locator('[data-kind="StatefulSet"][data-ready-replicas="3"]').waitFor({ timeout: 30_000 });
}

/** The same by the buttons of the stage, in any language. */
async function threeReadyFromStage(page, open) {
  await open();
  await page.locator(role("speed")).selectOption("64");
  await page.locator(".empty .button").first().click();
  await page.locator(role("remedy")).click();
  await page.locator('[data-kind="StatefulSet"][data-ready-replicas="3"]').waitFor({ timeout: 30_000 });
}

/** How high the cards of some pods are. */
const heights = (page, names) =>
  page.evaluate((names) => names.map((name) => document.querySelector(`.stage [data-kind="Pod"][data-name="${name}"]`).offsetHeight), names);

const windows = [
  { name: "1440 pixels", viewport: { width: 1440, height: 900 }, down: true },
  { name: "1024 pixels", viewport: { width: 1024, height: 768 }, down: true },
  { name: "768 pixels", viewport: { width: 768, height: 1024 }, down: true },
  { name: "390 pixels", viewport: { width: 390, height: 844 } },
  { name: "1440 pixels at 200 %", viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 },
  { name: "1024 pixels at 200 %", viewport: { width: 512, height: 384 }, deviceScaleFactor: 2 },
];

for (const { name, down, ...options } of windows) {
  journey(`stage_sizes: ${name}`, options, async ({ page, open }) => {
    await threeReady(page, open, down);
    await fits(page, "columns");
    if (down) await seenDown(page, "when all is ready");
    for (const view of ["nodes", "table", "columns"]) {
      await page.locator(role(`view-${view}`)).click();
      await fits(page, view);
    }
    await page.locator(`${role("stage")} [data-kind="Pod"][data-name="web-1"] ${role("choose")}`).click();
    await page.locator(role("inspector")).waitFor();
    await fits(page, "the inspector");
    await page.locator(role("inspector-close")).click();
    await page.locator(role("which-rule")).click();
    await fits(page, "the rule");
    await page.locator(role("which-rule")).click();
    await page.locator(role("step-back")).click();
    await page.locator(role("fork")).click();
    await page.locator(role("compare")).first().click();
    await page.locator(role("comparison")).waitFor();
    await fits(page, "the comparison");
  });
}

for (const [name, options] of [
  ["1440 pixels", { viewport: { width: 1440, height: 900 } }],
  ["1024 pixels", { viewport: { width: 1024, height: 768 } }],
  ["768 pixels, in Chinese", { viewport: { width: 768, height: 1024 }, locale: "zh-TW" }],
]) {
  journey(`stage_sizes: a pod that is ended keeps its place at ${name}`, options, async ({ page, open }) => {
    await threeReadyFromStage(page, open);
    await page.locator(role("pause")).click();
    await page.locator(`${role("stage")} [data-kind="Pod"][data-name="web-1"] ${role("delete")}`).click();
    await page.locator(".pod--terminating").waitFor();
    const [stays, ends] = await heights(page, ["web-0", "web-1"]);
    assert.equal(ends, stays, "the card of the pod that ends is as high as the others");
  });

  journey(`stage_sizes: a pod that cannot start keeps its place at ${name}`, options, async ({ page, open }) => {
    await threeReadyFromStage(page, open);
    await pane(page, options.locale ? "終端機" : "Terminal");
    await page.locator(role("terminal-input")).fill("kubectl set image sts/web nginx=nginx:bad");
    await page.locator(role("terminal-input")).press("Enter");
    await pane(page, options.locale ? "舞台" : "Stage");
    await page.locator(".pod--failing").getByText("ImagePullBackOff").first().waitFor({ timeout: 30_000 });
    const [stays, fails] = await heights(page, ["web-0", "web-2"]);
    assert.equal(fails, stays, "the card of the pod that cannot start is as high as the others");
  });
}
