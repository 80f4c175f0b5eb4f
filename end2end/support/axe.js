// axe-core inside of a page. The page's own policy forbids inline scripts, so axe is evaluated.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const SOURCE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// The accessibility faults of a page, one line for each element.
export const faults = async (page) => {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(SOURCE);
  const run = (runOnly) => globalThis.axe.run({ runOnly, resultTypes: ["violations"] });
  const { violations } = await page.evaluate(run, RULES);
  const told = ({ id }, { html, failureSummary }) => `${id}: ${html.slice(0, 200)} (${failureSummary?.split("\n")[1]?.trim()})`;
  return violations.flatMap((violation) => violation.nodes.map((node) => told(violation, node)));
};
