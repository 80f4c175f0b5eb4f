// axe-core inside of a page. The page's own policy forbids inline scripts, so axe is evaluated.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const SOURCE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// So many elements tell what is wrong; the others are counted.
const EXAMPLES = 3;

// The accessibility faults of a page, a few lines for each rule.
export const faults = async (page) => {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(SOURCE);
  const run = (runOnly) => globalThis.axe.run({ runOnly, resultTypes: ["violations"] });
  const { violations } = await page.evaluate(run, RULES);
  return violations.flatMap(({ id, nodes }) => {
    const told = nodes.slice(0, EXAMPLES).map((node) => `${id}: ${node.html.slice(0, 160)} (${reason(node)})`);
    return nodes.length > EXAMPLES ? [...told, `${id}: ${nodes.length} elements in all`] : told;
  });
};

const reason = ({ failureSummary = "" }) => failureSummary.split("\n").slice(1).join(" ").trim();
