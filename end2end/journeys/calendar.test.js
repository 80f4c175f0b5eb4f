// A release captain tries a freeze, saves it, and takes it back; with JavaScript and without.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { PHONE } from "../support/browser.js";
import { fill, refused } from "../support/fields.js";
import { stage } from "../support/stage.js";

// The Friday after next, when the train leaves.
const friday = () => {
  const day = new Date(Date.now() + 8 * 86_400_000);
  day.setUTCDate(day.getUTCDate() + ((5 - day.getUTCDay() + 7) % 7));
  return day.toISOString().slice(0, 10);
};

describe("the calendar", () => {
  const here = stage(["releaseCaptain", "support"]);
  const options = (scripts) => ({ scripts, allowed: [/status of 4\d\d/] });

  for (const scripts of [true, false])
    test(`a captain tries a freeze before saving it, ${scripts ? "with" : "without"} JavaScript`, async () => {
      const title = scripts ? "Audit week" : "Stocktaking";
      const visitor = await here.visitor(here.releaseCaptain, options(scripts));
      const { page } = visitor;
      await visitor.open("/calendar?product=shop");
      await page.getByRole("link", { name: "New rule" }).click();
      await page.getByRole("heading", { name: "New rule" }).waitFor();
      const day = friday();
      await page.getByLabel("Kind").selectOption({ label: "Freeze" });
      await fill(page, { Title: title, "Time zone": "Europe/Lundon", From: `${day}T08:00`, To: `${day}T18:00` });
      await page.getByLabel("Show openings for").selectOption({ value: "minor" });

      // A zone that does not exist is named at its field, and what was typed stays.
      const openings = page.getByRole("region", { name: "The next ten openings" });
      await page.getByRole("button", { name: "Show the next ten openings" }).click();
      await refused(page.getByLabel("Time zone"), "Europe/Lundon");
      assert.equal(await page.getByLabel("Title").inputValue(), title);
      await page.getByLabel("Time zone").fill("Europe/London");
      await page.getByRole("button", { name: "Show the next ten openings" }).click();
      await openings.getByRole("listitem").nth(9).waitFor();
      assert.equal(await openings.getByText("cannot depart").count(), 1);
      const told = await openings.getByRole("listitem").allTextContents();
      assert.ok(told.every((line) => line.includes("UTC")), told.join("\n"));
      await visitor.open("/calendar?product=shop");
      assert.equal(await page.getByText(title).count(), 0, "trying saves nothing");
      await page.goBack();

      // Saving needs a reason.
      await page.getByRole("button", { name: "Save the rule" }).click();
      await refused(page.getByLabel(/^Reason/), "Needed here");
      await page.getByLabel(/^Reason/).fill("The figures must not move.");
      await page.getByRole("button", { name: "Save the rule" }).click();
      await page.getByRole("heading", { name: `Saved: freeze “${title}”` }).waitFor();
      await page.getByRole("region", { name: "Conflicts" }).getByText(`closed by “${title}”`).first().waitFor();
      const days = page.locator(".days");
      await days.getByText(title).first().waitFor();

      // Others see it and cannot take it back; the captain can, with a reason.
      const reader = await here.visitor(here.support, { ...options(scripts), viewport: PHONE });
      await reader.open(`/calendar?product=shop&from=${day}`);
      await reader.page.locator(".days").getByText(title).first().waitFor();
      assert.equal(await reader.page.getByText("Remove", { exact: true }).count(), 0);
      await reader.leave();
      const rule = page.getByRole("listitem").filter({ hasText: "The figures must not move." });
      await rule.getByText("Remove", { exact: true }).click();
      await rule.getByLabel("Reason").fill("They are done.");
      await rule.getByRole("button", { name: `Remove ${title}` }).click();
      await page.getByRole("listitem").filter({ hasText: title }).first().waitFor({ state: "detached" });
      await visitor.leave();
    });

  test("a reader makes an iCal address, a program reads it, and revoking it closes it", async () => {
    const visitor = await here.visitor(here.support, options(false));
    const { page } = visitor;
    await visitor.open("/calendar");
    await page.getByRole("button", { name: "Make an iCal address" }).click();
    const address = await page.locator(".secret code").textContent();
    const read = () => fetch(new URL(address, here.service.url));
    const feed = await read();
    assert.equal(feed.headers.get("content-type"), "text/calendar; charset=utf-8");
    assert.match(await feed.text(), /^BEGIN:VCALENDAR\r\n[^]*SUMMARY:Friday train\r\n[^]*END:VCALENDAR\r\n$/);
    await page.getByRole("button", { name: /^Revoke/ }).click();
    await page.getByRole("button", { name: /^Revoke/ }).waitFor({ state: "detached" });
    assert.equal((await read()).status, 404);
    await visitor.leave();
  });
});
