// From the demonstration to a first release of one's own: looked at, wiped, and begun in four steps.
import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { faults } from "../support/axe.js";
import { PHONE, Visitor, WIDE, launch } from "../support/browser.js";
import { fill } from "../support/fields.js";
import { PASSWORD } from "../support/people.js";
import { recomputed } from "../support/recompute.js";
import { Service } from "../support/service.js";

describe("first run", () => {
  let service, browser, visitor;
  before(async () => {
    [service, browser] = await Promise.all([Service.start({ bare: true, args: ["--demo"] }), launch()]);
  });
  after(async () => {
    await browser?.close();
    await service?.remove();
  });

  // By the link that the demonstration printed, in a browser with or without scripts.
  const signedIn = async (role, options) => {
    const guest = await Visitor.of(browser, service, options);
    const link = service.output.match(new RegExp(`${role}\\s+(http\\S+)`))?.[1];
    await guest.open(new URL(link).pathname);
    await guest.page.getByRole("button", { name: "Continue" }).click();
    await guest.page.getByRole("heading", { name: "Overview" }).waitFor();
    return guest;
  };

  // The card of the start says how much of it is done.
  const done = (count) => visitor.page.locator("#start").getByText(`${count} of 4 done`).waitFor();
  const step = (name) => visitor.page.locator("#start").getByRole("link", { name });

  test("the past is there, and its days are said to be made up", async () => {
    const guest = await signedIn("Engineer", { viewport: PHONE });
    await guest.open("/tickets/deployments");
    assert.ok((await guest.page.locator("#deployments .badge", { hasText: "Rolled back" }).count()) >= 2);
    const oldest = await guest.page.locator("#deployments time").last().getAttribute("datetime");
    const days = (Date.now() - new Date(oldest)) / 86_400_000;
    assert.ok(days > 80 && days < 92, `${days} days`);
    await guest.page.getByRole("button", { name: "Demo data" }).click();
    await guest.page.getByText("An administrator can wipe it").waitFor();
    assert.deepEqual(await faults(guest.page), []);
    assert.equal(await guest.page.getByRole("button", { name: "Wipe the demo data" }).count(), 0);
    await guest.leave();
  });

  test("its delivery figures are the same when somebody else works them out", async () => {
    const guest = await signedIn("Leadership", {});
    assert.ok((await recomputed(guest, service.url, "period=90d&bucket=month")) > 3);
    assert.ok((await recomputed(guest, service.url, "period=90d&env=staging&bucket=week")) > 0);
    await guest.open("/dora");
    await guest.page.getByRole("region", { name: "Deployment frequency" }).waitFor();
    assert.deepEqual(await faults(guest.page), []);
    await guest.leave();
  });

  test("an administrator wipes it, without scripts too, and makes the first administrator", { timeout: 60_000 }, async () => {
    visitor = await signedIn("Administrator", { scripts: false, allowed: [/was preloaded using link preload/] });
    const { page } = visitor;
    await page.getByRole("button", { name: "Demo data" }).click();
    await page.getByText("It cannot be brought back").waitFor();
    await page.getByRole("button", { name: "Wipe the demo data" }).click();
    await page.getByRole("heading", { name: "Set up Pilothouse" }).waitFor();
    await fill(page, { "Your name": "Administrator", "Email address": "administrator@example.org", Password: PASSWORD });
    await page.getByRole("button", { name: "Create the first administrator" }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    assert.equal(await page.getByText("Demo data").count(), 0);
    const status = await (await fetch(`${service.url}/status`)).json();
    assert.deepEqual([status.demo, status.products, status.releases], [false, 0, 0]);
    await assert.rejects(access(join(service.data, "demo")), "nothing of it is left");
    await done(0);
  });

  test("the start is there for everybody who can administer, whatever they look with", async () => {
    const guest = await (await Visitor.of(browser, service)).signIn({ email: "administrator@example.org", password: PASSWORD });
    await guest.open("/");
    await guest.page.locator("#start").waitFor();
    for (const viewport of [WIDE, PHONE])
      for (const colorScheme of ["light", "dark"]) {
        await guest.page.setViewportSize(viewport);
        await guest.page.emulateMedia({ colorScheme });
        assert.deepEqual(await faults(guest.page), []);
      }
    await guest.leave();
  });

  test("four steps follow, each ticked when it is done", async () => {
    const { page } = visitor;
    await step("Connect the repository").click();
    await fill(page, { Name: "Shop", "In addresses": "shop", "Repository optional": "https://git.example.org/shop.git" });
    await page.getByLabel("Playbook").selectOption({ value: "orca" });
    await page.getByRole("button", { name: "Create the product" }).click();
    await page.getByRole("cell", { name: "Shop", exact: true }).waitFor();
    await visitor.open("/");
    await done(1);

    await step("Add approvers").click();
    await fill(page, { Name: "Engineering lead", "Email address optional": "lead@example.org" });
    await page.getByLabel("Roles count in").selectOption("Shop");
    await page.getByRole("checkbox", { name: "Engineering lead", exact: true }).check();
    await page.getByRole("button", { name: "Make the invitation" }).click();
    await visitor.open("/");
    await done(2);

    await visitor.open("/shop/settings?env=production&driver=command");
    await page.getByLabel(/^Deploy/).fill("echo\nstands up\n{{version}}");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await visitor.open("/");
    await done(3);

    await step("First release").click();
    await page.getByLabel("Title optional").fill("The shop opens");
    await page.getByRole("button", { name: "Create the release" }).click();
    await page.getByRole("heading", { name: /Shop/ }).waitFor();
    await visitor.open("/");
    assert.equal(await page.locator("#start").count(), 0, "all is done");
    await visitor.leave();
  });

  test("started once more, it serves what was begun", { timeout: 90_000 }, async () => {
    await service.end();
    await service.run();
    assert.match(service.output, /a record of its own/);
    const status = await (await fetch(`${service.url}/status`)).json();
    assert.deepEqual([status.demo, status.releases], [false, 1]);
  });
});
