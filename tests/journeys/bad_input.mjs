// Whatever is typed or pasted: a clear message with its place, the cluster untouched, and the page still answers.
import assert from "node:assert/strict";
import { journey } from "./lib.mjs";

const role = (name) => `[data-role="${name}"]`;

const set = (replicas, name = "web") => `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ${name}
spec:
  serviceName: nginx
  replicas: ${replicas}
  selector:
    matchLabels: {app: nginx}
  template:
    metadata:
      labels: {app: nginx}
    spec:
      containers:
      - {name: nginx, image: nginx}
`;

const inputs = {
  "negative replicas": [set(-1), /replicas/],
  "replicas in words": [set('"three"'), /replicas/],
  "ten million replicas": [set(10_000_000), /10000 pods/],
  "a name that breaks the rules": [set(1, "Web_1"), /Web_1/],
  "an old version": [set(1).replace("apps/v1", "apps/v1beta1"), /apps\/v1/],
  "an empty document": ["---\n---\n", /./],
  "tabs": [set(1).replace("  replicas", "\treplicas"), /tab/i],
  "ten thousand brackets": ["[".repeat(10_000), /./],
  "control characters": ["a: \u0001\u0002\u0000b\n", /./],
  "an alias bomb": [
    "a: &a [x,x,x,x,x,x,x,x,x]\n" + [..."bcdefghi"].map((key, index) => `${key}: &${key} [${Array(9).fill("*" + "abcdefgh"[index]).join(",")}]`).join("\n"),
    /./,
  ],
  "two megabytes": ["# " + "x".repeat(2_000_000) + "\n", /./],
};

for (const [what, [text, message]] of Object.entries(inputs)) {
  journey(`bad_input: ${what}`, async ({ page, open }) => {
    await open();
    // The editor takes the text as a paste would give it, at once.
    await page.locator(role("editor")).evaluate((editor, text) => {
      editor.value = text;
      editor.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }, text);
    const start = Date.now();
    await page.locator(role("apply")).click();
    await page.locator(role("terminal-input")).fill("kubectl get sts");
    await page.locator(role("terminal-input")).press("Enter");
    await page.getByRole("log").getByText("No resources found in default namespace.").waitFor();
    assert.ok(Date.now() - start < 5_000, "the page did not answer for seconds");
    assert.match(await page.locator("body").innerText(), message);
    assert.equal(await page.locator('[data-kind="StatefulSet"]').count(), 0);
  });
}

journey("bad_input: commands that make no sense", async ({ page, open }) => {
  await open();
  const input = page.locator(role("terminal-input"));
  for (const [line, answer] of [
    ["kubectl gett pods", /unknown command "gett"/],
    ["kubectl get pods --nonsense", /unknown flag: --nonsense/],
    ["rm -rf / | nonsense && echo", /nonsense/],
    ["\u0001\u0002\ufffd", /command not found/],
    [`echo ${"x".repeat(1_000_000)}`, /the command is 1000005 bytes long/],
    ["kubectl exec web-7 -- sh", /pods "web-7" not found/],
    ["kubectl get pods &", /this shell has no background/],
    ["time kubectl get pods", /this shell has no stopwatch/],
    ["while true; do true; done", /no cluster time passed/],
  ]) {
    await input.fill(line);
    await input.press("Enter");
    await page.getByRole("log").getByText(answer).first().waitFor();
  }
  // A quote that is not closed waits for its other end, as in any shell.
  await input.fill("echo 'two");
  await input.press("Enter");
  await input.fill("lines'");
  await input.press("Enter");
  await page.getByRole("log").getByText(/^two\s+lines$/).first().waitFor();
  await input.fill("echo still here");
  await input.press("Enter");
  await page.getByRole("log").getByText("still here", { exact: true }).waitFor();
});
