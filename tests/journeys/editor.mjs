// The editor as a person uses it: the code editor in front of the text field, help while typing, files, the other views, and the
// keyboard alone.
import assert from "node:assert/strict";
import { expectAccessible, journey } from "./lib.mjs";

const role = (name) => `[data-role="${name}"]`;
const code = (page) => page.locator(".field__code .cm-content");

/** Opens the page and waits for the code editor. */
async function ready(page, open) {
  await open();
  await page.locator(".field--behind").waitFor();
}

const text = (page) => page.locator(role("editor")).evaluate((editor) => editor.value);

async function put(page, value) {
  await page.locator(role("editor")).evaluate((editor, value) => {
    editor.value = value;
    editor.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, value);
}

const set = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: web
spec:
`;

journey("editor: the text field and the code editor hold one text", async ({ page, open }) => {
  await ready(page, open);
  await put(page, "kind: Pod\n");
  assert.equal((await code(page).innerText()).trimEnd(), "kind: Pod");
  await code(page).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("a: 1");
  assert.equal(await text(page), "kind: Pod\na: 1");
  // Whoever fills the field as a form is filled is heard as well.
  await page.locator(role("editor")).fill("kind: Service\n");
  assert.equal(await text(page), "kind: Service\n");
  await code(page).click();
  await page.keyboard.press("Control+z");
  assert.equal(await text(page), "kind: Pod\na: 1", "what came from outside is one step of undo");
});

journey("editor: completion of keys, values and pieces", async ({ page, open }) => {
  await ready(page, open);
  await put(page, `${set}  `);
  await code(page).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("podM");
  await page.locator(".cm-tooltip-autocomplete li", { hasText: "podManagementPolicy" }).waitFor();
  await page.waitForTimeout(150);
  await page.keyboard.press("Enter");
  await page.keyboard.type("Par");
  await page.locator(".cm-tooltip-autocomplete li", { hasText: "Parallel" }).waitFor();
  await page.waitForTimeout(150);
  await page.keyboard.press("Enter");
  assert.equal(await text(page), `${set}  podManagementPolicy: Parallel`);
  await page.keyboard.press("Enter");
  await page.keyboard.type("parti");
  await page.locator(".cm-tooltip-autocomplete li", { hasText: "partition" }).first().waitFor();
  await page.waitForTimeout(150);
  await page.keyboard.press("Enter");
  assert.match(await text(page), /\n {2}updateStrategy:\n {4}type: RollingUpdate\n {4}rollingUpdate:\n {6}partition: 2$/);
});

journey("editor: hovering a word tells what it is, and so does resting the cursor on it", async ({ page, open }) => {
  await ready(page, open);
  await put(page, `${set}  replicas: 3\n  serviceName: nginx\n`);
  await code(page).getByText("serviceName").hover();
  await page.locator(".cm-explanation", { hasText: "spec.serviceName" }).waitFor();
  await page.mouse.move(700, 300);
  await page.locator(".cm-explanation").waitFor({ state: "detached" });
  await code(page).getByText("replicas").click();
  // The documentation is fetched when it is first wanted.
  await page.locator(role("under-cursor"), { hasText: "desired number of replicas" }).waitFor();
  await code(page).getByText("serviceName").hover();
  await page.locator(".cm-explanation", { hasText: "governs this StatefulSet" }).waitFor();
});

journey("editor: every problem in its place, the server's words behind it, and a fix", async ({ page, open }) => {
  await ready(page, open);
  const original = await text(page);
  const broken = original.replace("replicas: 3", "replicas: -3").replace("serviceName:", "servicename:");
  await put(page, broken.replace("\n  selector:\n    matchLabels", "\n\tselector:\n    matchLabels"));
  await page.locator('[data-severity="error"]').nth(2).waitFor();
  assert.equal(await page.locator(".cm-lint-marker-error").count(), 3);
  const negative = page.locator('[data-severity="error"]', { hasText: "less than 0" });
  await negative.locator("summary").click();
  await negative.getByText("spec.replicas: Invalid value: -3: must be greater than or equal to 0").waitFor();
  await negative.locator(role("problem")).click();
  assert.equal(await page.evaluate(() => document.querySelector(".field__code").shadowRoot.getSelection?.()?.toString() ?? "-3"), "-3");
  for (let left = 3; left > 0; left--) {
    await page.locator('[data-severity="error"]').nth(left - 1).waitFor();
    await page.locator('[data-severity="error"]').first().locator(role("fix")).click();
    await page.locator('[data-severity="error"]').nth(left - 1).waitFor({ state: "detached" });
  }
  assert.equal(await text(page), original.replace("replicas: 3", "replicas: 0"));
});

journey("editor: files are what the terminal reads", async ({ page, open }) => {
  await ready(page, open);
  await page.locator(role("new-file")).click();
  await put(page, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: lab\n");
  await page.locator(role("rename-file")).click();
  await page.locator(role("file-name")).fill("lab.yaml");
  await page.locator(role("file-name")).press("Enter");
  const input = page.locator(role("terminal-input"));
  await input.fill("kubectl apply -f lab.yaml && cat lab.yaml");
  await input.press("Enter");
  await page.getByRole("log").getByText("configmap/lab created").waitFor();
  await input.fill("kubectl get cm lab -o yaml > live.yaml");
  await input.press("Enter");
  await page.locator('[data-file="live.yaml"][role="tab"]').click();
  assert.match(await text(page), /creationTimestamp/);
  await page.locator(role("delete-file")).click();
  await page.locator('[data-file="live.yaml"][role="tab"]').waitFor({ state: "detached" });
  await page.locator(role("restore-file")).click();
  assert.match(await text(page), /creationTimestamp/);
  // A file that is dropped opens in a tab of its own.
  await page.locator(role("file-input")).setInputFiles({ name: "my set.yaml", mimeType: "text/yaml", buffer: Buffer.from("a: 1\n") });
  await page.locator('[data-file="my-set.yaml"][role="tab"]').waitFor();
  assert.equal(await text(page), "a: 1\n");
});

journey("editor: the live object, and what Apply would do", async ({ page, open }) => {
  await ready(page, open);
  const original = await text(page);
  await put(page, original.replace("my-gfs-storageclass", "standard").replace("replicas: 3", "replicas: 5"));
  await page.locator(role("apply")).click();
  await page.locator(role("view-live")).click();
  await page.locator('[data-object="StatefulSet/web"] [data-origin="added"]', { hasText: "uid:" }).waitFor();
  await page.locator('[data-kind="Pod"][data-name="web-4"][data-ready="true"]').first().waitFor({ timeout: 40_000 });
  const now = await text(page);
  await put(page, now.replace(/(image: [^\n:]+):[^\n]+/, "$1:0.25").replace("\n  selector:\n    matchLabels", "\n  updateStrategy:\n    rollingUpdate:\n      partition: 3\n  selector:\n    matchLabels"));
  await page.locator(role("view-changes")).click();
  await page.locator(role("plan"), { hasText: "web-4, then web-3 will be replaced; web-0 to web-2 stay." }).waitFor();
  await expectAccessible(page, ".zone--editor");
});

journey("editor: the keyboard alone, and the way out", async ({ page, open }) => {
  await ready(page, open);
  for (let presses = 0; presses < 40; presses++) {
    if (await page.evaluate(() => document.activeElement?.classList.contains("field__code"))) break;
    await page.keyboard.press("Tab");
  }
  assert.ok(await page.evaluate(() => document.activeElement?.classList.contains("field__code")), "the editor has the focus");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("a:");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type("b: 1");
  assert.match(await text(page), /^a:\n {2,4}b: 1$/);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.ok(!(await page.evaluate(() => document.activeElement?.classList.contains("field__code"))), "Escape, then Tab leaves the editor");
  await expectAccessible(page, ".zone--editor");
});

journey("editor: in the dark, on a phone, with touch", { viewport: { width: 390, height: 800 }, colorScheme: "dark", hasTouch: true }, async ({ page, open }) => {
  await open();
  await page.locator(".panes__button").nth(1).tap();
  await page.locator(".field--behind").waitFor();
  await code(page).tap();
  await page.keyboard.type("x");
  assert.match(await text(page), /x/);
  await expectAccessible(page, ".zone--editor");
});

journey("editor: a gesture on the stage changes the text, as one step of undo", async ({ page, open }) => {
  await ready(page, open);
  const original = await text(page);
  await page.locator(role("apply")).click();
  await page.locator(role("more")).first().click();
  await page.waitForFunction((before) => document.querySelector('[data-role="editor"]').value !== before, original);
  assert.equal(await text(page), original.replace("replicas: 3", "replicas: 4"));
  assert.match(await page.getByRole("log").innerText(), /kubectl scale sts web --replicas=4/);
  await code(page).click();
  await page.keyboard.press("Control+z");
  assert.equal(await text(page), original);
});

journey("editor: what fetches the code editor answers once, also where the answer goes wrong", async () => {
  const { load } = await import("../../static/editor/load.js");
  const answers = [];
  const talk = {
    ready(editor) {
      answers.push(editor);
      throw new Error("it went wrong");
    },
  };
  const editor = { read() {} };
  try {
    globalThis.sandboxCodeEditor = async () => ({ mount: () => editor });
    await assert.rejects(load(null, null, talk), /it went wrong/);
    assert.deepEqual(answers.splice(0), [editor]);
    globalThis.sandboxCodeEditor = () => Promise.reject(new Error("no network"));
    await assert.rejects(load(null, null, talk), /it went wrong/);
    assert.deepEqual(answers, [null]);
  } finally {
    delete globalThis.sandboxCodeEditor;
  }
});

journey("editor: what was kept is looked at before it is drawn", async ({ page, context, open }) => {
  await ready(page, open);
  await put(page, set);
  await page.locator(role("problem")).getByText("line 5").first().waitFor();
  const kept = await page.locator(".problems__list").textContent();
  await context.addInitScript(() => {
    globalThis.seen = [];
    // What stands below the text whenever something is drawn, from its first draw on.
    new MutationObserver(() => {
      const foot = document.querySelector(".problems");
      if (foot) globalThis.seen.push(foot.querySelector(".problems__list")?.textContent ?? "");
    }).observe(document, { childList: true, subtree: true });
  });
  await page.reload();
  await page.locator(".field--behind").waitFor();
  assert.equal(await page.evaluate(() => globalThis.seen[0]), kept);
});
