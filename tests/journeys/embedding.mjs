// The page inside other pages: by the element and by a plain frame, on another origin, under the host's own policy, without
// an origin of its own, and against messages that mean no good.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { journey } from "./lib.mjs";

const role = (name) => `[data-role="${name}"]`;

/** A host's page on an origin of its own, under the policy that docs/embedding.md asks for. */
async function host(url, body) {
  const policy = `default-src 'none'; script-src ${url}embed.js 'nonce-host'; frame-src ${new URL(url).origin}`;
  const page = `<!doctype html><html lang="en"><title>A course</title><body><h1>A course</h1>${body}</body></html>`;
  const server = createServer((request, response) => {
    response.writeHead(200, { "content-type": "text/html", "content-security-policy": policy }).end(request.url === "/" ? page : "");
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://localhost:${server.address().port}/`, close: () => server.close() };
}

/** Visits a host's page and gives the page, with everything that went wrong on it. */
async function visit(context, server) {
  const page = await context.newPage();
  const troubles = [];
  page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
  page.on("pageerror", (error) => troubles.push(error.message));
  await page.goto(server.url);
  return { page, troubles, frame: page.frameLocator("iframe") };
}

const listening = `<script nonce="host">
  globalThis.heard = [];
  for (const type of ["ready", "state", "command", "event", "error"])
    addEventListener("sandbox-" + type, (event) => heard.push(event.detail));
</script>`;

journey("embedding: the element shows the parts that were asked for, and speaks with its host", async ({ context, url }) => {
  const server = await host(
    url,
    `${listening}<script defer src="${url}embed.js"></script>
     <statefulset-sandbox panes="stage,terminal" theme="dark"></statefulset-sandbox>`,
  );
  try {
    const { page, troubles, frame } = await visit(context, server);
    await frame.locator(role("stage")).waitFor({ timeout: 20_000 });
    assert.equal(await frame.locator(role("apply")).isVisible(), false);
    assert.equal(await frame.locator(role("terminal-input")).isVisible(), true);
    assert.equal(await frame.locator("html").getAttribute("data-theme"), "dark");
    await page.waitForFunction(() => globalThis.heard.some(({ type }) => type === "ready"));
    await page.evaluate(() => document.querySelector("statefulset-sandbox").post({ type: "run", line: "kubectl create namespace lab" }));
    const heard = (type) => page.waitForFunction((type) => globalThis.heard.find((message) => message.type === type), type);
    assert.equal((await (await heard("command")).jsonValue()).line, "kubectl create namespace lab");
    assert.equal((await (await heard("event")).jsonValue()).name, "lab");
    const { link } = await (await heard("state")).jsonValue();
    assert.match(link, /^s1\./);
    await page.evaluate((link) => document.querySelector("statefulset-sandbox").post({ type: "load", link: link + "x!" }), link);
    assert.equal((await (await heard("error")).jsonValue()).code, "bad-link");
    assert.deepEqual(troubles, []);
    await page.close();
  } finally {
    server.close();
  }
});

journey("embedding: a frame without an origin of its own works, and keeps nothing", async ({ context, url }) => {
  const server = await host(url, `<iframe sandbox="allow-scripts" title="x" width="900" height="700" src="${url}?embed=1"></iframe>`);
  try {
    const { page, troubles, frame } = await visit(context, server);
    await frame.locator(role("apply")).click({ timeout: 20_000 });
    await frame.locator('[data-kind="Pod"]').first().waitFor();
    assert.equal(await page.frames()[1].evaluate(() => globalThis.origin), "null");
    assert.deepEqual(troubles, []);
    await page.close();
  } finally {
    server.close();
  }
});

journey("embedding: a frame that is read-only runs nothing, and takes no message of a stranger", async ({ context, url }) => {
  const server = await host(
    url,
    `${listening}<script defer src="${url}embed.js"></script><statefulset-sandbox mode="read-only" height="600"></statefulset-sandbox>`,
  );
  try {
    const { page, frame } = await visit(context, server);
    await frame.locator(role("stage")).waitFor({ timeout: 20_000 });
    assert.equal(await frame.locator(role("apply")).isVisible(), false);
    await page.waitForFunction(() => globalThis.heard.some(({ type }) => type === "ready"));
    await page.evaluate(() => document.querySelector("statefulset-sandbox").post({ type: "run", line: "kubectl get nodes" }));
    await page.waitForFunction(() => globalThis.heard.some(({ code }) => code === "not-allowed"));
    // From itself, and not from its parent.
    await page.frames()[1].evaluate(() => window.postMessage({ sandbox: 1, type: "set", theme: "dark" }, "*"));
    // What has no known form is not answered and breaks nothing.
    await page.evaluate(() => {
      const frame = document.querySelector("iframe").contentWindow;
      const deep = {};
      deep.self = deep;
      for (const odd of [null, 7, "run", [], deep, { sandbox: 1 }, { sandbox: 1, type: "dance" }, { sandbox: "1", type: "play" }])
        frame.postMessage(odd, "*");
      frame.postMessage({ sandbox: 1, type: "set", theme: "light" }, "*");
    });
    await frame.locator('html[data-theme="light"]').waitFor();
    assert.equal(await page.evaluate(() => globalThis.heard.filter(({ type }) => type === "error").length), 1);
    await page.close();
  } finally {
    server.close();
  }
});

journey("embedding: the whole page of a frame without JavaScript of its host is in reach of assistive technology", async ({ page, url }) => {
  const { expectAccessible } = await import("./lib.mjs");
  await page.goto(`${url}?embed=1&panes=stage,terminal`);
  await page.locator(role("stage")).waitFor({ timeout: 20_000 });
  await expectAccessible(page);
});
