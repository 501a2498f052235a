// Photographs the page at three widths, light and dark, into target/screenshots/. For people to look at; nothing is compared.
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { launch, mounted, pageFolder, serve, watch } from "./lib.mjs";

/** What is photographed: a name, and what a person does before. */
const scenes = [
  { name: "start", act: async () => {} },
  {
    name: "menu",
    act: async (page) => {
      await pane(page, "Terminal");
      const input = page.locator('[data-role="terminal-input"]');
      await input.fill("kubectl get nodes");
      await input.press("Enter");
      await input.fill("kubectl cordon ");
      await input.press("Tab");
      await page.getByText("Tab again").waitFor();
      await input.press("Tab");
    },
  },
  {
    name: "names",
    act: async (page) => {
      if (!(await pane(page, "DNS"))) await page.locator('[data-role="tab-names"]').click();
      await page.locator('[data-role="resolver-input"]').fill("kube-dns.kube-system");
      await page.locator('[data-role="resolver-input"]').press("Enter");
      await page.locator("[data-query]").waitFor();
    },
  },
];

/** Chooses a pane where there is room for one; false where all are shown. */
async function pane(page, name) {
  const button = page.getByRole("button", { name, exact: true });
  const narrow = await button.isVisible().catch(() => false);
  if (narrow) await button.click();
  return narrow;
}

const widths = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];

const words = process.argv.slice(2);
const chosen = scenes.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
const folder = resolve(import.meta.dirname, "../../target/screenshots");
await mkdir(folder, { recursive: true });
const server = await serve(pageFolder());
const browser = await launch();
try {
  for (const { name, act } of chosen) {
    for (const viewport of widths) {
      for (const colorScheme of ["light", "dark"]) {
        const page = await browser.newPage({ viewport, colorScheme, reducedMotion: "reduce" });
        const troubles = watch(page, server.url);
        await page.goto(server.url);
        await mounted(page);
        await act(page);
        const path = join(folder, `${name}-${viewport.width}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: true });
        console.log(path);
        for (const trouble of troubles) console.log(`  ${trouble}`);
        await page.close();
      }
    }
  }
} finally {
  await browser.close();
  server.close();
}
