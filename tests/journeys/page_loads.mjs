// The page comes up: alone on its host, without an error, and at any address.
import assert from "node:assert/strict";
import { expectAccessible, journey } from "./lib.mjs";

journey("page_loads: the app draws itself without an error", async ({ page, open }) => {
  await open();
  assert.notEqual((await page.locator("main").first().innerText()).trim(), "");
  assert.match(await page.title(), /StatefulSet/);
});

journey("page_loads: nothing on it is out of reach of assistive technology", async ({ page, open }) => {
  await open();
  await expectAccessible(page);
});

journey("page_loads: the policy that forbids other hosts is in force", async ({ page, open, provoke }) => {
  // The other journeys prove that the app breaks no rule; this one, that there is a rule to break.
  // 192.0.2.1 is reserved for examples and belongs to nobody.
  provoke(/192\.0\.2\.1/);
  await open();
  const refused = await page.evaluate(
    () =>
      new Promise((resolve) => {
        document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), { once: true });
        const image = document.createElement("img");
        image.src = "http://192.0.2.1/";
        document.body.append(image);
      }),
  );
  assert.equal(refused, "img-src");
});
