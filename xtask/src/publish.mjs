// Makes of a built page one that any static host can publish: what depends on every file of it is written last.
//
//   node publish.mjs FOLDER            the service worker with its list of files, _headers, one style sheet, integrity of what the page loads
//   node publish.mjs --single FOLDER OUT   all of it in one HTML file, for hosts and readers that take nothing else
import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { filesBelow, policyOf } from "./built.mjs";

/** Files that a host reads and a page never asks for, or that are only for other sites. */
const unlisted = [/^_headers$/, /^worker\.js$/, /\.d\.ts$/, /^course\//];

const hash = (algorithm, bytes, form) => createHash(algorithm).update(bytes).digest(form);

/** Modules that the page loads by name, from a script or from another module. */
const modules = /^(?:editor\.js|snippets\/.*\.js|[^/]+-[0-9a-f]{16}\.js)$/;

/**
 * Names the hash of every module. Who imports one cannot say which bytes are meant; a map of imports can, for all of them. It has to
 * stand in the page, before anything is loaded, so the policy allows it, and it alone, by its own hash.
 */
async function withIntegrityOfModules(folder, html) {
  html = html.replace(/<script type="importmap">.*?<\/script>/, "").replace(/ 'sha256-[^']+'/, "");
  const integrity = {};
  for (const file of (await filesBelow(folder)).filter((file) => modules.test(file))) {
    integrity[`./${file}`] = "sha384-" + hash("sha384", await readFile(join(folder, file)), "base64");
  }
  const map = JSON.stringify({ integrity });
  const policy = policyOf(html);
  const allowed = policy.replace("script-src 'self'", `script-src 'self' 'sha256-${hash("sha256", map, "base64")}'`);
  return html.replace(`content="${policy}">`, () => `content="${allowed}"><script type="importmap">${map}</script>`);
}

/** One style sheet of all, in their order: the page is drawn when the last is there, and each is a way to the host and back. */
async function withOneStyleSheet(folder, html) {
  const links = [...html.matchAll(/[ \t]*<link rel="stylesheet"[^>]* href="\.\/([^"]+)"[^>]*>\n?/g)];
  if (links.length < 2) return html;
  const sheets = await Promise.all(links.map(([, file]) => readFile(join(folder, file), "utf8")));
  const sheet = sheets.join("\n");
  const file = `styles-${hash("sha256", sheet, "hex").slice(0, 16)}.css`;
  await writeFile(join(folder, file), sheet);
  for (const [, old] of links) await rm(join(folder, old));
  const link = `    <link rel="stylesheet" href="./${file}" integrity="sha384-${hash("sha384", sheet, "base64")}"/>\n`;
  return links.reduce((html, [tag], index) => html.replace(tag, () => (index === 0 ? link : "")), html);
}

async function publish(folder) {
  // The boot script is not renamed with its content, so the page says which one it means.
  const page = join(folder, "index.html");
  let html = await readFile(page, "utf8");
  const boot = hash("sha384", await readFile(join(folder, "boot.js")), "base64");
  const tag = /<script type="module" src="\.\/boot\.js"(?: integrity="[^"]*" crossorigin="anonymous" data-worker="[^"]*" data-wasm-hash="[^"]*")?/;
  if (!tag.test(html)) throw new Error("index.html does not load boot.js as Trunk.toml says");
  // Browsers check no hash of what is fetched ahead, and warn of one; the boot script checks this one.
  const ahead = /(<link rel="preload" href="[^"]*\.wasm"[^>]*?) integrity="[^"]*"/;
  html = html.replace(ahead, "$1");
  const [, wasm] = html.match(/data-wasm="\.\/([^"]+)"/);
  const wasmHash = hash("sha384", await readFile(join(folder, wasm)), "base64");
  const checked = `integrity="sha384-${boot}" crossorigin="anonymous" data-worker="./sw.js" data-wasm-hash="sha384-${wasmHash}"`;
  html = html.replace(tag, `<script type="module" src="./boot.js" ${checked}`);
  html = await withOneStyleSheet(folder, html);
  // A hash is only checked on what may be read, and a frame without an origin of its own may read nothing unasked.
  html = html.replace(/<link rel="stylesheet" href="([^"]+)" integrity=/g, '<link rel="stylesheet" crossorigin="anonymous" href="$1" integrity=');
  html = await withIntegrityOfModules(folder, html);
  await writeFile(page, html);

  // What has a hash in its name never changes under it.
  const headers = [
    "/*",
    // Frames without an origin of their own may load modules and the wasm only so. There are no secrets here.
    "  Access-Control-Allow-Origin: *",
    "  Cross-Origin-Resource-Policy: cross-origin",
    "  X-Content-Type-Options: nosniff",
    "  Referrer-Policy: no-referrer",
    `  Content-Security-Policy: ${policyOf(html)}`,
    "  Cache-Control: no-cache",
  ];
  const files = await filesBelow(folder);
  for (const file of files.filter((file) => /-[0-9a-f]{16}(_bg)?\.(css|js|wasm)$/.test(file))) {
    headers.push(`/${file}`, "  ! Cache-Control", "  Cache-Control: public, max-age=31536000, immutable");
  }
  // Put beside the others, the page in one file brings a policy of its own.
  headers.push("/statefulset-sandbox.html", "  ! Content-Security-Policy");
  await writeFile(join(folder, "_headers"), headers.join("\n") + "\n");

  const kept = files.filter((file) => file !== "sw.js" && !unlisted.some((pattern) => pattern.test(file)));
  const all = createHash("sha256");
  for (const file of kept) all.update(file).update("\0").update(hash("sha256", await readFile(join(folder, file))));
  // The name before the @ is this page's alone: another copy on the same host has caches of its own.
  const name = '"statefulset-sandbox " + self.registration.scope + "@' + all.digest("hex").slice(0, 16) + '"';
  const worker = await readFile(join(import.meta.dirname, "../../static/worker.js"), "utf8");
  await writeFile(join(folder, "sw.js"), `const CACHE = ${name};\nconst FILES = ${JSON.stringify(kept)};\n${worker}`);
}

const [first, ...rest] = process.argv.slice(2);
if (first === "--single") {
  // It stands on a package, and the rest does not.
  const { single } = await import("./single.mjs");
  await single(...rest);
} else {
  await publish(first);
}
