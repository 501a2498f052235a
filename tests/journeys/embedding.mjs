// The page inside other pages: by the element and by a plain frame, on another origin, under the host's own policy, without
// an origin of its own, and against messages that mean no good.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expectAccessible, host, journey, listening, mounted, pageFolder, serve } from "./lib.mjs";

const role = (name) => `[data-role="${name}"]`;

/** Visits a host's page and gives the page, with everything that went wrong on it. */
async function visit(context, server) {
  const page = await context.newPage();
  const troubles = [];
  page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
  page.on("pageerror", (error) => troubles.push(error.message));
  await page.goto(server.url);
  return { page, troubles, frame: page.frameLocator("iframe") };
}

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

/** Everything that is drawn of pods and claims, and the clock. */
const stageOf = (frame) =>
  frame.evaluate(() => {
    const drawn = [...document.querySelectorAll('[data-role="stage"] [data-kind]')].map((element) => ({ ...element.dataset }));
    return JSON.stringify([document.querySelector("[data-clock]").dataset.clock, drawn.filter(({ kind }) => kind !== "Service")]);
  });

journey("embedding: with click-to-load nothing is asked for before a person wants it", async ({ context, url }) => {
  const server = await host(url, `<script defer src="${url}embed.js"></script><statefulset-sandbox click-to-load="Try it"></statefulset-sandbox>`);
  try {
    const asked = [];
    context.on("request", (request) => request.url().startsWith(url) && asked.push(request.url()));
    const { page, troubles, frame } = await visit(context, server);
    const button = page.getByRole("button", { name: "Try it" });
    const before = await button.boundingBox();
    assert.deepEqual(asked, [`${url}embed.js`]);
    assert.ok((await readFile(join(pageFolder(), "embed.js"))).length <= 3_000, "embed.js is larger than it promises");
    await button.click();
    await frame.locator(role("stage")).waitFor({ timeout: 20_000 });
    const after = await page.locator("iframe").boundingBox();
    assert.ok(after.y === before.y && after.height >= before.height, "the page jumps");
    assert.deepEqual(troubles, []);
    await page.close();
  } finally {
    server.close();
  }
});

journey("embedding: several on one page stand alone, and any of them opens in full as it is", async ({ context, url }) => {
  const server = await host(
    url,
    `${listening}<script defer src="${url}embed.js"></script>
     <statefulset-sandbox id="one"></statefulset-sandbox><statefulset-sandbox id="two" panes="stage" theme="dark"></statefulset-sandbox>`,
  );
  try {
    const { page, troubles } = await visit(context, server);
    const [one, two] = ["one", "two"].map((id) => page.frameLocator(`#${id} iframe`));
    await one.locator(role("apply")).click({ timeout: 20_000 });
    await one.locator(role("remedy")).click();
    await one.locator('[data-kind="Pod"][data-name="web-0"][data-ready="true"]').first().waitFor({ timeout: 20_000 });
    await one.locator(role("pause")).click();
    await page.locator("#two").scrollIntoViewIfNeeded();
    await two.locator(role("stage")).waitFor({ timeout: 20_000 });
    assert.equal(await two.locator('[data-kind="Pod"]').count(), 0);
    assert.deepEqual([await one.locator("html").getAttribute("data-theme"), await two.locator("html").getAttribute("data-theme")], ["auto", "dark"]);
    const frame = await (await page.locator("#one iframe").elementHandle()).contentFrame();
    const [full] = await Promise.all([context.waitForEvent("page"), one.locator(role("open-in-full")).click()]);
    await mounted(full);
    assert.equal(await stageOf(full), await stageOf(frame));
    assert.equal(await full.locator(role("share")).isVisible(), true, "it is not the whole page");
    // A page as large as one for looking at, twice at once, is too much for the browser's cache; it is then fetched past it.
    assert.deepEqual(troubles.filter((trouble) => !trouble.includes("ERR_CACHE_WRITE_FAILURE")), []);
    await full.close();
    await page.close();
  } finally {
    server.close();
  }
});

journey("embedding: messages of an origin that is not allowed are not taken", async ({ context, url }) => {
  const server = await host(
    url,
    `${listening}<script defer src="${url}embed.js"></script>
     <statefulset-sandbox id="closed" origins="https://course.example"></statefulset-sandbox><div id="place"></div>
     <script nonce="host">
       const open = document.createElement("statefulset-sandbox");
       open.setAttribute("origins", "https://course.example, " + location.origin);
       document.getElementById("place").append(open);
     </script>`,
  );
  try {
    const { page } = await visit(context, server);
    await page.locator("#place").scrollIntoViewIfNeeded();
    for (const id of ["closed", "place"]) await page.frameLocator(`#${id} iframe`).locator(role("stage")).waitFor({ timeout: 20_000 });
    await page.evaluate(() => {
      for (const element of document.querySelectorAll("statefulset-sandbox")) element.post({ type: "run", line: "kubectl get nodes" });
    });
    // Both were asked at once, so what the second has done the first would have done.
    await page.frameLocator("#place iframe").getByRole("log").getByText("kubectl get nodes").first().waitFor();
    assert.doesNotMatch(await page.frameLocator("#closed iframe").getByRole("log").innerText(), /get nodes/);
    assert.equal(await page.evaluate(() => globalThis.heard.filter(({ type }) => type === "command").length), 1);
    await page.close();
  } finally {
    server.close();
  }
});

journey("embedding: a guided frame is led by its buttons, and takes nothing that is typed", async ({ context, url }) => {
  const server = await host(url, `${listening}<script defer src="${url}embed.js"></script><statefulset-sandbox mode="guided"></statefulset-sandbox>`);
  try {
    const { page, troubles, frame } = await visit(context, server);
    await page.waitForFunction(() => globalThis.heard.some(({ type }) => type === "ready"), null, { timeout: 20_000 });
    for (const name of ["apply", "terminal-input"]) assert.equal(await frame.locator(role(name)).first().isVisible(), false, name);
    const written = frame.locator(role("editor"));
    const before = await written.inputValue();
    await frame.locator(".field--behind").waitFor();
    await frame.locator(".field__code .cm-content").focus();
    await page.keyboard.type("x");
    assert.equal(await written.inputValue(), before);
    // The host may do what the person may not.
    await page.evaluate(() => document.querySelector("statefulset-sandbox").post({ type: "run", line: "kubectl apply -f web.yaml" }));
    await frame.locator(role("remedy")).click();
    await frame.locator('[data-kind="Pod"][data-name="web-0"]').first().waitFor();
    await frame.getByRole("log").getByText("kubectl apply -f").first().waitFor();
    assert.deepEqual(troubles, []);
    await page.close();
  } finally {
    server.close();
  }
});

journey("embedding: the stage alone fits a narrow column", { viewport: { width: 390, height: 844 } }, async ({ context, url }) => {
  const server = await host(url, `<script defer src="${url}embed.js"></script><statefulset-sandbox panes="stage"></statefulset-sandbox>`);
  try {
    const { page, troubles, frame } = await visit(context, server);
    await frame.locator(role("stage")).waitFor({ timeout: 20_000 });
    const zones = await frame.locator(".page > .zones > .zone:visible").evaluateAll((zones) => zones.map((zone) => zone.className));
    assert.ok(zones.length > 0 && zones.every((name) => /zone--(stage|time)/.test(name)), `also shown: ${zones}`);
    const inside = await (await page.locator("iframe").elementHandle()).contentFrame();
    await inside.waitForFunction(() => document.documentElement.scrollHeight <= innerHeight + 1);
    assert.ok(await inside.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it is wider than the column");
    assert.deepEqual(troubles, []);
    await page.close();
  } finally {
    server.close();
  }
});

/** Runs one of the build's scripts on the built page. */
const chore = (script, ...args) =>
  promisify(execFile)(process.execPath, [resolve(import.meta.dirname, "../../xtask/src", script), ...args]);

journey("embedding: the page in one file opens from a disk, asks for nothing, and works without an origin", async ({ context }) => {
  const folder = await mkdtemp(join(tmpdir(), "statefulset-sandbox-"));
  const file = join(folder, "one.html");
  await chore("publish.mjs", "--single", pageFolder(), file);
  const one = await readFile(file);
  // A host that sends no header of any use.
  const server = createServer((request, response) => {
    const page = request.url === "/" ? '<iframe sandbox="allow-scripts" title="x" width="900" height="700" src="/one.html?embed=1"></iframe>' : one;
    response.writeHead(200, { "content-type": "text/html" }).end(page);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    for (const [url, of] of [
      [pathToFileURL(file).href, (page) => page],
      [`http://localhost:${server.address().port}/`, (page) => page.frameLocator("iframe")],
    ]) {
      const page = await context.newPage();
      const asked = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(url);
      const inside = of(page);
      await inside.locator(`header ${role("language")}`).selectOption("zh-TW", { timeout: 20_000 });
      await inside.locator('html[lang="zh-TW"]').waitFor();
      await inside.locator(role("apply")).click();
      await inside.locator('[data-kind="Pod"]').first().waitFor();
      const more = asked.filter((address) => !/^(data|blob):/.test(address) && !address.endsWith("/") && !address.includes("one.html"));
      assert.deepEqual(more, []);
      await page.close();
    }
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
});

journey("embedding: a SCORM package reports what was reached, and resumes where it was left", async ({ context }) => {
  const folder = await mkdtemp(join(tmpdir(), "statefulset-sandbox-"));
  await chore("scorm.mjs", pageFolder(), "ordered-creation", "en", folder);
  // The run-time of a platform, as far as the package speaks with it, in the window around it.
  const platform = `<!doctype html><title>A platform</title><iframe name="sco" width="1200" height="800"></iframe><script>
    const kept = JSON.parse(sessionStorage.getItem("cmi") ?? '{"cmi.core.lesson_status":"not attempted"}');
    let running = false;
    globalThis.kept = kept;
    globalThis.API = {
      LMSInitialize: () => String(running = true),
      LMSGetValue: (name) => (running ? kept[name] ?? "" : ""),
      LMSSetValue: (name, value) => {
        if (!running || typeof value !== "string" || (name === "cmi.suspend_data" && value.length > 4096)) return "false";
        kept[name] = value;
        return "true";
      },
      LMSCommit: () => { sessionStorage.setItem("cmi", JSON.stringify(kept)); return "true"; },
      LMSFinish: () => { running = false; kept.finished = "true"; return "true"; },
      LMSGetLastError: () => "0", LMSGetErrorString: () => "", LMSGetDiagnostic: () => "",
    };
    document.querySelector("iframe").src = "index.html";
  </script>`;
  await writeFile(join(folder, "platform.html"), platform);
  const server = await serve(folder);
  try {
    const page = await context.newPage();
    await page.goto(`${server.url}platform.html`);
    const lesson = page.frameLocator("iframe").frameLocator("iframe");
    await lesson.locator(".zone--lesson").waitFor({ timeout: 20_000 });
    assert.equal(await page.evaluate(() => globalThis.kept["cmi.core.lesson_status"]), "incomplete");
    await lesson.locator(role("apply")).click();
    await lesson.locator('[data-kind="Pod"][data-name="web-2"][data-ready="true"]').first().waitFor({ timeout: 30_000 });
    await page.waitForFunction(() => Number(globalThis.kept["cmi.core.score.raw"]) > 0, null, { timeout: 20_000 });
    await page.waitForFunction(() => globalThis.kept["cmi.suspend_data"]?.startsWith("s1."));
    await page.evaluate(() => (document.querySelector("iframe").src = "about:blank"));
    await page.waitForFunction(() => globalThis.kept.finished === "true");
    assert.match(await page.evaluate(() => globalThis.kept["cmi.core.session_time"]), /^\d{4}:\d\d:\d\d$/);
    await page.reload();
    await lesson.locator('[data-kind="Pod"][data-name="web-0"]').first().waitFor({ timeout: 20_000 });
    await page.close();
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
});

journey("embedding: the whole page of a frame without JavaScript of its host is in reach of assistive technology", async ({ page, url }) => {
  await page.goto(`${url}?embed=1&panes=stage,terminal`);
  await page.locator(role("stage")).waitFor({ timeout: 20_000 });
  await expectAccessible(page);
});
