// Every page, in both appearances and both widths: no accessibility fault, nothing said in the console, nothing cut off.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { faults } from "../support/axe.js";
import { PHONE, WIDE } from "../support/browser.js";
import { furnish } from "../support/furnish.js";
import { PAGES, declaredRoutes } from "../support/pages.js";
import { stage } from "../support/stage.js";

const SMALLEST = { width: 320, height: 640 };
const APPEARANCES = ["light", "dark"];

describe("every page", () => {
  const here = stage(["engineer", "productManager", "engineeringLead", "support", "leadership", "administrator"]);
  const visitors = new Map();
  let made;
  before(async () => (made = await furnish(here)));

  // One browser profile for each person.
  const visitorOf = async (key) => {
    if (!visitors.has(key)) visitors.set(key, await here.visitor(key && here[key], { allowed: [/status of (40[34]|422)/] }));
    return visitors.get(key);
  };

  test("is in the list of pages", async () => {
    const listed = new Set(PAGES.map((page) => page.route).filter(Boolean));
    assert.deepEqual([...listed].sort(), await declaredRoutes());
  });

  for (const { name, at, as, refused } of PAGES)
    test(name, async () => {
      const visitor = await visitorOf(as);
      const { page } = visitor;
      visitor.said.length = 0;
      const response = await visitor.open(at(made));
      assert.equal(response.status() >= 400, Boolean(refused), `status ${response.status()}`);
      const found = [];
      for (const viewport of [WIDE, PHONE])
        for (const colorScheme of APPEARANCES) {
          await page.setViewportSize(viewport);
          await page.emulateMedia({ colorScheme });
          for (const fault of await faults(page)) found.push(`${colorScheme}, ${viewport.width} wide: ${fault}`);
        }
      await page.setViewportSize(SMALLEST);
      for (const fault of await overflowing(page)) found.push(`${SMALLEST.width} wide: ${fault}`);
      assert.deepEqual(found, []);
      visitor.quiet();
    });
});

// The elements that make a page scroll sideways; those inside of a frame that scrolls by itself do not.
const overflowing = (page) =>
  page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    const framed = (element) => {
      for (let at = element.parentElement; at && at !== document.body; at = at.parentElement)
        if (getComputedStyle(at).overflowX !== "visible") return true;
      return false;
    };
    const out = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > wide + 0.5 && !framed(e));
    return [`page is ${document.documentElement.scrollWidth} wide`, ...out.map((e) => e.outerHTML.slice(0, 120))];
  });
