// Pictures of every page in results/, and of the demonstration for the README: `node screenshots.js [part of a name …]`.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { PHONE, Visitor, WIDE, launch } from "./support/browser.js";
import { furnish } from "./support/furnish.js";
import { PAGES } from "./support/pages.js";
import { Service } from "./support/service.js";
import { furnished } from "./support/stage.js";

const RESULTS = fileURLToPath(new URL("results", import.meta.url));
const README = fileURLToPath(new URL("../docs/screenshot.png", import.meta.url));
const wanted = process.argv.slice(2);

const shoot = async (page, path) => {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path, animations: "disabled" });
  console.log(path);
};

// As tall as the page: bars that keep to an edge of the window would stand in the middle otherwise.
const unfold = async (page, { width, height }) => {
  const tall = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(height, tall) });
};

const everyPage = async (browser) => {
  const here = await furnished(browser, ["engineer", "productManager", "engineeringLead", "support", "leadership", "administrator"]);
  const made = await furnish(here);
  const shown = PAGES.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
  for (const { name, at, as } of shown)
    for (const [width, viewport] of [["wide", WIDE], ["phone", PHONE]]) {
      const visitor = await here.visitor(as && here[as], { viewport });
      await visitor.open(at(made));
      await unfold(visitor.page, viewport);
      for (const colorScheme of ["light", "dark"]) {
        await visitor.page.emulateMedia({ colorScheme });
        await shoot(visitor.page, `${RESULTS}/${name}-${width}-${colorScheme}.png`);
      }
      await visitor.context.close();
    }
  await here.service.remove();
};

// The release that waits, as the product manager of the demonstration sees it.
const readme = async (browser) => {
  const service = await Service.start({ bare: true, args: ["--demo"] });
  const visitor = await Visitor.of(browser, service, { viewport: { width: 1280, height: 800 } });
  const link = service.output.match(/Product manager\s+(\S+)/)?.[1];
  await visitor.open(link);
  await visitor.page.getByRole("button", { name: "Continue" }).click();
  await visitor.page.getByRole("heading", { name: "Overview" }).waitFor();
  await visitor.alive();
  await shoot(visitor.page, README);
  await service.remove();
};

await mkdir(RESULTS, { recursive: true });
const browser = await launch();
try {
  await everyPage(browser);
  if (wanted.length === 0) await readme(browser);
} finally {
  await browser.close();
}
