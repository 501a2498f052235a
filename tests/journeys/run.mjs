// Runs all journeys of this folder, or those that have one of the given words in their name.
import { readdir } from "node:fs/promises";

const support = new Set(["frames.mjs", "lib.mjs", "run.mjs", "screenshots.mjs"]);
const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith(".mjs") && !support.has(file));
for (const file of files.sort()) await import(`./${file}`);
