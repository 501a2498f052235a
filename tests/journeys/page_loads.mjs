// The page comes up: alone on its host, without an error, and at any address.
import assert from "node:assert/strict";
import { appendFile, cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectAccessible, journey, mounted, pageFolder, serve } from "./lib.mjs";

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

journey("page_loads: no file runs but the one that was built", async ({ context }) => {
  const folder = await mkdtemp(join(tmpdir(), "statefulset-sandbox-"));
  await cp(pageFolder(), folder, { recursive: true });
  const server = await serve(folder);
  /** Visits the page after a file was changed, and gives what the browser says. */
  const visit = async (file) => {
    await appendFile(join(folder, file), "\n// Not what was built.\n");
    const page = await context.newPage();
    const said = [];
    page.on("console", (message) => said.push(message.text()));
    await page.goto(server.url);
    return { page, said };
  };
  try {
    const { page, said } = await visit("editor.js");
    await mounted(page);
    await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/editor.js")));
    await page.locator('[data-role="editor"]').fill("kind: Pod\n");
    assert.equal(await page.locator(".field--behind").count(), 0, "the changed code editor runs");
    assert.match(said.join("\n"), /editor\.js[^]*integrity|integrity[^]*editor\.js/);
    await page.evaluate(async () => (await navigator.serviceWorker.ready).unregister());
    await page.close();
    const glue = (await readdir(folder, { recursive: true })).find((file) => /snippets\/.*load\.js$/.test(file));
    const { page: broken } = await visit(glue);
    await broken.locator(".broken").waitFor();
    await broken.close();
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
});
