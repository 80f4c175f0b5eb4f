// An administrator brings a team's past in, with JavaScript and without; leadership looks at it on a phone, on paper, and
// follows a figure to the events behind it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { PHONE } from "../support/browser.js";
import { stage } from "../support/stage.js";

const at = (day, hour) => new Date(Date.UTC(2026, 0, day, hour)).toISOString();

// Ten deployments with a change each; the last one repairs the one before.
const past = (name) => {
  const lines = [];
  for (let n = 1; n <= 10; n += 1) {
    lines.push({ type: "change", product: "shop", id: `${name}-c${n}`, committed_at: at(n, 8) });
    const kind = n === 10 ? "hotfix" : "regular";
    lines.push({
      type: "deployment", product: "shop", env: "production", id: `${name}-d${n}`, version: `0.1.${n}`, started_at: at(n + 1, 7),
      finished_at: at(n + 1, 8), outcome: "success", kind, changes: [`${name}-c${n}`], ...(n === 10 ? { remediates: `${name}-d9` } : {}),
    });
  }
  return lines.map((line) => JSON.stringify(line));
};

const VIEW = "product=shop&period=custom&from=2026-01-01&to=2026-02-01&bucket=day";

describe("delivery figures", () => {
  const here = stage(["leadership", "administrator"]);

  for (const scripts of [true, false])
    test(`past deliveries are checked, taken in, looked at and undone, ${scripts ? "with" : "without"} JavaScript`, async () => {
      const name = scripts ? "with" : "without";
      const visitor = await here.visitor(here.administrator, { scripts, allowed: [/status of 4\d\d/] });
      const { page } = visitor;
      await visitor.open("/dora");
      await page.getByRole("link", { name: "Import past deliveries" }).click();
      const lines = past(name);
      const typed = [...lines, lines[0].replace(at(1, 8), "yesterday").replace("-c1", "-c99")].join("\n");
      await page.getByLabel("Or its lines, pasted").fill(typed);
      await page.getByRole("button", { name: "Check it" }).click();
      await page.getByText("1 line is wrong").waitFor();
      await page.getByRole("cell", { name: "“yesterday”" }).waitFor();
      assert.equal(await page.getByLabel("Or its lines, pasted").inputValue(), typed, "nothing that was typed is lost");

      await page.getByLabel("File (NDJSON or CSV)").setInputFiles({ name: `${name}.ndjson`, mimeType: "text/plain", buffer: Buffer.from(lines.join("\n")) });
      await page.getByLabel("Or its lines, pasted").fill("");
      await page.getByRole("button", { name: "Check it" }).click();
      await page.getByText("Would be taken: shop: 10 deployments and 10 changes.").waitFor();
      await page.getByRole("button", { name: "Import 20 lines" }).click();
      await page.getByRole("heading", { name: "Imported" }).waitFor();

      const leader = await here.visitor(here.leadership, { scripts, viewport: PHONE });
      await leader.open(`/dora?${VIEW}`);
      const card = leader.page.getByRole("region", { name: "Change lead time" });
      await card.getByText("1 d", { exact: true }).first().waitFor();
      await card.getByText("from 9 changes").waitFor();
      await leader.page.getByRole("region", { name: "Change fail rate" }).getByText("1 of 10 deployments").waitFor();
      const wide = await leader.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wide <= 0, `nothing stands out of a phone: ${wide}`);
      await leader.page.emulateMedia({ media: "print" });
      assert.equal(await leader.page.getByRole("button", { name: "Show" }).isVisible(), false, "what is pressed is not printed");
      await leader.page.emulateMedia({ media: "screen" });
      await card.getByRole("link", { name: "The events behind it" }).click();
      await leader.page.getByText(`${name}-c3`).waitFor();
      await leader.leave();

      await visitor.open("/dora/import");
      const row = page.getByRole("listitem").filter({ hasText: `${name}.ndjson` });
      await row.getByText("Undo it", { exact: true }).click();
      await row.getByLabel("Reason").fill("It was a test.");
      await row.getByRole("button", { name: "Undo the import" }).click();
      await page.getByRole("listitem").filter({ hasText: "It was a test." }).filter({ hasText: `${name}.ndjson` }).waitFor();
      await visitor.leave();
    });
});
