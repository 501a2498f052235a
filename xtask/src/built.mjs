// What can be told from a built page: its files, and the policy that it is under.
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** All files below a folder, as paths from it, in order. */
export async function filesBelow(folder, place = folder) {
  const entries = await readdir(place, { withFileTypes: true });
  const nested = entries.map((entry) => {
    const path = join(place, entry.name);
    return entry.isDirectory() ? filesBelow(folder, path) : [relative(folder, path).split(sep).join("/")];
  });
  return (await Promise.all(nested)).flat().sort();
}

/** The policy of the page, as its meta element has it. */
export function policyOf(html) {
  const policy = html.match(/<meta http-equiv="Content-Security-Policy" content="([^"]+)">/);
  if (!policy) throw new Error("index.html has no content security policy");
  return policy[1];
}
