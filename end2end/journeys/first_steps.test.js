// From the set-up link of the first start to colleagues who sign in.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { Visitor, launch } from "../support/browser.js";
import { fill, refused } from "../support/fields.js";
import { PASSWORD } from "../support/people.js";
import { Service } from "../support/service.js";

describe("first steps", () => {
  let service, browser, administrator;
  before(async () => {
    [service, browser] = await Promise.all([Service.start({ bare: true }), launch()]);
    administrator = await Visitor.of(browser, service);
  });
  after(async () => {
    await browser?.close();
    await service?.remove();
  });

  const links = {};
  const invite = async (name, role) => {
    const { page } = administrator;
    await administrator.open("/admin/people");
    await fill(page, { Name: name, "Email address optional": `${role}@example.org` });
    await page.getByLabel("Roles count in").selectOption("Shop");
    await page.getByRole("checkbox", { name, exact: true }).check();
    await page.getByRole("button", { name: "Make the invitation" }).click();
    const notice = page.getByRole("status").filter({ hasText: `${name} is invited` });
    links[name] = await notice.getByText(/^http.*\/welcome\//).textContent();
    await page.getByRole("row").filter({ hasText: `${role}@example.org` }).waitFor();
  };

  test("the first start prints a link that makes the first administrator", async () => {
    const { page } = administrator;
    const link = service.printed("/set-up/");
    assert.ok(link, service.output);
    await administrator.open(link);
    await fill(page, { "Your name": "Administrator", "Email address": "administrator@example.org", Password: "too short" });
    await page.getByRole("button", { name: "Create the first administrator" }).click();
    await refused(page.getByLabel("Password", { exact: true }), "12");
    assert.equal(await page.getByLabel("Your name").inputValue(), "Administrator");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Create the first administrator" }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
  });

  test("the link works once", async () => {
    const stranger = await Visitor.of(browser, service, { allowed: [/status of 4\d\d/] });
    await stranger.open(service.printed("/set-up/"));
    await fill(stranger.page, { "Your name": "Stranger", "Email address": "stranger@example.org", Password: PASSWORD });
    await stranger.page.getByRole("button", { name: "Create the first administrator" }).click();
    await stranger.page.getByRole("alert").filter({ hasText: /link/ }).waitFor();
    await stranger.leave();
  });

  test("the administrator creates a product", async () => {
    const { page } = administrator;
    await administrator.open("/");
    await page.getByRole("link", { name: "Create the first product" }).click();
    await page.getByRole("heading", { name: "New product" }).waitFor();
    await fill(page, { Name: "Shop", "In addresses": "shop" });
    await page.getByLabel("Playbook").selectOption({ value: "orca" });
    await page.getByRole("button", { name: "Create the product" }).click();
    await page.getByRole("cell", { name: "Shop", exact: true }).waitFor();
  });

  test("and invites a product manager and an engineer", async () => {
    await invite("Product manager", "product_manager");
    await invite("Engineer", "engineer");
  });

  for (const [name, email] of [["Product manager", "product_manager@example.org"], ["Engineer", "engineer@example.org"]])
    test(`the ${name.toLowerCase()} sets a password, leaves, and comes back`, async () => {
      const guest = await Visitor.of(browser, service);
      const { page } = guest;
      await guest.open(links[name]);
      await page.getByRole("heading", { name: `Welcome, ${name}` }).waitFor();
      await page.getByLabel("New password").fill(PASSWORD);
      await page.getByRole("button", { name: "Set the password" }).click();
      await page.getByRole("heading", { name: "Overview" }).waitFor();
      await guest.alive();
      await page.getByRole("button", { name: `Menu of ${name}` }).click();
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      await guest.alive();
      await fill(page, { "Email address": email, Password: PASSWORD });
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("heading", { name: "Overview" }).waitFor();
      await guest.leave();
    });

  test("nothing was said in the administrator's console but the refusals asked for", () => {
    administrator.allowed.push(/set-up.*status of 422/);
    administrator.quiet();
  });
});
