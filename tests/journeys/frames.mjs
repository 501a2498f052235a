// Measures what a frame costs the main thread: script, style and layout, from Chromium's trace. Painting is left out: where
// there is no graphics card, software does it. Three rollouts run at full speed while the browser is traced: of 10, 100 and
// 1,000 pods that all move. Then the moment is dragged across a run of 10,000 events (`scrub`). Fails where the page is
// slower than it promises.
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

/** What is promised of a move of the moment, and over how many events. */
const SCRUB_MS = 16;
const SCRUB_EVENTS = 10_000;
const SCRUB_MOVES = 120;

/** Drags the moment of a long run, from its script to its layout, move by move. */
async function scrub(browser, url) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(240_000);
  await page.goto(url);
  await mounted(page);
  await page.locator('[data-role="editor"]').fill(manifest(100));
  await page.locator('[data-role="speed"]').selectOption("64");
  await page.locator('[data-role="apply"]').click();
  const line = page.locator('[data-role="terminal-input"]');
  let events = 0;
  for (let image = 1; events < SCRUB_EVENTS; image += 1) {
    await page.locator('[data-why][data-rule="settled"]').waitFor();
    await line.fill(`kubectl set image sts web nginx=nginx:1.${image}; kubectl rollout status sts web > /dev/null; kubectl get sts web -o jsonpath='{.metadata.resourceVersion} events'`);
    await line.press("Enter");
    await page.locator('[role="log"] .job:last-child', { hasText: /\d+ events/ }).filter({ hasNotText: "running" }).waitFor();
    await page.waitForTimeout(300);
    const said = await page.locator('[role="log"] .job:last-child').innerText();
    events = Number(said.match(/^(\d+) events/m)?.[1] ?? 0);
  }
  const moves = await page.evaluate(async (count) => {
    const track = document.querySelector(".scrub");
    const { left, width, top } = track.getBoundingClientRect();
    const drawn = () => new Promise((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done();
      port2.postMessage(null);
    });
    const send = (kind, share) => track.dispatchEvent(new PointerEvent(kind, { bubbles: true, button: 0, pointerId: 1, clientX: left + width * share, clientY: top + 30 }));
    send("pointerdown", 0.5);
    await drawn();
    const times = [];
    for (let move = 0; move < count; move += 1) {
      // Half of the moves go on from where the pointer is, half jump anywhere.
      const share = move % 2 === 0 ? (move / count) : (move * 0.618) % 1;
      const from = performance.now();
      send("pointermove", share);
      await drawn();
      document.body.getBoundingClientRect();
      times.push(performance.now() - from);
    }
    send("pointerup", 0.5);
    return times;
  }, SCRUB_MOVES);
  await page.close();
  const [p50, p95, max] = [0.5, 0.95, 1].map((share) => percentile(moves, share));
  const kept = p95 < SCRUB_MS;
  console.log(` scrub over ${events} events, ${moves.length} moves  p50 ${p50.toFixed(1)} ms  p95 ${p95.toFixed(1)} ms (promised ${SCRUB_MS} ms)  max ${max.toFixed(1)} ms${kept ? "" : "  BROKEN"}`);
  return kept;
}

const words = process.argv.slice(2);
const wanted = words.map(Number);
const server = await serve(pageFolder());
const browser = await launch();
try {
  for (const promise of promises.filter(({ pods }) => wanted.length === 0 || wanted.includes(pods))) {
    if (!(await run(browser, server.url, promise))) process.exitCode = 1;
  }
  if ((words.length === 0 || words.includes("scrub")) && !(await scrub(browser, server.url))) process.exitCode = 1;
} finally {
  await browser.close();
  server.close();
}
