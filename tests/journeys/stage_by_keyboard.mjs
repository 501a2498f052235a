// The stage by keyboard alone: from view to view, and every gesture. The tab key leads to each control; nothing is clicked.
import assert from "node:assert/strict";
import { expectAccessible, journey, tabTo } from "./lib.mjs";

const role = (name) => `[data-role="${name}"]`;
const drawn = (kind, name) => `${role("stage")} [data-kind="${kind}"][data-name="${name}"]`;
/** With a hundred pods the way is long. */
const PRESSES_MAX = 400;
const said = (page) => page.locator('[role="log"]').innerText();

const press = async (page, selector, key = "Enter") => {
  await tabTo(page, selector, PRESSES_MAX);
  await page.keyboard.press(key);
};

async function ready(page, count) {
  const pods = `${role("stage")} [data-kind="Pod"][data-ready="true"]:not([data-phase="Terminating"])`;
  await page.waitForFunction(([pods, count]) => document.querySelectorAll(pods).length === count, [pods, count], { timeout: 30_000 });
}

journey("stage_by_keyboard: every view and gesture, and axe finds nothing in any view", async ({ page, open }) => {
  await open();
  await page.locator(role("speed")).selectOption("16");
  await press(page, role("apply"));
  await press(page, role("remedy"));
  await ready(page, 3);
  await expectAccessible(page);

  await press(page, role("partition"), "ArrowRight");
  await page.locator(`${role("partition")}[aria-valuenow="1"]`).waitFor();
  await press(page, role("replicas"), "ArrowRight");
  await ready(page, 4);
  await press(page, `${drawn("Pod", "web-1")} ${role("choose")}`);
  await page.locator(`${drawn("Pod", "web-1")}.is-chosen`).waitFor();
  await press(page, `${drawn("Pod", "web-1")} ${role("delete")}`);
  await ready(page, 4);

  await press(page, role("view-nodes"));
  await press(page, `${drawn("Node", "node-1")} ${role("cordon")}`);
  await page.locator(`${drawn("Node", "node-1")}[data-cordoned="true"]`).waitFor();
  await press(page, `${drawn("Node", "node-2")} ${role("fail")}`);
  await page.locator(`${drawn("Node", "node-2")}[data-ready="false"]`).waitFor({ timeout: 20_000 });
  await expectAccessible(page);
  await press(page, `${drawn("Node", "node-2")} ${role("restore")}`);
  await press(page, `${drawn("Node", "node-1")} ${role("uncordon")}`);
  await ready(page, 4);

  await press(page, role("view-table"));
  await press(page, role("sort-name"));
  assert.equal(await page.locator(`${role("stage")} [data-kind="Pod"]`).first().getAttribute("data-name"), "web-3");
  await expectAccessible(page);

  await press(page, role("view-columns"));
  const log = await said(page);
  for (const command of ["kubectl patch sts web", "kubectl scale sts web --replicas=4", "kubectl delete pod web-1", "kubectl cordon node-1", "sandbox node fail node-2", "sandbox node restore node-2", "kubectl uncordon node-1"]) {
    assert.ok(log.includes(command), `the terminal does not show ${command}`);
  }
});

journey("stage_by_keyboard: a hundred pods, and axe finds nothing", async ({ page, open }) => {
  await open();
  await page.locator(role("speed")).selectOption("64");
  await press(page, role("apply"));
  await press(page, role("remedy"));
  await ready(page, 3);
  await page.locator(role("terminal-input")).fill("kubectl scale sts web --replicas=100");
  await page.locator(role("terminal-input")).press("Enter");
  await page.locator(role("cells")).waitFor();
  await ready(page, 100);
  await expectAccessible(page);
  await tabTo(page, role("cells"), PRESSES_MAX);
  for (const key of ["End", "ArrowLeft", "Delete"]) await page.keyboard.press(key);
  await page.locator('[role="log"]', { hasText: "kubectl delete pod web-98 --wait=false" }).waitFor();
  await press(page, role("replicas"), "ArrowLeft");
  await page.locator('[data-kind="StatefulSet"][data-replicas="99"]').waitFor();
});
