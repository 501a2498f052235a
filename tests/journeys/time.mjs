// Time by keyboard alone: a person applies, lets time go by, goes back, acts there, compares, undoes, and inspects; axe finds
// nothing with the comparison and the inspector open.
import assert from "node:assert/strict";
import { expectAccessible, journey, tabTo } from "./lib.mjs";

const role = (name) => `[data-role="${name}"]`;
const clock = (page) => page.locator("[data-clock]").getAttribute("data-clock").then(Number);

async function type(page, line) {
  await tabTo(page, '[data-role="terminal-input"]');
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
}

journey("time by keyboard alone", async ({ page, open }) => {
  await open();
  await tabTo(page, '[data-role="speed"]');
  await page.keyboard.press("End");
  await tabTo(page, '[data-role="apply"]');
  await page.keyboard.press("Enter");
  await page.locator('[data-why][data-rule="claim-waits-for-class"]').waitFor();
  await page.locator('[data-role="remedy"]').press("Enter");
  await page.locator('[data-why][data-rule="settled"]').waitFor();
  await type(page, "kubectl scale sts web --replicas=1");
  await page.locator('[data-why][data-rule="settled"]').waitFor();
  await tabTo(page, '[data-role="scrub"]');
  await page.keyboard.press("Home");
  assert.equal(await clock(page), 0);
  await page.keyboard.press("ArrowRight");
  assert.equal(await clock(page), 1_000);
  await page.keyboard.press("End");
  const newest = await clock(page);
  assert.ok(newest > 1_000);
  await page.keyboard.press("PageDown");
  assert.ok((await clock(page)) < newest);
  await type(page, "kubectl get sts");
  await page.locator('[data-history="2"][aria-pressed="true"]').waitFor();
  await tabTo(page, '[data-role="compare"]');
  await page.keyboard.press("Enter");
  await page.locator('[data-role="comparison"]').waitFor();
  await tabTo(page, ".timeline__pod");
  await page.keyboard.press("Enter");
  await page.locator('[data-role="inspector"]').waitFor();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.locator('[data-role="inspector"]').waitFor({ state: "detached" });
  assert.ok(await page.evaluate(() => document.activeElement?.matches(".timeline__pod")), "the focus is where it was");
  await tabTo(page, '[data-role="as-table"]');
  await page.keyboard.press("Enter");
  await page.locator(".happenings__table").waitFor();
  await expectAccessible(page);
});

journey("time: a drag of the moment that Escape breaks off ends where it began", async ({ page, open }) => {
  await open();
  await page.locator(role("speed")).selectOption("64");
  await page.locator(role("apply")).click();
  await page.locator(role("remedy")).click();
  await page.locator('[data-why][data-rule="settled"]').waitFor();
  await page.locator(role("pause")).click();
  const newest = await clock(page);
  const line = await page.locator(role("scrub")).boundingBox();
  const [x, y] = [line.x + line.width / 2, line.y + line.height / 2];
  /** What a pointer passes is drawn in the next frame: waits until the clock is between two moments. */
  const clockWithin = (from, to) =>
    page.waitForFunction(([from, to]) => ((now) => from <= now && now <= to)(Number(document.querySelector("[data-clock]").dataset.clock)), [from, to]);
  /** Drags from a place to the left, to a moment before this one, and breaks off. */
  const breakOff = async (x, before) => {
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 80, y, { steps: 4 });
    await clockWithin(0, before - 1);
    await page.keyboard.press("Escape");
    await page.mouse.move(x - 120, y, { steps: 2 });
    await page.mouse.up();
  };
  await breakOff(x, newest);
  await clockWithin(newest, newest);
  // From a moment in the past, too.
  await page.mouse.click(x - 60, y);
  await clockWithin(0, newest - 1);
  const past = await clock(page);
  await breakOff(x - 60, past);
  await clockWithin(past - 200, past + 200);
});
