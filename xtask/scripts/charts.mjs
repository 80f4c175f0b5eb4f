// Loads the charts that WebAssembly draws and holds them against the golden files, or says how long one takes:
//   node charts.mjs MODULE GOLDEN        node charts.mjs MODULE --time
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

const [module, what] = process.argv.slice(2);
// The module starts as it is loaded, and offers what the example makes.
createRequire(import.meta.url)(module);
const { chartNames, chartDraw, chartMany, chartTimed } = globalThis;

if (what === "--time") {
  const took = [];
  // A browser that has just loaded the page has compiled nothing well yet: the first ones count for themselves.
  for (let n = 0; n < 300; n++) {
    const began = performance.now();
    chartTimed();
    took.push(performance.now() - began);
  }
  const first = took[0];
  took.sort((a, b) => a - b);
  const [median, slow] = [0.5, 0.99].map((share) => took[Math.floor(took.length * share)]);
  console.log(JSON.stringify({ first, median, slow, bytes: chartTimed() }));
} else {
  const differing = [];
  const hold = async (name, drawn) => {
    if ((await readFile(join(what, name), "utf8")) !== drawn) differing.push(name);
  };
  for (const [n, name] of chartNames.entries()) await hold(name, chartDraw(n));
  await hold("many.txt", chartMany(200));
  if (differing.length > 0 || chartNames.length === 0) {
    console.error(`WebAssembly draws these in another way than the files: ${differing.join(", ")}`);
    process.exit(1);
  }
  console.log(`${chartNames.length} charts, and 400 with all kinds of numbers, are the same bytes in WebAssembly`);
}
