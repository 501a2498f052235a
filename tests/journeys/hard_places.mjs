// Places where pages break: no storage, a reload in the middle.
import { journey, mounted } from "./lib.mjs";

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
