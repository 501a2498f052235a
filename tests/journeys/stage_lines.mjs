// The two lines of a set, moved by mouse, by finger and by keys: each drag is one command, and no drag goes further than can
// be meant.
import assert from "node:assert/strict";
import { journey } from "./lib.mjs";

const role = (name) => `[data-role="${name}"]`;
const set = (page) => page.locator('[data-kind="StatefulSet"][data-name="web"]');
const said = (page) => page.locator('[role="log"]').innerText();

/** Three pods that are ready. */
async function threeReady(page, open) {
  await open();
  await page.locator(role("speed")).selectOption("16");
  await page.locator(role("apply")).click();
  await page.locator(role("remedy")).click();
  await page.locator('[data-kind="StatefulSet"][data-ready-replicas="3"]').waitFor({ timeout: 30_000 });
  // The cluster stands still: what moves is what is moved.
  await page.locator(role("pause")).click();
}

/** The middle of something. */
async function middle(locator) {
  const { x, y, width, height } = await locator.boundingBox();
  return { x: x + width / 2, y: y + height / 2 };
}

const byMouse = (page) => ({
  async drag(from, to) {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, to.y, { steps: 4 });
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
  },
});

const byFinger = async (page) => {
  const session = await page.context().newCDPSession(page);
  const touch = (type, points) => session.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  return {
    async drag(from, to) {
      await touch("touchStart", [from]);
      for (const part of [0.25, 0.5, 0.75, 1]) {
        await touch("touchMove", [{ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }]);
      }
      await touch("touchEnd", []);
    },
  };
};

/** What a drag of each line does, whatever drags. */
async function drags(page, pointer) {
  const columns = page.locator("[data-column]");
  // Of the partition: onto the line between the first and the second column, at the height of its label.
  const label = await middle(page.locator(`${role("partition")} .line__label`));
  const [first, second] = [await columns.nth(0).boundingBox(), await columns.nth(1).boundingBox()];
  await pointer.drag(label, { x: (first.x + first.width + second.x) / 2, y: label.y });
  await page.locator('[data-kind="StatefulSet"][data-partition="1"]').waitFor();
  // Of the edge of the replicas: behind the second column, so that two are wanted.
  const grip = await middle(page.locator(`${role("replicas")} .line__grip`));
  await pointer.drag(grip, { x: second.x + second.width + 4, y: grip.y });
  await page.locator('[data-kind="StatefulSet"][data-replicas="2"]').waitFor();
  // One drag is one command.
  const log = await said(page);
  assert.equal(log.match(/\$ kubectl patch sts web/g)?.length, 1, log);
  assert.equal(log.match(/\$ kubectl scale sts web --replicas=/g)?.length, 1, log);
}

journey("stage_lines: both lines are dragged by mouse", async ({ page, open }) => {
  await threeReady(page, open);
  await drags(page, byMouse(page));
});

journey("stage_lines: both lines are dragged by finger, also on a phone", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, async ({ page, open }) => {
  await open();
  const pane = (name) => page.getByRole("button", { name, exact: true });
  await pane("YAML").tap();
  await page.locator(role("speed")).selectOption("16");
  await page.locator(role("apply")).tap();
  await pane("Stage").tap();
  await page.locator(role("remedy")).tap();
  await page.locator('[data-kind="StatefulSet"][data-ready-replicas="3"]').waitFor({ timeout: 30_000 });
  await page.locator(role("pause")).click();
  await page.locator(role("partition")).scrollIntoViewIfNeeded();
  const pointer = await byFinger(page);
  const label = await middle(page.locator(`${role("partition")} .line__label`));
  const columns = page.locator("[data-column]");
  const [first, second] = [await columns.nth(0).boundingBox(), await columns.nth(1).boundingBox()];
  await pointer.drag(label, { x: (first.x + first.width + second.x) / 2, y: label.y });
  await page.locator('[data-kind="StatefulSet"][data-partition="1"]').waitFor();
  await page.locator(`${role("replicas")} .line__grip`).scrollIntoViewIfNeeded();
  const grip = await middle(page.locator(`${role("replicas")} .line__grip`));
  const last = await columns.nth(2).boundingBox();
  await pointer.drag(grip, { x: last.x + 4, y: grip.y });
  await page.locator('[data-kind="StatefulSet"][data-replicas="2"]').waitFor();
});

journey("stage_lines: keys move both lines by one, by ten, and to the ends", async ({ page, open }) => {
  await threeReady(page, open);
  const partition = page.locator(role("partition"));
  for (const [key, at] of [["ArrowRight", 1], ["End", 3], ["ArrowLeft", 2], ["Home", 0], ["PageUp", 3]]) {
    await partition.press(key);
    await page.locator(`[data-kind="StatefulSet"][data-partition="${at}"]`).waitFor();
  }
  const replicas = page.locator(role("replicas"));
  for (const [key, count] of [["ArrowRight", 4], ["End", 9], ["ArrowLeft", 8], ["Home", 0]]) {
    await replicas.press(key);
    await page.locator(`[data-kind="StatefulSet"][data-replicas="${count}"]`).waitFor();
  }
});

journey("stage_lines: no drag asks for more than five pods more, and one that is broken off asks for nothing", async ({ page, open }) => {
  await threeReady(page, open);
  const grip = await middle(page.locator(`${role("replicas")} .line__grip`));
  // Far beyond the edge of the window.
  await byMouse(page).drag(grip, { x: 6_000, y: grip.y });
  await page.locator('[data-kind="StatefulSet"][data-replicas="8"]').waitFor();
  const before = await said(page);
  // Escape lets go of a line where it was.
  await page.locator(`${role("replicas")} .line__grip`).scrollIntoViewIfNeeded();
  const again = await middle(page.locator(`${role("replicas")} .line__grip`));
  await page.mouse.move(again.x, again.y);
  await page.mouse.down();
  await page.mouse.move(again.x - 300, again.y, { steps: 4 });
  await page.locator(`${role("replicas")}.is-dragged`).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(`${role("replicas")}.is-dragged`).waitFor({ state: "detached" });
  await page.mouse.up();
  assert.equal(await said(page), before);
  assert.equal(await set(page).getAttribute("data-replicas"), "8");
});

journey("stage_lines: the other buttons of a mouse drag nothing", async ({ page, open }) => {
  await threeReady(page, open);
  const before = await said(page);
  const grip = await middle(page.locator(`${role("replicas")} .line__grip`));
  await page.mouse.move(grip.x, grip.y);
  await page.mouse.down({ button: "right" });
  await page.mouse.move(grip.x - 300, grip.y, { steps: 4 });
  await page.mouse.up({ button: "right" });
  await page.locator(role("view-nodes")).click();
  assert.equal(await said(page), before);
});
