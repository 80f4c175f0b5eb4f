// The demonstration as a newcomer meets it: a canary that goes wrong and back by itself, and one that they start.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { faults } from "../support/axe.js";
import { PHONE, Visitor, launch } from "../support/browser.js";
import { Service } from "../support/service.js";
import { until } from "../support/waiting.js";

const TOKEN = "end2end-administrator-token-0001";

describe("rollouts in the demonstration", () => {
  const here = {};

  before(async () => {
    here.browser = await launch();
    here.service = await Service.start({ args: ["--demo"] });
  });

  after(async () => {
    await here.browser?.close();
    await here.service?.remove();
  });

  const rest = (method, path, body) => here.service.call(method, path, body, TOKEN);

  const deployments = async (product) => (await rest("GET", `/products/${product}/deployments`)).items;

  // By the link that the demonstration printed; each opens once.
  const signedIn = async (role, options) => {
    const visitor = await Visitor.of(here.browser, here.service, options);
    const link = here.service.output.match(new RegExp(`${role}\\s+(http\\S+)`))?.[1];
    await visitor.open(new URL(link).pathname);
    await visitor.page.getByRole("button", { name: "Continue" }).click();
    await visitor.page.getByRole("heading", { name: "Overview" }).waitFor();
    return visitor;
  };

  test("the canary with a regression goes back by itself, and the page says why", { timeout: 240_000 }, async () => {
    const faulty = await until(
      "coffee 1.5.0 is rolled back",
      async () => (await deployments("coffee")).find(({ version, state }) => version === "1.5.0" && state === "rolled_back"),
      { within: 180_000, seldom: 500 },
    );
    const environment = await rest("GET", "/products/coffee/environments/production");
    assert.equal(environment.version, "1.4.2");
    assert.ok(environment.hold, "it is held until a person resumes");
    const engineer = await signedIn("Engineer");
    await engineer.open(`/coffee/deployments/${faulty.id}`);
    await engineer.page.locator("main .badge", { hasText: "Rolled back" }).first().waitFor();
    await engineer.page.getByText("Canary is failing").first().waitFor();
    await engineer.leave();
  });

  test("a product manager approves on a phone, an engineer promotes, and traffic moves until it is live", { timeout: 300_000 }, async () => {
    await until(
      "bakery runs",
      async () => (await rest("GET", "/products/bakery/environments/production")).version === "2.0.1",
      { within: 120_000, seldom: 500 },
    );
    const manager = await signedIn("Product manager", { viewport: PHONE });
    await manager.open("/bakery/releases/2.1.0");
    await manager.page.getByRole("button", { name: "Approve" }).first().click();
    await manager.page.locator("main .badge", { hasText: "Approved" }).first().waitFor();
    await manager.leave();

    const engineer = await signedIn("Release captain");
    await engineer.open("/bakery/releases/2.1.0");
    await engineer.page.getByRole("button", { name: "Promote to production" }).click();
    const { id } = await until("it has started", async () => (await deployments("bakery")).find(({ version }) => version === "2.1.0"));
    // The button leads somewhere by itself; where it is still on its way, it is asked once more.
    const page = `/bakery/deployments/${id}`;
    await until(page, () => engineer.open(page).then(() => true, () => false));
    const seen = new Set();
    await until(
      "bakery 2.1.0 is live",
      async () => {
        const shown = await rest("GET", `/products/bakery/deployments/${id}`);
        seen.add(shown.weight.actual);
        assert.ok(!["rolled_back", "failed", "parked"].includes(shown.state), `it is ${shown.state}: ${JSON.stringify(shown)}`);
        return shown.state === "live";
      },
      { within: 240_000, seldom: 250 },
    );
    for (const share of [25, 50, 100]) assert.ok(seen.has(share), `${share} % was read back: ${[...seen]}`);
    await engineer.page.locator("main .badge", { hasText: "Live" }).first().waitFor();

    // What was measured is drawn: read by keys, as a table, and nobody is left out.
    const figure = engineer.page.locator("figure.figure").first();
    const reader = figure.locator("input[type=range]:visible");
    await engineer.alive();
    const said = await reader.getAttribute("aria-valuetext");
    await reader.focus();
    await engineer.page.keyboard.press("ArrowLeft");
    await until("the reader moves by a key", async () => (await reader.getAttribute("aria-valuetext")) !== said);
    const read = await figure.locator("[data-read]").textContent();
    assert.equal(read, await reader.getAttribute("aria-valuetext"));
    await figure.getByText("As a table").click();
    assert.ok((await figure.locator("tbody tr").count()) > 1, "every window stands in the table");
    for (const colorScheme of ["light", "dark"]) {
      await engineer.page.emulateMedia({ colorScheme });
      assert.deepEqual(await faults(engineer.page), [], colorScheme);
    }
    await engineer.page.screenshot({ path: "results/charts-wide-dark.png", fullPage: true });
    await engineer.leave();
  });
});
