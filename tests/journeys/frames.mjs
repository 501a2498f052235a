// Measures what a frame costs the main thread: script, style and layout, from Chromium's trace. Painting is left out: where
// there is no graphics card, software does it. Three rollouts run at full speed while the browser is traced: of 10, 100 and
// 1,000 pods that all move. Fails where the page is slower than it promises.
//
// `cargo xtask bench --page` builds the page as for publishing and runs this.
import { launch, mounted, pageFolder, serve } from "./lib.mjs";

/** What is promised: the 95th percentile of a frame's work, and the longest task, in milliseconds. */
const promises = [
  { pods: 10, p95: 8, task: 50 },
  { pods: 100, p95: 8, task: 50 },
  { pods: 1000, p95: 16, task: null },
];

/** Trace events that are work of the main thread on script, style and layout. None of them contains another of them. */
const WORK = new Set(["FunctionCall", "EvaluateScript", "FireAnimationFrame", "TimerFire", "RunMicrotasks", "EventDispatch", "UpdateLayoutTree", "Layout", "MajorGC", "MinorGC"]);

const manifest = (pods) => `apiVersion: v1
kind: Service
metadata:
  name: nginx
spec:
  clusterIP: None
  selector: {app: nginx}
  ports: [{port: 80, name: web}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: web
spec:
  serviceName: nginx
  replicas: ${pods}
  podManagementPolicy: Parallel
  selector: {matchLabels: {app: nginx}}
  template:
    metadata: {labels: {app: nginx}}
    spec:
      containers: [{name: nginx, image: "nginx:1.27", ports: [{containerPort: 80, name: web}]}]
  volumeClaimTemplates:
  - metadata: {name: www}
    spec:
      accessModes: [ReadWriteOnce]
      resources: {requests: {storage: 1Gi}}
`;

const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** The main thread's frames in a trace: how long each worked, and the longest task. */
function measure(events) {
  const main = events.find(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const here = events.filter(({ pid, tid, ph }) => pid === main.pid && tid === main.tid && ph === "X");
  const tasks = here.filter(({ name }) => name === "RunTask" || name === "ThreadControllerImpl::RunTask").map(({ dur }) => dur / 1000);
  const beats = here.filter(({ name }) => name === "FireAnimationFrame").map(({ ts }) => ts).sort((a, b) => a - b);
  const frames = beats.map(() => 0);
  // Work that is inside other work is counted once.
  const parts = { script: 0, style: 0, layout: 0 };
  let end = 0;
  const work = here.filter(({ name }) => WORK.has(name)).sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  for (const { ts, dur } of work) {
    const from = Math.max(ts, end);
    const to = ts + dur;
    if (to <= from) continue;
    end = to;
    let frame = beats.findLastIndex((beat) => beat <= ts);
    if (frame < 0) continue;
    frames[frame] += (to - from) / 1000;
  }
  // What a frame spends on average, by kind: style and layout also where a script asked for them.
  for (const { name, dur } of here) {
    if (name === "UpdateLayoutTree") parts.style += dur / 1000 / frames.length;
    else if (name === "Layout") parts.layout += dur / 1000 / frames.length;
    else if (name === "FireAnimationFrame") parts.script += dur / 1000 / frames.length;
  }
  return { frames, parts, longest: Math.max(0, ...tasks) };
}

async function run(browser, url, { pods, p95, task }) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url);
  await mounted(page);
  await page.locator('[data-role="editor"]').fill(manifest(pods));
  await page.locator('[data-role="speed"]').selectOption("1");
  await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline", "v8", "disabled-by-default-devtools.timeline"] });
  await page.locator('[data-role="apply"]').click();
  await page.waitForTimeout(1_500);
  const line = page.locator('[data-role="terminal-input"]');
  await page.waitForFunction((count) => document.querySelector("[data-ready-replicas]")?.dataset.readyReplicas === String(count), pods, { timeout: 120_000 });
  // An update, which goes pod by pod, and the deletion of all pods at once.
  await line.fill("kubectl set image sts web nginx=nginx:1.26");
  await line.press("Enter");
  await page.waitForTimeout(4_000);
  await line.fill("kubectl delete pods --all --wait=false");
  await line.press("Enter");
  await page.waitForTimeout(5_000);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  await page.close();
  const { frames, parts, longest } = measure(traceEvents);
  const report = { pods, frames: frames.length, p50: percentile(frames, 0.5), p95: percentile(frames, 0.95), max: percentile(frames, 1), longest };
  const kept = report.p95 < p95 && (task === null || longest < task);
  const ms = (value) => `${value.toFixed(1)} ms`.padStart(9);
  console.log(`${String(pods).padStart(6)} pods ${String(report.frames).padStart(6)} frames  p50 ${ms(report.p50)}  p95 ${ms(report.p95)} (promised ${p95} ms)  max ${ms(report.max)}  longest task ${ms(longest)}${kept ? "" : "  BROKEN"}`);
  console.log(`       on average: frame callbacks ${ms(parts.script)}, style ${ms(parts.style)}, layout ${ms(parts.layout)}`);
  return kept;
}

const wanted = process.argv.slice(2).map(Number);
const server = await serve(pageFolder());
const browser = await launch();
try {
  for (const promise of promises.filter(({ pods }) => wanted.length === 0 || wanted.includes(pods))) {
    if (!(await run(browser, server.url, promise))) process.exitCode = 1;
  }
} finally {
  await browser.close();
  server.close();
}
