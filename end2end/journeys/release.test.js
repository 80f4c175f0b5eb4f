// A release on its way from an idea to approved, as each role lives it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { PHONE } from "../support/browser.js";
import { refused } from "../support/fields.js";
import { ReleasePage } from "../support/release_page.js";
import { decide, stage } from "../support/stage.js";

const BUILT = `sha256:${"ab".repeat(32)}`;
const BUILT_ANEW = `sha256:${"cd".repeat(32)}`;

describe("a release", () => {
  const here = stage(["engineer", "productManager", "engineeringLead"]);
  const opened = async (who, path, options) => {
    const visitor = await here.visitor(who, options);
    await visitor.open(path);
    return visitor;
  };
  const digestOf = async (path) => {
    const [, product, , version] = path.split("/");
    return (await here.service.call("GET", `/products/${product}/releases/${version}`)).digest;
  };
  let place;

  test("a wrong version is named next to its field, and what was typed is kept", async () => {
    const engineer = await opened(here.engineer, "/releases/new", { allowed: [/status of 422/] });
    const { page } = engineer;
    await page.getByLabel("Number").selectOption({ value: "exact" });
    const version = page.getByLabel(/^Version/);
    await version.fill("1.2");
    await page.getByLabel(/^Title/).fill("Search with filters");
    await page.getByRole("button", { name: "Create the release" }).click();
    await refused(version, "“1.2”");
    assert.equal(await version.inputValue(), "1.2");
    assert.equal(await page.getByLabel(/^Title/).inputValue(), "Search with filters");
    await version.fill("2.1.0");
    await page.getByRole("button", { name: "Create the release" }).click();
    await page.waitForURL("/shop/releases/2.1.0");
    await engineer.leave();
  });

  test("the engineer raises the number, says what it is and what it consists of, and asks for approval", async () => {
    const engineer = await opened(here.engineer, "/releases/new");
    const { page } = engineer;
    await page.getByLabel("Number").selectOption({ value: "minor" });
    await page.getByLabel(/^Title/).fill("Search");
    await page.getByRole("button", { name: "Create the release" }).click();
    place = "/shop/releases/2.2.0";
    await page.waitForURL(place);
    await engineer.alive();
    const at = new ReleasePage(page);
    await at.badge("Draft").waitFor();
    await at.edit({ title: "Search with filters", artifact: ["shop.tar.gz", BUILT] });
    await at.save.click();
    await at.event(/Engineer changed .*artifacts/).waitFor();
    await page.getByText("Search with filters").first().waitFor();
    await at.ask.click();
    await at.badge("Waits for approval").waitFor();
    await at.event("Engineer asked for approval").waitFor();
    await engineer.leave();
  });

  test("its author sees why they may not approve it", async () => {
    // Somebody who could, had they not edited it.
    const author = await here.person("Lead who edits", "engineering_lead");
    const release = await here.release("Gift cards");
    await here.service.call("PATCH", release.rest, { title: "Gift cards by post" }, author.token);
    const visitor = await opened(author, release.page);
    const at = new ReleasePage(visitor.page);
    await at.card.getByText(/nobody approves their own work/).waitFor();
    for (const button of [at.approve, at.reject]) assert.ok((await button.count()) === 0 || (await button.isDisabled()));
    await visitor.leave();
  });

  test("the product manager sees on a phone exactly what they approve", async () => {
    const manager = await opened(here.productManager, "/", { viewport: PHONE });
    const { page } = manager;
    await page.getByRole("region", { name: "Waits for you" }).getByRole("link", { name: /2\.2\.0/ }).tap();
    await page.waitForURL((url) => url.pathname === place);
    const at = new ReleasePage(page);
    const said = await at.card.evaluate((card) => card.textContent);
    const digest = await digestOf(place);
    for (const part of ["Shop 2.2.0", "Search with filters", "shop.tar.gz", BUILT, digest, "Product manager", "Engineering lead"])
      assert.ok(said.includes(part), `${part} in: ${said}`);
    // At hand without scrolling, and large enough for a thumb.
    const { x, y, width, height } = await at.approve.boundingBox();
    assert.ok(x >= 0 && x + width <= PHONE.width && y + height <= PHONE.height, `the button is at ${x}, ${y}`);
    assert.ok(height >= 44, `the button is ${height} high`);
    await at.comment.fill("Finds what customers asked for.");
    await at.approve.tap();
    await at.event(/approved as product manager.*Finds what customers asked for\./).waitFor();
    await at.card.getByText("approved by Product manager").waitFor();
    const { approvals } = await here.service.call("GET", `/products/shop/releases/2.2.0`);
    assert.deepEqual(approvals.map(({ role, decision, digest: of }) => [role, decision, of]), [["product_manager", "approve", digest]]);
    await manager.leave();
  });

  test("with the engineering lead's approval it is approved", async () => {
    const lead = await opened(here.engineeringLead, place);
    const at = new ReleasePage(lead.page);
    await at.approve.click();
    await at.badge("Approved").waitFor();
    assert.equal((await here.service.call("GET", "/products/shop/releases/2.2.0")).state, "approved");
    await lead.leave();
  });

  test("a rejection needs a reason, and shows it", async () => {
    const release = await here.release("Checkout without an account");
    const lead = await opened(here.engineeringLead, release.page, { allowed: [/status of 422/] });
    const at = new ReleasePage(lead.page);
    await at.reject.click();
    await refused(at.comment, "a rejection needs one");
    await at.comment.fill("The refund e-mail names the old address.");
    await at.reject.click();
    await at.badge("Rejected").waitFor();
    await at.sentence.getByText("Rejected by Engineering lead as engineering lead.").waitFor();
    await at.card.getByText("The refund e-mail names the old address.").waitFor();
    await lead.leave();
  });

  test("an edit voids what was approved, and the page says by which part", async () => {
    const release = await here.release("Invoices to download");
    await decide(here, release, here.productManager, "product_manager", "approve");
    const engineer = await opened(here.engineer, release.page);
    const at = new ReleasePage(engineer.page);
    await at.edit({ artifact: ["shop.tar.gz", BUILT_ANEW] });
    await at.save.click();
    await at.card.getByText(/no longer counts:.*artifacts/).waitFor();
    const { approvals } = await here.service.call("GET", release.rest);
    assert.deepEqual(approvals.map((approval) => approval.void), [true]);
    await engineer.leave();
  });

  test("an artifact without a sound digest is named in its row, and what was typed is kept", async () => {
    const release = await here.release("Orders by telephone");
    const engineer = await opened(here.engineer, release.page, { allowed: [/status of 422/] });
    const at = new ReleasePage(engineer.page);
    await at.edit({ artifact: ["shop.tar.gz", "sha256:too-short"] });
    await at.save.click();
    const digest = at.artifact.getByLabel(/^Digest/);
    await refused(digest, "too-short");
    assert.equal(await digest.inputValue(), "sha256:too-short");
    await engineer.leave();
  });

  test("cancelling is asked for twice, and ends it", async () => {
    const release = await here.release("Loyalty points");
    const engineer = await opened(here.engineer, release.page, { allowed: [/status of 422/] });
    const { page } = engineer;
    await page.getByText(`Cancel ${release.version}?`).click();
    await page.locator("[id^=cancel_release]").getByLabel("Reason").fill("Nobody asked for it.");
    await page.getByRole("button", { name: "Cancel release" }).click();
    const typed = page.getByLabel(`Type ${release.version} to confirm`);
    await refused(typed, release.version);
    await typed.fill(release.version);
    await page.getByRole("button", { name: "Cancel release" }).click();
    const at = new ReleasePage(page);
    await at.badge("Cancelled").waitFor();
    await at.sentence.getByText(/Nobody asked for it\./).waitFor();
    assert.equal(await at.save.count(), 0);
    await engineer.leave();
  });
});
