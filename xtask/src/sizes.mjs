// Prints one line a file below a folder: raw, gzip and brotli bytes, then the path, separated by tabs.
// Node has both compressors built in; in Rust they would make every first command wait for them.
import { readFile, readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const folder = process.argv[2];

async function filesBelow(place) {
  const entries = await readdir(place, { withFileTypes: true });
  const nested = entries.map((entry) => {
    const path = join(place, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
  return (await Promise.all(nested)).flat();
}

for (const file of (await filesBelow(folder)).sort()) {
  const bytes = await readFile(file);
  const gzip = gzipSync(bytes, { level: 9 }).length;
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }).length;
  console.log([bytes.length, gzip, brotli, relative(folder, file).split(sep).join("/")].join("\t"));
}
