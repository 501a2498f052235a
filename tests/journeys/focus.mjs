// The keyboard's place on the page: pressing something that is then gone, or can be pressed no more, never leaves a person
// at the start of the page.
import assert from "node:assert/strict";
import { journey } from "./lib.mjs";

const role = (name) => `[data-role="${name}"]`;

journey("focus: what a press takes away leaves the keyboard beside it", async ({ page, open }) => {
  await open();
  await page.locator(role("speed")).selectOption("64");
  /** Presses something by key once it is there; `done` then is on the page, and the focus is inside of `within`. */
  const press = async (what, done, within) => {
    await page.locator(what).first().focus();
    await page.keyboard.press("Enter");
    await page.locator(done).first().waitFor({ state: "attached" });
    await page.waitForFunction((within) => document.activeElement?.closest(within), within, { timeout: 2_000 }).catch(async () => {
      throw new Error(`after ${what} the focus is on ${await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 100))}`);
    });
  };
  await press(".empty button", `[data-kind="StatefulSet"]`, ".stage");
  await press(role("remedy"), `[data-why]:not([data-rule="claim-waits-for-class"])`, ".why");
  await page.locator('[data-kind="StatefulSet"][data-ready-replicas="3"]').waitFor({ timeout: 30_000 });
  await page.locator(role("pause")).click();
  await press(`[data-kind="Pod"][data-name="web-1"] ${role("delete")}`, ".pod--terminating", '[data-name="web-1"]');
  await press(role("step-back"), ".scrub__line--past", ".transport");
  await press(role("newest"), `${role("newest")}:disabled`, ".timeline");
  await press(role("step-back"), ".scrub__line--past", ".transport");
  await press(role("fork"), '[data-history="2"][aria-pressed="true"]', ".timeline");
  await press(role("compare"), role("comparison"), ".timeline");
  // The two change sides, and go on being compared.
  await press(role("compare-switch"), '[data-history="1"][aria-pressed="true"]', role("comparison"));
  await press(role("compare-close"), ".stage", ".zone--stage");
  await press(role("forget"), `.timeline:not(:has(${role("forget")}))`, ".timeline");
});

journey("focus: a press by mouse moves nothing", async ({ page, open }) => {
  await open();
  await page.locator(role("apply")).click();
  await page.locator(role("remedy")).click();
  await page.locator('[data-why]:not([data-rule="claim-waits-for-class"])').waitFor();
  assert.ok(await page.evaluate(() => document.activeElement === document.body));
});
