// A playbook is changed: a fault seen at its line and mended, the preview with an open release, publishing, moving.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { PHONE } from "../support/browser.js";
import { refused } from "../support/fields.js";
import { ReleasePage } from "../support/release_page.js";
import { decide, stage } from "../support/stage.js";

const EDITOR = "/admin/playbooks/orca";
const BOTH = 'approvals = [{ role = "product_manager" }, { role = "engineering_lead" }]';

describe("a playbook", () => {
  const here = stage(["engineer", "productManager", "engineeringLead", "support", "administrator"]);
  const opened = async (who, path, options) => {
    const visitor = await here.visitor(who, options);
    await visitor.open(path);
    return visitor;
  };
  const approved = async (title) => {
    const release = await here.release(title);
    await decide(here, release, here.productManager, "product_manager", "approve", "Looks right.");
    return release;
  };

  test("is read whole by everybody, each part at an address of its own", async () => {
    const support = await opened(here.support, "/playbooks");
    const { page } = support;
    await page.getByRole("link", { name: "Weekly trains" }).click();
    await page.waitForURL("/playbooks/orca");
    await page.getByRole("navigation", { name: "Contents" }).getByRole("link", { name: "Gates" }).click();
    await page.waitForURL("/playbooks/orca#gates");
    await page.getByRole("row", { name: /CI is green/ }).first().waitFor();
    await page.goto("/playbooks/orca#role-release_captain");
    const captain = page.locator("#role-release_captain");
    await captain.getByText("Owns the release from start to end", { exact: true }).waitFor();
    // Below the bar at the top, not behind it.
    const { y } = await captain.boundingBox();
    assert.ok(y >= 40 && y < 400, `it stands at ${y}`);
    assert.equal(await page.getByRole("link", { name: "Edit" }).count(), 0);
    await support.leave();
  });

  test("a fault is told at its line while one writes, and leads there", async () => {
    const admin = await opened(here.administrator, EDITOR);
    const { page } = admin;
    const text = page.getByLabel("Text of the playbook, in TOML");
    const sound = await text.inputValue();
    const broken = sound.replace('bump = "minor"', 'bmp = "minor"');
    const line = broken.split("\n").findIndex((written) => written.startsWith("bmp")) + 1;
    await text.fill(broken);
    const fault = page.getByRole("region", { name: "What is wrong" }).getByRole("listitem").filter({ hasText: "type[1].bmp" });
    await fault.getByText("Did you mean “bump”?").waitFor();
    await page.locator(`#L${line}.failed`).waitFor();
    await fault.getByRole("link", { name: `Line ${line}` }).click();
    const selected = await text.evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
    assert.equal(selected, 'bmp = "minor"');
    await page.locator(`#L${line}`).waitFor({ state: "visible" });
    assert.equal(await page.getByRole("button", { name: /Publish/ }).count(), 0);
    await text.fill(sound);
    await page.getByText("This is revision 1, as it runs.").waitFor();
    assert.equal(await page.getByRole("region", { name: "What is wrong" }).count(), 0);
    await admin.leave();
  });

  for (const [scripts, revision] of [[true, 2], [false, 3]])
    test(`is broken, mended, previewed and published, and a release moved: ${scripts ? "with" : "without"} scripts`, async () => {
      const release = await approved(`Search, for revision ${revision}`);
      const admin = await opened(here.administrator, EDITOR, { scripts, allowed: [/status of 4\d\d/] });
      const { page } = admin;
      const text = page.getByLabel("Text of the playbook, in TOML");
      const check = page.getByRole("button", { name: "Check" });
      const running = await text.inputValue();
      await text.fill(running.replace('kind = "canary"', 'kind = "canari"'));
      if (!scripts) await check.click();
      const wrong = page.getByRole("region", { name: "What is wrong" });
      await wrong.getByText("Did you mean “canary”?").waitFor();
      assert.match(await text.inputValue(), /kind = "canari"/, "what was typed is kept");
      const count = revision;
      const stricter = running.replace(
        /approvals = \[\{ role = "product_manager" \}, \{ role = "engineering_lead"(, count = \d)? \}\]/g,
        BOTH.replace('"engineering_lead"', `"engineering_lead", count = ${count}`),
      );
      await text.fill(stricter);
      if (!scripts) await check.click();
      const preview = page.getByRole("region", { name: "What it means for open releases" });
      const told = preview.getByRole("listitem").filter({ hasText: release.version }).first();
      await told.getByText("1 decision would no longer count.").waitFor();
      await page.getByRole("region", { name: /What changes against revision/ }).getByText("type minor changed").waitFor();
      await page.getByRole("button", { name: `Publish revision ${revision}` }).click();
      await page.getByText(`Revision ${revision} is published`).waitFor();
      assert.equal(new URL(page.url()).pathname, "/playbooks/orca");
      const open = page.getByRole("region", { name: "Open releases" }).getByRole("listitem").filter({ hasText: release.version });
      await open.first().getByRole("button", { name: `Move to revision ${revision}` }).click();
      await open.first().getByText(`revision ${revision}`).first().waitFor();
      await page.goto(release.page);
      const at = new ReleasePage(page);
      await at.card.getByText("playbook changed").first().waitFor();
      await at.event(`moved it to revision ${revision} of its playbook`).waitFor();
      const { approvals } = await here.service.call("GET", release.rest);
      assert.deepEqual(approvals.map(({ void: gone, void_reason: why }) => [gone, why]), [[true, "playbook changed"]]);
      await admin.context.close();
    });

  test("is copied under a new name; a name in use is refused next to its field", async () => {
    const admin = await opened(here.administrator, "/playbooks/orca", { viewport: PHONE, allowed: [/status of 4\d\d/] });
    const { page } = admin;
    const name = page.getByLabel("Name of the copy");
    await name.fill("mesh-os");
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await refused(name, "already");
    await name.fill("our-trains");
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await page.waitForURL("/admin/playbooks/our-trains");
    assert.match(await page.getByLabel("Text of the playbook, in TOML").inputValue(), /^name = "our-trains"$/m);
    await admin.leave();
  });
});
