// axe finds nothing, in whatever view and whatever is open beside it, light and dark.
import { expectAccessible, journey } from "./lib.mjs";

const role = (name) => `[data-role="${name}"]`;

async function type(page, line) {
  await page.locator(role("terminal-input")).fill(line);
  await page.locator(role("terminal-input")).press("Enter");
}

/** Waits until so many pods are ready. */
const ready = (page, count) => page.locator(`[data-kind="StatefulSet"][data-ready-replicas="${count}"]`).waitFor({ timeout: 50_000 });

/** A manifest of so many pods that come all at once. */
const manifest = (pods) => `apiVersion: v1
kind: Service
metadata: {name: nginx}
spec: {clusterIP: None, selector: {app: nginx}, ports: [{port: 80, name: web}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: nginx
  replicas: ${pods}
  podManagementPolicy: Parallel
  selector: {matchLabels: {app: nginx}}
  template:
    metadata: {labels: {app: nginx}}
    spec: {containers: [{name: nginx, image: "nginx:1.27"}]}
`;

for (const colorScheme of ["light", "dark"]) {
  journey(`stage_accessible: columns, nodes, tables, Why?, inspector, timeline and comparison, ${colorScheme}`, { colorScheme }, async ({ page, open }) => {
    await open();
    await page.locator(role("speed")).selectOption("64");
    await expectAccessible(page);
    await page.locator(role("apply")).click();
    // A claim that waits, with the rule explained.
    await page.locator('[data-why][data-rule="claim-waits-for-class"]').waitFor();
    await page.locator(role("which-rule")).click();
    await page.locator(".rule__words").waitFor();
    await expectAccessible(page);
    await page.locator(role("which-rule")).click();
    await page.locator(role("remedy")).click();
    await ready(page, 3);
    // Two revisions, a Deployment for contrast, a pod on its own, one that cannot pull, and one that ends.
    await type(page, "kubectl create deployment front --image=nginx --replicas=2; kubectl run alone --image=nginx; kubectl run lost --image=nginx:bad");
    await type(page, `kubectl patch sts web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}'; kubectl set image sts web nginx=nginx:1.27`);
    await page.locator('[data-kind="Pod"][data-name="lost"].pod--failing').waitFor({ timeout: 20_000 });
    await page.locator(".badge--newer").first().waitFor({ timeout: 20_000 });
    await page.locator(role("speed")).selectOption("0.25");
    await type(page, "kubectl delete pod web-0 --wait=false");
    await page.locator('[data-kind="Pod"][data-name="web-0"][data-phase="Terminating"]').waitFor();
    await page.locator(role("pause")).click();
    await expectAccessible(page);
    for (const view of ["view-nodes", "view-table", "view-columns"]) {
      await page.locator(role(view)).click();
      await expectAccessible(page);
    }
    for (const object of ['[data-kind="Pod"][data-name="web-1"]', '[data-kind="StatefulSet"]', '[data-kind="Service"]', '[data-kind="PersistentVolumeClaim"]']) {
      await page.locator(`${role("stage")} ${object} ${role("choose")}`).first().click();
      await page.locator(role("inspector")).waitFor();
      await expectAccessible(page, role("inspector"));
    }
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.locator(role("as-table")).click();
    await page.locator(".happenings__table").waitFor();
    await expectAccessible(page, ".zone--time");
    await page.locator(role("as-table")).click();
    // Another history beside the one shown.
    await page.locator(role("step-back")).click();
    await page.locator(role("step-back")).click();
    await type(page, "kubectl scale sts web --replicas=2");
    await page.locator(role("compare")).first().click();
    await page.locator("[data-small-stage]").first().waitFor();
    await expectAccessible(page);
  });

  journey(`stage_accessible: a thousand cells, ${colorScheme}`, { colorScheme }, async ({ page, open }) => {
    await open();
    await page.locator(role("speed")).selectOption("64");
    await page.locator(role("editor")).fill(manifest(1_000));
    await page.locator(role("apply")).click();
    await page.locator(role("cells")).waitFor();
    // All states on the way are among them.
    await page.waitForFunction(() => document.querySelectorAll('[data-role="cells"] .pod--ready').length > 100 && document.querySelectorAll('[data-role="cells"] > *').length === 1_000, null, { timeout: 40_000 });
    await page.locator(role("pause")).click();
    await expectAccessible(page, role("stage"));
  });
}
