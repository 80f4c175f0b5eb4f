// Everything that matters works with JavaScript switched off: plain pages and plain forms.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { fill, refused } from "../support/fields.js";
import { PASSWORD } from "../support/people.js";
import { ReleasePage } from "../support/release_page.js";
import { decide, stage } from "../support/stage.js";

describe("without JavaScript", () => {
  const here = stage(["engineer", "productManager", "engineeringLead", "administrator"]);
  const plain = (who) => here.visitor(who, { scripts: false, allowed: [/status of 4\d\d/] });

  test("signing in: a wrong password keeps the address, the right one leads on, and one can leave again", async () => {
    const { page } = await plain();
    await page.goto("/releases");
    await fill(page, { "Email address": here.engineer.email, Password: "not the password" });
    await page.getByRole("button", { name: "Sign in" }).click();
    const password = page.getByLabel("Password");
    await refused(password, /password/);
    assert.equal(await page.getByLabel("Email address").inputValue(), here.engineer.email);
    assert.equal(await password.inputValue(), "");
    await password.fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Releases", level: 1 }).waitFor();
    assert.equal(new URL(page.url()).pathname, "/releases");
    await page.getByRole("button", { name: "Menu of Engineer" }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.goto("/");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  test("creating a release: a wrong version is named next to its field, and what was typed is kept", async () => {
    const { page } = await plain(here.engineer);
    await page.goto("/releases/new");
    await page.getByLabel("Number").selectOption({ value: "exact" });
    await page.getByLabel(/^Version/).fill("one point two");
    await page.getByLabel(/^Title/).fill("Search with <filters> & more");
    await page.getByRole("button", { name: "Create the release" }).click();
    const version = page.getByLabel(/^Version/);
    await refused(version, "“one point two”");
    assert.equal(await version.inputValue(), "one point two");
    assert.equal(await page.getByLabel(/^Title/).inputValue(), "Search with <filters> & more");
    assert.equal(await page.getByLabel("Number").inputValue(), "exact");
    await version.fill("2.0.0-rc.1");
    await page.getByRole("button", { name: "Create the release" }).click();
    await page.waitForURL("/shop/releases/2.0.0-rc.1");
    await page.getByText("Search with <filters> & more").first().waitFor();
    await new ReleasePage(page).ask.click();
    await new ReleasePage(page).badge("Waits for approval").waitFor();
  });

  test("deciding: rejecting without a reason is refused, approving is recorded and shown", async () => {
    const release = await here.release("Faster product pages");
    const { page } = await plain(here.productManager);
    await page.goto(release.page);
    const at = new ReleasePage(page);
    await at.reject.click();
    await refused(at.comment, "a rejection needs one");
    await at.comment.fill("Finds what customers asked for.");
    await at.approve.click();
    await at.event(/approved as product manager.*Finds what customers asked for\./).waitFor();
    const lead = await plain(here.engineeringLead);
    await lead.page.goto(release.page);
    await new ReleasePage(lead.page).approve.click();
    await new ReleasePage(lead.page).badge("Approved").waitFor();
  });

  test("editing: an unsound artifact is named in its row, and all rows are kept", async () => {
    const release = await here.release("Gift cards");
    const { page } = await plain(here.engineer);
    await page.goto(release.page);
    const at = new ReleasePage(page);
    await at.edit({ title: "Gift cards by post", artifact: ["cards.tar.gz", "sha256:too-short"] });
    await at.save.click();
    await at.editor.getByText("too-short").waitFor();
    assert.equal(await at.title.inputValue(), "Gift cards by post");
    assert.equal(await at.artifact.getByLabel("Name").inputValue(), "cards.tar.gz");
    await at.edit({ artifact: ["cards.tar.gz", `sha256:${"ef".repeat(32)}`] });
    await at.save.click();
    await at.event(/changed (title, artifacts|artifacts, title)/).waitFor();
  });

  test("inviting: the link is shown once", async () => {
    const { page } = await plain(here.administrator);
    await page.goto("/admin/people");
    await fill(page, { Name: "Guest", "Email address optional": "guest@example.org" });
    await page.getByRole("button", { name: "Make the invitation" }).click();
    await page.getByRole("heading", { name: "Guest is invited" }).waitFor();
    const link = await page.getByText(/\/welcome\//).textContent();
    await page.reload();
    assert.equal(await page.getByText(/\/welcome\//).count(), 0);
    const guest = await plain();
    await guest.page.goto(link);
    await guest.page.getByLabel("New password").fill(PASSWORD);
    await guest.page.getByRole("button", { name: "Set the password" }).click();
    await guest.page.getByRole("heading", { name: "Overview" }).waitFor();
  });

  describe("lists are complete", () => {
    before(async () => {
      // More than one page of them; one waits for the product manager.
      for (let n = 1; n <= 55; n += 1) await here.release(`Number ${n}`, { bump: "patch", asked: n === 55 });
      const rejected = await here.release("The last one");
      await decide(here, rejected, here.productManager, "product_manager", "reject", "Not yet.");
    });

    test("overview", async () => {
      const { page } = await plain(here.engineeringLead);
      await page.goto("/");
      const waiting = page.getByRole("region", { name: "Waits for you" });
      await waiting.getByText("Number 55").waitFor();
      await page.getByRole("region", { name: "Latest changes" }).getByText("The last one").waitFor();
      await page.getByRole("region", { name: "Products" }).getByRole("link", { name: "Shop" }).waitFor();
    });

    test("releases, with filters and pages in the address", async () => {
      const { page } = await plain(here.engineer);
      await page.goto("/releases");
      const rows = page.getByRole("row");
      assert.equal(await rows.count(), 51);
      await page.getByRole("link", { name: "Older" }).click();
      await page.waitForURL(/cursor=/);
      assert.ok((await rows.count()) > 1);
      await page.goto("/releases");
      await page.getByLabel("Version or title").fill("number 7");
      await page.getByRole("button", { name: "Filter" }).click();
      await page.waitForURL(/q=number\+7/);
      assert.equal(await rows.count(), 2);
      await page.getByLabel("Version or title").fill("");
      await page.getByLabel("State").selectOption("candidate");
      await page.getByRole("button", { name: "Filter" }).click();
      await page.waitForURL(/state=candidate/);
      await page.getByRole("cell", { name: "The last one" }).waitFor();
      assert.equal(await page.getByRole("cell", { name: "Number 7" }).count(), 0);
    });

    test("audit, with every event and its hash", async () => {
      const { page } = await plain(here.administrator);
      await page.goto("/audit");
      const rows = page.getByRole("row");
      assert.equal(await rows.count(), 51);
      await rows.nth(1).getByText("Body").click();
      await rows.nth(1).getByText(/^hash/).waitFor();
      const first = await rows.nth(1).getByRole("link").first().textContent();
      await page.getByRole("link", { name: "Older" }).click();
      await page.waitForURL(/before=/);
      assert.equal(Number(await rows.nth(1).getByRole("link").first().textContent()), Number(first) - 50);
      await page.getByLabel("Stream").fill("product/shop");
      await page.getByRole("button", { name: "Filter" }).click();
      await page.waitForURL(/stream=/);
      assert.equal(await rows.count(), 2);
    });
  });
});
