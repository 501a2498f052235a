// What the page exists for, as a person does it: with mouse, with touch, and with the keyboard alone.
import assert from "node:assert/strict";
import { expectAccessible, journey } from "./lib.mjs";

const role = (name) => `[data-role="${name}"]`;
const drawn = (kind, name) => `[data-kind="${kind}"][data-name="${name}"]`;
const ready = (name) => `${drawn("Pod", name)}[data-ready="true"]`;

/** Lets a cluster act at full speed, so that a journey takes seconds. */
async function hurry(page) {
  await page.locator(role("speed")).selectOption({ index: -1 }).catch(() => null);
  const values = await page.locator(`${role("speed")} option`).evaluateAll((options) => options.map((option) => option.value));
  if (values.length > 0) await page.locator(role("speed")).selectOption(values.at(-1));
}

/** Applies the first manifest and supplies the class that its claims ask for. */
async function threeReady(page) {
  await hurry(page);
  await page.locator(role("apply")).click();
  await page.locator('[data-why][data-rule="claim-waits-for-class"]').waitFor();
  await page.locator(role("remedy")).click();
  for (const name of ["web-0", "web-1", "web-2"]) await page.locator(ready(name)).waitFor();
}

journey("main_job: by mouse, from a manifest to a pod that came back", async ({ page, open }) => {
  await open();
  await threeReady(page);
  const pod = page.locator(drawn("Pod", "web-1"));
  const [uid, address] = [await pod.getAttribute("data-uid"), await pod.getAttribute("data-ip")];
  const volume = await page.locator(drawn("PersistentVolumeClaim", "www-web-1")).getAttribute("data-volume");
  await pod.getByRole("button", { name: /delete/i }).click();
  await page.locator(`${ready("web-1")}:not([data-uid="${uid}"])`).waitFor();
  assert.notEqual(await pod.getAttribute("data-ip"), address);
  assert.equal(await page.locator(drawn("PersistentVolumeClaim", "www-web-1")).getAttribute("data-volume"), volume);
  assert.match(await page.getByRole("log").innerText(), /kubectl delete pod web-1/);
  await expectAccessible(page);
});

journey("main_job: with the keyboard alone", async ({ page, open }) => {
  await open();
  await page.locator(role("editor")).focus();
  await page.keyboard.press("Control+Enter");
  const supply = page.locator(role("remedy"));
  await supply.waitFor();
  // Whatever lies between, the keyboard gets there.
  for (let steps = 0; steps < 60; steps += 1) {
    if (await supply.evaluate((button) => button === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  for (const name of ["web-0", "web-1", "web-2"]) await page.locator(ready(name)).waitFor({ timeout: 30_000 });
  await page.locator(role("terminal-input")).focus();
  await page.keyboard.type("kubectl scale sts web --replicas=1");
  await page.keyboard.press("Enter");
  await page.locator(`${drawn("Pod", "web-2")}`).waitFor({ state: "detached", timeout: 20_000 });
  await page.locator(`${drawn("Pod", "web-1")}`).waitFor({ state: "detached", timeout: 20_000 });
  assert.equal(await page.locator(drawn("PersistentVolumeClaim", "www-web-2")).count(), 1);
});

journey("main_job: on a phone, by touch", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, async ({ page, open }) => {
  await open();
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok((await overflow()) <= 0, "the page is wider than the screen");
  const pane = (name) => page.getByRole("button", { name, exact: true }).or(page.getByRole("tab", { name, exact: true }));
  await pane("YAML").tap();
  await page.locator(role("apply")).tap();
  await pane("Stage").tap();
  const banner = await page.locator("[data-why]").boundingBox();
  assert.ok(banner.width > 200 && banner.height < 200, "the sentence of Why? is squeezed");
  await page.locator(role("remedy")).tap();
  await page.locator(ready("web-0")).waitFor({ timeout: 20_000 });
  assert.ok((await overflow()) <= 0, "the page is wider than the screen");
});

journey("main_job: a name is looked up, and follows the pod", async ({ page, open }) => {
  await open();
  await threeReady(page);
  const ask = async () => {
    await page.locator(role("resolver-input")).fill("web-1.nginx");
    await page.locator(role("resolver-input")).press("Enter");
  };
  await page.locator(role("tab-names")).click();
  const pod = page.locator(drawn("Pod", "web-1"));
  const resolver = page.locator("section", { has: page.locator(role("resolver-input")) }).last();
  await ask();
  const before = await pod.getAttribute("data-ip");
  await resolver.getByText(before).first().waitFor();
  const uid = await pod.getAttribute("data-uid");
  await pod.getByRole("button", { name: /delete/i }).click();
  await page.locator(`${ready("web-1")}:not([data-uid="${uid}"])`).waitFor();
  await ask();
  await resolver.getByText(await pod.getAttribute("data-ip")).first().waitFor();
});
