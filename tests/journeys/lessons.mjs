// Lessons as a learner goes through them. By keyboard alone: the map, hints in stages, a wrong prediction set against what
// happened on the timeline, a reload, free play and the way back, a step begun anew, the challenge, and the summary. Then in
// Chinese, on a phone. axe finds nothing in the panel on the way.
import assert from "node:assert/strict";
import { expectAccessible, journey, tabTo } from "./lib.mjs";

const role = (name, more = "") => `[data-role="${name}"]${more}`;
const panel = role("lesson");

async function press(page, selector) {
  await tabTo(page, selector);
  await page.keyboard.press("Enter");
}

async function type(page, line) {
  await tabTo(page, role("terminal-input"));
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
}

/** Shows the next hint of the step, and runs its command. */
async function runNextHint(page) {
  const runs = page.locator(role("hint-run"));
  const before = await runs.count();
  await press(page, role("hint"));
  await runs.nth(before).press("Enter");
}

const step = (page, name, done) => page.locator(role("lesson-step", `[data-step="${name}"][data-done="${done}"]`)).waitFor();
const inPanel = (page) => page.evaluate((panel) => document.activeElement?.closest(panel) !== null, panel);
const image = (page, pod) => page.locator(`${role("stage")} [data-kind="Pod"][data-name="${pod}"]`);

journey("lessons by keyboard: a wrong prediction, hints, a reload, free play, a step anew, and the summary", async ({ page, open }) => {
  await open();
  await tabTo(page, role("speed"));
  await page.keyboard.press("End");
  await press(page, role("lessons"));
  await page.locator(role("lesson-open")).first().waitFor();
  await expectAccessible(page, panel);
  await press(page, role("lesson-open", '[data-lesson="on-delete"]'));
  await step(page, "switch", false);
  assert.ok(await inPanel(page), "the focus goes on in the lesson");

  // Hints come one after the other, each with its command.
  assert.equal(await page.locator(role("hint-text")).count(), 0);
  await runNextHint(page);
  assert.equal(await page.locator(role("hint-text")).count(), 1);
  await runNextHint(page);
  await step(page, "switch", true);
  await page.locator(".lesson__body").evaluate((body) => body.scrollTo(0, body.scrollHeight));
  await press(page, role("step-next"));
  await step(page, "choose", false);
  assert.ok(await inPanel(page), "the focus goes on in the next step");
  assert.equal(await page.locator(".lesson__body").evaluate((body) => body.scrollTop), 0, "which is read from its top");

  // A wrong prediction, and what came instead: in the panel, and on the timeline at its moment.
  await tabTo(page, role("predict-choice"));
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  assert.ok(await page.locator(role("predict-choice", '[value="all"]')).isChecked());
  await runNextHint(page);
  await page.locator(role("predict", '[data-state="wrong"]')).waitFor();
  await step(page, "choose", true);
  const foretold = page.locator(role("foretold", '[data-state="wrong"]'));
  assert.match(await foretold.innerText(), /the update goes on with the others.*only web-0 gets the new image/i);
  assert.equal(await page.locator(".strips__foretold--wrong").count(), 1);
  await press(page, role("predict-moment"));
  const moment = await page.locator("[data-clock]").getAttribute("data-clock");
  assert.equal(moment, await foretold.getAttribute("data-ms"));
  await press(page, role("predict-newest"));
  await expectAccessible(page);

  // What was reached, predicted and shown is there after a reload.
  await page.reload();
  await step(page, "choose", true);
  await page.locator(role("predict", '[data-state="wrong"]')).waitFor();
  assert.equal(await page.locator(role("hint-text")).count(), 1);
  await foretold.waitFor();

  // Free play, and back to the lesson where it was. Time stands still since the moment was looked at.
  await tabTo(page, role("speed"));
  await page.keyboard.press("End");
  await press(page, role("play"));
  await press(page, role("lesson-close"));
  await type(page, "kubectl scale sts web --replicas=1");
  await image(page, "web-2").waitFor({ state: "detached" });
  await press(page, role("lessons"));
  await press(page, role("lesson-back"));
  await step(page, "choose", true);

  // The step anew: its cluster, its goals and its question are as when it began.
  await press(page, role("step-reset"));
  await step(page, "choose", false);
  await image(page, "web-2").waitFor();
  await page.locator(role("predict", '[data-state="open"]')).waitFor();
  await type(page, "kubectl delete pod web-0");
  await step(page, "choose", true);

  // The challenge without any hint, and what was used on the way.
  await press(page, role("step-next"));
  await step(page, "challenge", false);
  await type(page, "kubectl delete pod web-1 && kubectl rollout history sts/web");
  await type(page, "kubectl wait --for=condition=Ready pod/web-1 && kubectl delete pod web-2");
  await step(page, "challenge", true);
  await press(page, role("step-next"));
  const summary = page.locator(role("lesson-summary", '[data-done="true"]'));
  await summary.waitFor();
  const commands = await summary.locator(".lesson-commands code").allInnerTexts();
  for (const used of ["kubectl delete pod web-0", "kubectl set image sts/web nginx=registry.k8s.io/nginx-slim:0.25"]) {
    assert.ok(commands.includes(used), `${used} was used: ${commands.join(", ")}`);
  }
  await expectAccessible(page, panel);
  await press(page, role("lesson-map"));
  await page.locator(role("lesson-open", '[data-lesson="on-delete"][data-state="done"]')).waitFor();
});

const phone = { viewport: { width: 390, height: 844 }, locale: "zh-TW", hasTouch: true, colorScheme: "dark" };

journey("lessons in Chinese on a phone: nothing is cut, and a wrong prediction is told", phone, async ({ page, open }) => {
  await open("?lesson=parallel");
  await step(page, "create", false);
  assert.equal(await page.getAttribute("html", "lang"), "zh-TW", "the browser's language");
  const cut = () =>
    page.evaluate(() => document.documentElement.scrollWidth > innerWidth || [...document.querySelectorAll(".lesson__body *")].some((part) => part.getBoundingClientRect().right > innerWidth + 1));
  assert.equal(await cut(), false);
  await page.locator(`${panel} .link`).first().tap();
  await page.locator(role("glossary")).waitFor();
  await expectAccessible(page, panel);
  await page.locator(`${role("glossary")} button`).tap();
  await page.locator(role("predict-choice", '[value="order"]')).tap();
  for (let shown = 0; shown < 2; shown += 1) await page.locator(role("hint")).tap();
  await page.locator(role("hint-run")).tap();
  await page.locator(role("predict", '[data-state="wrong"]')).waitFor();
  assert.match(await page.locator(role("predict")).innerText(), /和平常一樣，一個接一個[^]*同時/);
  assert.equal(await cut(), false);
  await step(page, "create", true);
});

journey("lessons: an address with a lesson that is not there says so, and shows those that are", async ({ page, open, provoke }) => {
  provoke(/404/);
  await open("?lesson=nothing-like-it");
  await page.getByRole("alert").getByText("could not be fetched").waitFor();
  await page.locator('[data-role="lesson-open"][data-lesson="partition"]').click();
  await page.locator('[data-role="lesson"][data-lesson="partition"]').waitFor();
  assert.equal(await page.getByText("could not be fetched").count(), 0);
});
