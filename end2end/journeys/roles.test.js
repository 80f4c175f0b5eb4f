// What each role sees and does not see.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { fill } from "../support/fields.js";
import { ReleasePage } from "../support/release_page.js";
import { stage } from "../support/stage.js";

describe("roles", () => {
  const here = stage(["engineer", "productManager", "support", "leadership", "administrator"]);
  const GUARDED = ["/audit", "/admin/people", "/admin/products"];
  let release;
  before(async () => {
    await here.service.call("POST", "/products", { slug: "secret", name: "Secret", playbook: "orca" });
    await here.service.call("POST", "/products/secret/releases", { bump: "minor", title: "Nobody knows" });
    release = await here.release("Faster product pages");
  });

  const navigation = async (page) => page.getByRole("navigation", { name: "Main" }).getByRole("link").allTextContents();

  test("nobody in particular is led to signing in, and on to where they wanted to go", async () => {
    const visitor = await here.visitor();
    const { page } = visitor;
    for (const path of ["/", "/releases", release.page, "/me", "/admin", ...GUARDED, "/releases/new"]) {
      await visitor.open(path);
      const { pathname, searchParams } = new URL(page.url());
      assert.equal(pathname, "/sign-in", path);
      assert.equal(searchParams.get("next") ?? "/", path);
      assert.equal(await page.getByRole("navigation").count(), 0, path);
    }
    await visitor.open(release.page);
    await fill(page, { "Email address": here.support.email, Password: here.support.password });
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(release.page);
    visitor.quiet();
  });

  for (const who of ["support", "leadership"])
    test(`${who} reads, and is offered nothing that they can never do`, async () => {
      const visitor = await here.visitor(here[who], { allowed: [/status of 40[34]/] });
      const { page } = visitor;
      await visitor.open("/");
      assert.deepEqual(await navigation(page), ["Overview", "Releases", "Calendar", "Figures", "Playbooks"]);
      await page.getByRole("region", { name: "Latest changes" }).getByText("Faster product pages").waitFor();
      assert.equal(await page.getByRole("link", { name: "New release" }).count(), 0);
      await visitor.open("/releases");
      assert.equal(await page.getByRole("link", { name: "New release" }).count(), 0);
      await visitor.open(release.page);
      const at = new ReleasePage(page);
      await at.badge("Waits for approval").waitFor();
      for (const button of [at.approve, at.reject, at.ask, at.save]) assert.equal(await button.count(), 0);
      for (const path of GUARDED) {
        const response = await visitor.open(path);
        assert.equal(response.status(), 403, path);
        await page.getByRole("heading", { name: "Not yours to see" }).waitFor();
        assert.equal(await page.getByRole("table").count(), 0, path);
      }
      visitor.quiet();
    });

  test("a product in which one holds no role is not there", async () => {
    const guest = await here.person("Contractor", "engineer", "secret");
    const visitor = await here.visitor(guest, { allowed: [/status of 404/] });
    await visitor.open("/");
    assert.equal(await visitor.page.getByText("Faster product pages").count(), 0);
    await visitor.page.getByText("Nobody knows").first().waitFor();
    assert.equal((await visitor.open(release.page)).status(), 404);
    await visitor.page.getByRole("heading", { name: "Not found" }).waitFor();
    visitor.quiet();
  });

  test("the administrator sees everything and approves nothing", async () => {
    const visitor = await here.visitor(here.administrator);
    const { page } = visitor;
    await visitor.open("/");
    assert.deepEqual(await navigation(page), ["Overview", "Releases", "Calendar", "Audit", "Admin"]);
    await visitor.open("/admin");
    await page.getByRole("link", { name: "People and roles" }).click();
    await page.getByRole("link", { name: "Support" }).waitFor();
    await visitor.open(release.page);
    assert.equal(await new ReleasePage(page).approve.count(), 0);
    visitor.quiet();
  });

  // Looks at the release that waits, with the live stream open.
  const looking = async (who) => {
    const visitor = await here.visitor(who, { allowed: [/status of 40[134]/, /ERR_/] });
    await visitor.open(release.page);
    await visitor.page.locator(".topbar").getByText("Live", { exact: true }).waitFor();
    await new ReleasePage(visitor.page).approve.waitFor();
    return visitor;
  };

  test("a role taken away takes the decision off an open page", async () => {
    const manager = await here.person("Manager for a while", "product_manager");
    await here.service.call("POST", `/users/${manager.id}/roles`, { product: "*", role: "support" });
    const visitor = await looking(manager);
    const administrator = await here.visitor(here.administrator);
    await administrator.open(`/admin/people/${manager.id}`);
    await administrator.page.getByRole("button", { name: "Revoke product manager everywhere" }).click();
    await new ReleasePage(visitor.page).approve.waitFor({ state: "detached" });
    await administrator.leave();
    await visitor.leave();
  });

  test("a disabled account is signed out of an open page", async () => {
    const leaver = await here.person("Leaver", "product_manager");
    const visitor = await looking(leaver);
    const administrator = await here.visitor(here.administrator);
    await administrator.open(`/admin/people/${leaver.id}`);
    await administrator.page.getByRole("button", { name: "Disable the account" }).click();
    await administrator.page.getByText("Disabled: cannot sign in").waitFor();
    await visitor.page.getByRole("alert").getByText("Your session has ended.").waitFor();
    await visitor.page.getByRole("link", { name: "Sign in again" }).click();
    await visitor.page.getByRole("heading", { name: "Sign in" }).waitFor();
    await visitor.open("/releases");
    assert.equal(new URL(visitor.page.url()).pathname, "/sign-in");
    await administrator.leave();
    await visitor.leave();
  });
});
