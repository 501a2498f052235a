// The sandbox in pages that other tools make: each folder here is a host. Its word SANDBOX becomes the address of the built page,
// its own tool builds it, and every browser opens what came out, on another site than the sandbox's.
//
//   node run.mjs BROWSER,BROWSER [host…]      prints what works where, and fails where something does not
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { start } from "../browsers/webdriver.mjs";
import { pageFolder, serve } from "../journeys/lib.mjs";

const here = import.meta.dirname;
const target = resolve(here, "../../target/hosts");
const run = promisify(execFile);

/** What builds each host, in a copy of its folder, into another folder. */
const hosts = {
  plain: { name: "a bare page", build: (from, to) => cp(from, to, { recursive: true }) },
  mdbook: { name: "mdBook", build: (from, to) => run("mdbook", ["build", "--dest-dir", to, from]) },
  jekyll: { name: "Jekyll", build: (from, to) => run("jekyll", ["build", "--source", from, "--destination", to], { cwd: from }) },
  react: { name: "React", build: react },
};

async function react(from, to) {
  const folder = join(here, "react");
  const installed = join(folder, "node_modules");
  if (!(await stat(join(installed, ".package-lock.json")).catch(() => null))) {
    console.log("  npm ci in tests/hosts/react: React, and Vite, which builds the page.");
    await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder });
  }
  await symlink(installed, join(from, "node_modules"));
  await run(join(installed, ".bin/vite"), ["build", "--base", "./", "--outDir", to], { cwd: from });
}

/** Builds a host for the sandbox at an address. */
async function build(name, sandbox) {
  const [from, to] = [join(target, "source", name), join(target, "site", name)];
  for (const folder of [from, to]) await rm(folder, { recursive: true, force: true });
  await cp(join(here, name), from, { recursive: true, filter: (path) => !path.includes("node_modules") });
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || extname(entry.name) === ".json") continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    await writeFile(file, (await readFile(file, "utf8")).replaceAll("SANDBOX", sandbox.replace(/\/$/, "")));
  }
  await mkdir(to, { recursive: true });
  await hosts[name].build(from, to);
  return to;
}

const role = (name) => `[data-role="${name}"]`;
const element = "statefulset-sandbox iframe";

/** Opens a host and uses what is in it. */
async function judge(session, name, address) {
  await session.go(address);
  await session.within(element, () => session.see(role("stage")));
  await session.run(() => {
    const sandbox = document.querySelector("statefulset-sandbox");
    sandbox.addEventListener("sandbox-command", ({ detail }) => (sandbox.dataset.told = detail.line));
    sandbox.post({ type: "run", line: "kubectl get nodes" });
  });
  assert.equal(await session.until("the message command", () => document.querySelector("statefulset-sandbox").dataset.told), "kubectl get nodes");
  await session.within(element, async () => {
    await session.until("the output", () => document.querySelector('[role="log"]').innerText.includes("VERSION"));
    await session.until("a frame as tall as what is in it", () => document.documentElement.scrollHeight <= innerHeight + 1);
  });
  if (name === "react") {
    // React has drawn the page anew around the same frame, and sets an attribute of it.
    assert.equal(await session.run(() => document.querySelector("output").textContent), "1");
    await session.click("button");
    await session.within(element, () => session.see('html[data-theme="dark"]'));
  }
  const plain = 'iframe[title="A stage"]';
  await session.run((plain) => document.querySelector(plain).scrollIntoView(), plain);
  await session.within(plain, () => session.see(role("stage")));
}

const [browsers, ...words] = process.argv.slice(2);
const chosen = Object.keys(hosts).filter((name) => words.length === 0 || words.includes(name));
if (chosen.length === 0) throw new Error(`There are the hosts ${Object.keys(hosts).join(", ")}.`);
const refused = [];
const sandbox = await serve(pageFolder(), refused);
const sites = [];
for (const name of chosen) {
  console.log(`Building ${hosts[name].name}.`);
  const server = await serve(await build(name, sandbox.url));
  // By another name than the sandbox's, so that it is another site.
  sites.push({ name, server, url: server.url.replace("127.0.0.1", "localhost") });
}
const rows = [["host"]];
for (const { name } of sites) rows.push([hosts[name].name]);
const failures = [];
for (const browser of browsers.split(",")) {
  const driver = await start(browser);
  for (const [index, { name, url }] of sites.entries()) {
    refused.length = 0;
    const session = await driver.open();
    if (index === 0) rows[0].push(session.version);
    try {
      await judge(session, name, url);
      if (refused.length > 0) throw new Error(`Refused, or not there:\n  ${refused.join("\n  ")}`);
      rows[index + 1].push("works");
    } catch (error) {
      rows[index + 1].push("FAILED");
      failures.push(`---- ${hosts[name].name} in ${browser} ----\n${error.stack}`);
    }
    await writeFile(join(target, `${name}-${browser}.png`), await session.picture());
    await session.close();
  }
  await driver.stop();
}
for (const { server } of sites) server.close();
sandbox.close();
const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
console.log("\n" + rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd()).join("\n"));
console.log(`\nWhat they look like: ${target}/`);
for (const failure of failures) console.log(`\n${failure}`);
if (failures.length > 0) process.exitCode = 1;
