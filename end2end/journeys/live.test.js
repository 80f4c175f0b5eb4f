// What one person does, another sees at once, without loading the page again.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { ReleasePage } from "../support/release_page.js";
import { stage } from "../support/stage.js";
import { until } from "../support/waiting.js";

const AT_ONCE = 1_000;
const GONE = [/ERR_CONNECTION_REFUSED/, /ERR_INCOMPLETE_CHUNKED_ENCODING/, /ERR_CONNECTION_RESET/, /ERR_EMPTY_RESPONSE/];

// Remembers when something is clicked in this page.
const noteClick = (page) =>
  page.evaluate(() => addEventListener("click", () => (globalThis.clickedAt = Date.now()), { capture: true, once: true }));

// When `text` first stood in `selector`; asked before it does. Also marks the page, to tell whether it was loaded again.
const whenShown = (page, selector, text) =>
  page.evaluateHandle(
    ({ selector, text }) => {
      globalThis.sameLoad = true;
      const shown = () => [...document.querySelectorAll(selector)].some((element) => element.textContent.includes(text));
      const seen = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`“${text}” is not shown`)), 15_000);
        const look = () => shown() && (observer.disconnect(), resolve(Date.now()));
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        look();
      });
      return { seen };
    },
    { selector, text },
  );

describe("two windows", () => {
  const here = stage(["engineer", "productManager", "engineeringLead", "support"]);

  const live = (visitor) => visitor.page.locator(".topbar").getByText("Live", { exact: true }).waitFor();

  const opened = async (who, path, options) => {
    const visitor = await here.visitor(who, options);
    await visitor.open(path);
    await live(visitor);
    return visitor;
  };

  // Clicks in one window and measures until the other shows it.
  const measured = async (t, [from, button], [to, selector, text]) => {
    const watch = await whenShown(to.page, selector, text);
    await noteClick(from.page);
    await button.click();
    const seen = await watch.evaluate(({ seen }) => seen);
    const took = seen - (await from.page.evaluate(() => globalThis.clickedAt));
    t.diagnostic(`shown after ${took} ms`);
    assert.equal(await to.page.evaluate(() => globalThis.sameLoad), true, "the page was loaded again");
    assert.ok(took <= AT_ONCE, `${took} ms`);
  };

  test("an approval is shown in the other window within a second", async (t) => {
    const release = await here.release("Faster product pages");
    const manager = await opened(here.productManager, release.page);
    const lead = await opened(here.engineeringLead, release.page);
    const lists = await Promise.all(["/", "/releases"].map((path) => opened(here.support, path)));
    const listed = await Promise.all(lists.map(({ page }) => whenShown(page, "main .badge", "Approved")));
    const at = new ReleasePage(manager.page);
    await measured(t, [manager, at.approve], [lead, "main", "approved as product manager"]);
    await measured(t, [lead, new ReleasePage(lead.page).approve], [manager, "main .badge", "Approved"]);
    for (const watch of listed) await watch.evaluate(({ seen }) => seen);
    for (const { page } of lists) assert.equal(await page.evaluate(() => globalThis.sameLoad), true);
    for (const visitor of [manager, lead, ...lists]) await visitor.leave();
  });

  test("the same after the service was started anew", async (t) => {
    const release = await here.release("Search with filters");
    const manager = await opened(here.productManager, release.page, { allowed: GONE });
    const lead = await opened(here.engineeringLead, release.page, { allowed: GONE });
    await lead.page.evaluate(() => (globalThis.sameLoad = true));
    assert.equal(await here.service.end(), 0);
    await lead.page.locator(".topbar").getByText("Reconnecting").waitFor();
    await here.service.run();
    const started = Date.now();
    await Promise.all([live(manager), live(lead)]);
    t.diagnostic(`live again ${Date.now() - started} ms after the start`);
    await measured(t, [manager, new ReleasePage(manager.page).approve], [lead, "main", "approved as product manager"]);
    for (const visitor of [manager, lead]) await visitor.leave();
  });

  test("what happened while this window heard nothing is caught up, in its order", async () => {
    const release = await here.release("Orders by telephone");
    const lead = await opened(here.engineeringLead, release.page, { allowed: [/ERR_FAILED/, ...GONE] });
    await lead.page.evaluate(() => (globalThis.sameLoad = true));
    await lead.context.route("**/events*", (route) => route.abort());
    await here.service.end();
    await here.service.run();
    for (const title of ["Orders by post", "Orders by carrier pigeon"])
      await here.service.call("PATCH", release.rest, { title }, here.engineer.token);
    await lead.page.locator(".topbar").getByText("Reconnecting").waitFor();
    await lead.context.unroute("**/events*");
    await live(lead);
    await lead.page.getByRole("main").getByText("Orders by carrier pigeon").first().waitFor();
    const told = new ReleasePage(lead.page).timeline.getByText("changed title");
    await told.nth(1).waitFor();
    assert.equal(await told.count(), 2);
    assert.equal(await lead.page.evaluate(() => globalThis.sameLoad), true);
    await lead.leave();
  });

  test("an edit under an open approval says what changed, and the old digest is refused with it", async (t) => {
    const release = await here.release("Invoices to download");
    const engineer = await opened(here.engineer, release.page);
    const manager = await opened(here.productManager, release.page, { allowed: [/status of 409/] });
    const plain = await here.visitor(here.productManager, { scripts: false, allowed: [/status of 409/] });
    await plain.open(release.page);
    const at = new ReleasePage(engineer.page);
    await at.edit({ title: "Invoices and receipts to download" });
    await measured(t, [engineer, at.save], [manager, "#approval", "Changed since you looked: title"]);
    const old = new ReleasePage(plain.page);
    await old.approve.click();
    await old.card.getByRole("alert").filter({ hasText: /changed since you looked: title/ }).waitFor();
    const { approvals } = await here.service.call("GET", release.rest, undefined, here.support.token);
    assert.deepEqual(approvals, []);
    for (const visitor of [engineer, manager, plain]) await visitor.leave();
  });

  test("two tabs share one connection, and the other goes on when one is closed", async () => {
    await until("nobody listens", async () => (await here.service.liveStreams()) === 0);
    const release = await here.release("Gift cards");
    const lead = await opened(here.engineeringLead, "/releases");
    const second = await lead.tab(release.page);
    await second.locator(".topbar").getByText("Live", { exact: true }).waitFor();
    assert.equal(await here.service.liveStreams(), 1);
    await lead.page.close();
    await until("the other tab listens", async () => (await here.service.liveStreams()) === 1);
    await here.service.call("PATCH", release.rest, { title: "Gift cards by post" }, here.engineer.token);
    await new ReleasePage(second).event("changed title").waitFor();
    await lead.leave();
  });
});
