// Support finds the workaround while a customer waits, keeps known issues, and nothing they write becomes markup.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, describe, test } from "node:test";

import { fill, refused } from "../support/fields.js";
import { stage } from "../support/stage.js";

const ALL = "/products/shop/known-issues";
const VECTORS = new URL("../../server/tests/pages/xss.txt", import.meta.url);

describe("known issues", () => {
  const here = stage(["support", "engineer", "leadership"]);
  const report = (title, more = {}) =>
    here.service.call("POST", ALL, {
      title, description: "Seen on phones.", affected: "all", severity: "sev3", audience: ["support"], ...more,
    }, here.support.token);
  before(async () => {
    await report("Totals are rounded down");
    await report("Checkout asks for the address twice", { workaround: "Choose “as before” on the second page." });
  });

  test("the workaround is found within ten seconds and three interactions, by keyboard, with a slip", async () => {
    const visitor = await here.visitor(here.support);
    const { page } = visitor;
    await visitor.open("/");
    const began = Date.now();
    await page.getByRole("link", { name: "Search" }).first().press("Enter");
    await visitor.alive();
    await page.waitForURL("/search");
    await page.getByLabel("Words").pressSequentially("chekcout adr");
    const found = page.getByRole("region", { name: "Found" });
    await found.getByText("Choose “as before” on the second page.").waitFor();
    assert.ok(Date.now() - began < 10_000, `${Date.now() - began} ms`);
    assert.equal(await found.getByText("Totals are rounded").count(), 0);
    visitor.quiet();
  });

  test("without JavaScript the same is a form", async () => {
    const { page } = await here.visitor(here.leadership, { scripts: false });
    await page.goto("/search");
    await page.getByLabel("Words").fill("chekcout");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByText("Choose “as before” on the second page.").waitFor();
    await page.getByRole("link", { name: "Checkout asks for the address twice" }).click();
    await page.getByRole("heading", { name: "Checkout asks for the address twice", level: 1 }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Save" }).count(), 0, "who only reads sees no forms");
  });

  for (const scripts of [true, false])
    test(`support reports one, an engineer says what mends it, ${scripts ? "with" : "without"} JavaScript`, async () => {
      const title = scripts ? "Receipts are late" : "Search forgets filters";
      const options = { scripts, allowed: [/status of 4\d\d/] };
      const reporter = await here.visitor(here.support, options);
      const { page } = reporter;
      await reporter.open("/shop/issues");
      await page.getByText("Report a known issue").click();
      await fill(page, { Title: title, Description: "Since yesterday.", "Affected versions": "some" });
      await page.getByRole("checkbox", { name: "support" }).check();
      await page.getByRole("button", { name: "Report it" }).click();
      await refused(page.getByLabel("Affected versions"), "some");
      assert.equal(await page.getByLabel("Title").inputValue(), title);
      await page.getByLabel("Affected versions").fill(">= 1.0.0");
      await page.getByRole("button", { name: "Report it" }).click();
      await page.getByRole("heading", { name: title, level: 1 }).waitFor();
      const engineer = await here.visitor(here.engineer, options);
      await engineer.open(new URL(page.url()).pathname);
      await engineer.page.getByLabel("Fixed in").fill("1.2.0");
      await engineer.page.getByRole("button", { name: "Say that it is fixed" }).click();
      await engineer.page.getByText("affects >= 1.0.0, fixed in 1.2.0", { exact: true }).waitFor();
      // Whoever looks at it sees that without asking again.
      if (scripts) await page.getByText("fixed in 1.2.0").first().waitFor();
      reporter.quiet();
      engineer.quiet();
    });

  test("whatever people write stays text", async () => {
    const visitor = await here.visitor(here.support);
    const vectors = (await readFile(VECTORS, "utf8")).split("\n").filter(Boolean);
    for (const vector of vectors) {
      const { page } = await report(vector, { description: vector, workaround: vector });
      await visitor.open(page);
      assert.ok((await visitor.page.locator("main").textContent()).includes(vector), vector);
    }
    for (const page of ["/shop/issues?state=all", "/search?q=alert"]) await visitor.open(page);
    assert.equal(visitor.dialogs, 0);
    visitor.quiet();
  });
});
