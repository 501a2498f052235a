// The terminal in the served page: with the keyboard alone from the first Tab on, and what a person copies and reads.
import assert from "node:assert/strict";
import { expectAccessible, journey } from "./lib.mjs";

const role = (name) => `[data-role="${name}"]`;
const ready = (name) => `[data-kind="Pod"][data-name="${name}"][data-ready="true"]`;

/** Goes on with Tab until the focus is where it should be. */
async function tabTo(page, selector, key = "Tab") {
  for (let steps = 0; steps < 80; steps += 1) {
    if (await page.locator(selector).first().evaluate((element) => element === document.activeElement).catch(() => false)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`The keyboard does not get to ${selector}.`);
}

/** Types a command and runs it. */
async function run(page, line) {
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
}

journey("terminal: a whole session with the keyboard alone", async ({ page, open }) => {
  await open();
  await page.locator(role("speed")).selectOption({ index: -1 }).catch(() => null);
  await tabTo(page, role("apply"));
  await page.keyboard.press("Enter");
  await page.locator(role("remedy")).waitFor();
  await tabTo(page, role("remedy"));
  await page.keyboard.press("Enter");
  await tabTo(page, role("terminal-input"));
  const input = page.locator(role("terminal-input"));
  // Tab completes; twice it shows a menu, which arrows and Enter choose from.
  await page.keyboard.type("kubec");
  await page.keyboard.press("Tab");
  await page.keyboard.type("rollout sta");
  await page.keyboard.press("Tab");
  await page.keyboard.type("statefulsets");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.equal(await input.inputValue(), "kubectl rollout status statefulsets web ");
  await page.keyboard.press("Enter");
  await page.getByRole("log").getByText("partitioned roll out complete: 3 new pods have been updated...").waitFor({ timeout: 40_000 });
  await page.locator(ready("web-2")).waitFor();
  await page.keyboard.type("kubectl describe pod we");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.getByRole("option", { name: /web-2/ }).waitFor();
  await expectAccessible(page);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal(await input.inputValue(), "kubectl describe pod web-1 ");
  // Escape and then Tab leaves; Shift and Tab comes back.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.ok(!(await input.evaluate((element) => element === document.activeElement)), "the terminal is a trap");
  await tabTo(page, role("terminal-input"), "Shift+Tab");
  await page.keyboard.press("Control+u");
  await run(page, "kubectl get pods");
  await page.keyboard.press("Control+r");
  await page.keyboard.type("rollout");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  // A name in the output lights up on the stage.
  await tabTo(page, '[role="log"]', "Shift+Tab");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".page").getAttribute("data-chosen"), "Pod default/web-2");
  // A file to edit takes the focus, and gives it back.
  await tabTo(page, role("terminal-input"));
  await run(page, "kubectl edit sts web");
  await page.locator(role("save-file")).waitFor();
  await page.waitForFunction(() => document.activeElement?.matches(".field__code"));
  // Its tab is the open one, and in sight, however many there are.
  const tab = page.locator('[data-role="file"][aria-selected="true"]');
  assert.match(await tab.innerText(), /^kubectl-edit-/);
  assert.ok(await tab.evaluate((one) => one.getBoundingClientRect().right <= one.parentElement.getBoundingClientRect().right + 1));
  await expectAccessible(page);
  await tabTo(page, role("cancel-file"));
  await page.keyboard.press("Enter");
  await page.getByRole("log").getByText("Edit cancelled, no changes made.").waitFor();
  assert.ok(await input.evaluate((element) => element === document.activeElement), "the terminal has the focus again");
  await tabTo(page, role("tab-terminal"), "Shift+Tab");
  await page.keyboard.press("ArrowRight");
  await page.locator(role("resolver-input")).waitFor();
  await tabTo(page, role("resolver-input"));
  await run(page, "web-1.nginx");
  await page.locator('[data-query="web-1.nginx"]').getByText("web-1.nginx.default.svc.cluster.local").waitFor();
  await expectAccessible(page);
});

journey("terminal: a watch goes on while the page is used, and ends with Ctrl+C", async ({ page, open }) => {
  await open();
  await page.locator(role("terminal-input")).focus();
  await run(page, "kubectl get pods -w");
  await page.locator(role("apply")).click();
  await page.locator(role("remedy")).click();
  await page.getByRole("log").getByText(/web-0 +1\/1 +Running/).waitFor({ timeout: 30_000 });
  await page.locator(role("terminal-input")).focus();
  await page.keyboard.press("Control+c");
  await run(page, "echo free again");
  await page.getByRole("log").getByText("free again", { exact: true }).waitFor();
});

journey("terminal: a hundred thousand lines leave the page quick, and can be copied", async ({ page, open, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open();
  await page.locator(role("terminal-input")).focus();
  await run(page, "seq 100000");
  await page.getByRole("log").getByText("100000").first().waitFor();
  const started = Date.now();
  await run(page, "kubectl get nodes");
  await page.getByRole("log").getByText("node-3").first().waitFor();
  assert.ok(Date.now() - started < 3_000, "typing behind a long output is slow");
  await page.locator('[data-job="0"]').hover();
  await page.locator('[data-job="0"] .job__copy').click();
  await page.locator('[data-job="0"]').getByText("Copied").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied.split("\n").length, 100_001, "all lines are copied");
});
