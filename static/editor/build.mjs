// Bundles the code editor into one file beside the built page. Trunk calls this (Trunk.toml) and says in the environment where
// the page is being put together; by hand: `node static/editor/build.mjs FOLDER`.
import { join } from "node:path";
import { argv, env, exit, stderr } from "node:process";

const folder = argv[2] ?? env.TRUNK_STAGING_DIR;
if (!folder) {
  stderr.write("Where to? Name a folder: node static/editor/build.mjs FOLDER\n");
  exit(2);
}
const { build } = await import("esbuild").catch(() => {
  stderr.write("The packages that the editor is bundled from are not installed. Run: cargo xtask setup\n");
  exit(1);
});
await build({
  entryPoints: [join(import.meta.dirname, "editor.js")],
  outfile: join(folder, "editor.js"),
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  banner: { js: "/*! CodeMirror 6 and Lezer, MIT licence, (c) Marijn Haverbeke and others: https://codemirror.net */" },
  logLevel: "warning",
});
