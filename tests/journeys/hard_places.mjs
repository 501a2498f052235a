// Places where pages break: no storage, no room in it, a reload in the middle, and a page that does break.
import assert from "node:assert/strict";
import { expectAccessible, journey, mounted } from "./lib.mjs";

const role = (name) => `[data-role="${name}"]`;

journey("hard_places: storage is blocked", async ({ page, context, open }) => {
  await context.addInitScript(() => {
    for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, name, { get: () => { throw new DOMException("blocked", "SecurityError"); } });
    }
  });
  await open();
  await page.locator(role("apply")).click();
  await page.locator("[data-why]").waitFor();
});

journey("hard_places: a reload while the cluster acts", async ({ page, open }) => {
  await open();
  await page.locator(role("apply")).click();
  await page.locator('[data-kind="Pod"]').first().waitFor();
  await page.reload();
  await mounted(page);
  await page.locator(role("apply")).click();
  await page.locator('[data-kind="Pod"]').first().waitFor();
});

/** Takes the ground from under the app, as an extension of the browser may: what it draws next has no place to go. */
async function breakPage(page) {
  await page.evaluate(() => {
    for (const element of document.querySelectorAll('[data-role="stage"], [data-role="stage"] *')) element.replaceChildren();
  });
}

const manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: precious\n";

journey("hard_places: a page that breaks says so, and loses nothing", async ({ page, open, provoke }) => {
  provoke(/unreachable|panicked|not a child/);
  await open();
  await page.locator(role("apply")).click();
  await page.locator('[data-kind="Pod"]').first().waitFor();
  await breakPage(page);
  // What was written last, in the very moment before.
  await page.locator(role("editor")).fill(manifest);
  await page.locator(role("remedy")).click().catch(() => null);
  await page.locator(".broken").waitFor();
  await expectAccessible(page);
  const report = await page.locator(".broken__state").inputValue();
  assert.match(report, /panicked/);
  assert.match(report, /kubectl apply -f web\.yaml/);
  assert.ok(report.includes(manifest), report);
  await page.locator(".broken__buttons a").click();
  await mounted(page);
  assert.equal(await page.locator(role("editor")).inputValue(), manifest);
  assert.equal(await page.locator('[data-kind="Pod"]').count(), 0, "what broke the page ran again unasked");
  await page.locator(role("notice-remedy")).click();
  await page.locator('[data-kind="Pod"]').first().waitFor();
});

journey("hard_places: the browser's storage is full", async ({ page, open }) => {
  await page.addInitScript(() => {
    // In steps, so that not a letter of room is left.
    for (let length = 2 ** 22; length >= 1; length = Math.floor(length / 2)) {
      for (let number = 0; ; number += 1) {
        try {
          localStorage.setItem(`other-${length}-${number}`, "x".repeat(length));
        } catch {
          break;
        }
      }
    }
  });
  await open();
  await page.locator(role("apply")).click();
  await page.locator(role("notice")).getByText("no room", { exact: false }).waitFor();
  await page.locator(role("editor")).fill(manifest);
  await page.locator('[data-kind="Pod"]').first().waitFor();
  assert.equal(await page.locator(role("editor")).inputValue(), manifest);
});
