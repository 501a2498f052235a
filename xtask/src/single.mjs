// The whole page in one HTML file: a classic script, the wasm inside it, and no request at all. For learning platforms that
// take one file, for frames without an origin on hosts that send no CORS headers, and for a page opened from a disk.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { filesBelow, policyOf } from "./built.mjs";

/** What the page fetches while it runs: texts, in folders. The plain pages of the course are pages of their own. */
const fetched = /^(?!course\/)[^/]+\/.*\.(txt|json|yaml|md)$/;

const start = `
  import start from "GLUE";
  // The code editor is a module of its own where there are modules.
  globalThis.sandboxCodeEditor = () => import("./editor.js");
  const held = (name) => document.querySelector('script[data-file="' + name + '"]');
  const bytes = async (element) => {
    const packed = Uint8Array.from(atob(element.textContent), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
  };
  // The page asks for its texts as ever; they are here.
  const network = globalThis.fetch;
  globalThis.fetch = (address, options) => {
    const element = typeof address === "string" && held(address.replace(/^\\.\\//, ""));
    return element ? bytes(element) : network(address, options);
  };
  bytes(held("wasm")).then((packed) => packed.arrayBuffer()).then((wasm) => start({ module_or_path: wasm })).catch((error) => {
    const message = document.createElement("p");
    message.className = "broken";
    message.setAttribute("role", "alert");
    message.textContent = "The sandbox could not start in this browser. It needs WebAssembly; a current browser has it. " + error;
    document.body.prepend(message);
  });
`;

const quoted = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

export async function single(folder, out) {
  let html = await readFile(join(folder, "index.html"), "utf8");
  const [, glue] = html.match(/data-glue="\.\/([^"]+)"/);
  const [, wasm] = html.match(/data-wasm="\.\/([^"]+)"/);
  const bundle = await build({
    stdin: { contents: start.replace("GLUE", "./" + glue), resolveDir: folder },
    bundle: true,
    format: "iife",
    minify: true,
    write: false,
    // wasm-bindgen names a file that it imports twice.
    logOverride: { "empty-import-meta": "silent", "duplicate-object-key": "silent" },
  });
  const script = bundle.outputFiles[0].text.replaceAll("</script", "<\\/script");

  const styles = [];
  for (const [tag, href] of [...html.matchAll(/<link rel="stylesheet"[^>]* href="\.\/([^"]+)"[^>]*>/g)]) {
    styles.push(await readFile(join(folder, href), "utf8"));
    html = html.replace(tag, "");
  }
  const style = styles.join("\n");
  const icon = (await readFile(join(folder, "icon.svg"))).toString("base64");
  html = html
    .replace(/<link rel="(?:modulepreload|preload|manifest)"[^>]*>/g, "")
    .replace('href="icon.svg"', `href="data:image/svg+xml;base64,${icon}"`)
    .replace(/<script type="module"[^>]*><\/script>/, "")
    .replace(/<script type="importmap">.*?<\/script>/, "");
  const policy = policyOf(html)
    .replace(/ 'sha256-[^']+'/, "")
    .replace("script-src 'self'", `script-src ${quoted(script)}`)
    .replace("style-src 'self'", `style-src ${quoted(style)}`)
    .replace("connect-src 'self'", "connect-src 'none'");
  html = html.replace(policyOf(html), policy).replace("</head>", () => `<style>${style}</style></head>`);

  const packed = async (name, file) =>
    `<script type="text/plain" data-file="${name}">${gzipSync(await readFile(join(folder, file)), { level: 9 }).toString("base64")}</script>`;
  const data = [await packed("wasm", wasm)];
  for (const file of await filesBelow(folder)) if (fetched.test(file)) data.push(await packed(file, file));
  html = html.replace("</body>", () => `${data.join("\n")}\n<script>${script}</script></body>`);
  await writeFile(out, html);
  console.log(`${out}: ${(Buffer.byteLength(html) / 1000).toFixed(1)} kB`);
}
