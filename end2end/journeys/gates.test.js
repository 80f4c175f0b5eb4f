// Why can't this ship? Each role finds out on the release's page, and does their part.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Board } from "../support/board.js";
import { PHONE } from "../support/browser.js";
import { refused } from "../support/fields.js";
import { stage } from "../support/stage.js";

const BELOW = [/status of 4\d\d/];

describe("gates", () => {
  const here = stage(["engineer", "productManager", "engineeringLead", "support"]);
  const look = async (who, release, options) => {
    const visitor = await here.visitor(who, { allowed: BELOW, ...options });
    await visitor.open(release.page);
    return { visitor, board: new Board(visitor.page) };
  };
  const check = (release, name, state = "passed") =>
    here.service.call("POST", `${release.rest}/checks`, { name, state }, here.engineer.token);

  test("an open page shows at once that CI reported, and keeps what was typed and unfolded", async () => {
    const release = await here.release("Search with filters");
    const { visitor, board } = await look(here.engineer, release);
    await (await board.says("staging", "ci_checks", "not met")).getByText(/lint has not been reported/).waitFor();
    await board.unfold(board.controls.locator("#hold"));
    const reason = board.controls.locator("#hold").getByLabel("Reason");
    await reason.fill("Half a reas");
    for (const name of ["lint", "typecheck", "test", "build"]) await check(release, name);
    await board.says("staging", "ci_checks", "met");
    await board.gates.getByRole("heading", { name: "It may go to staging" }).waitFor();
    assert.equal(await reason.inputValue(), "Half a reas");
    await check(release, "test", "failed");
    await (await board.says("staging", "ci_checks", "not met")).getByText(/test failed/).waitFor();
    await visitor.leave();
  });

  test("QA ticks what was tried by hand and signs off, bound to what they saw", async () => {
    const quality = await here.person("QA engineer", "qa_engineer");
    const release = await here.release("Checkout without an account");
    const { visitor, board } = await look(quality, release);
    const list = await board.list("manual_qa");
    const first = list.locator(".item").first();
    await first.getByRole("button", { name: "Tick" }).click();
    await first.getByText(/QA engineer/).last().waitFor();
    await list.getByText("1 of 5", { exact: true }).waitFor();
    const second = list.locator(".item").nth(1);
    await second.getByText("Not applicable", { exact: true }).click();
    await second.getByRole("button", { name: "Set aside" }).click();
    await refused(second.getByLabel("Why not"), "1 to 500 characters");
    await second.getByLabel("Why not").fill("There are no agents in the shop.");
    await second.getByRole("button", { name: "Set aside" }).click();
    await second.getByText(/There are no agents in the shop/).waitFor();
    const gate = await board.says("production", "qa_sign_off", "not met");
    await gate.getByLabel(/^Comment/).fill("Tried by hand.");
    await gate.getByRole("button", { name: "Approve", exact: true }).click();
    await board.says("production", "qa_sign_off", "met");
    // Another title is another release: the sign-off does not count for it.
    await here.service.call("PATCH", release.rest, { title: "Checkout as a guest" }, here.engineer.token);
    await board.says("production", "qa_sign_off", "not met");
    await visitor.leave();
  });

  test("the captain plans, announces the freeze, says what it is and writes down the way back", async () => {
    const captain = await here.person("Release captain", "release_captain");
    const release = await here.release("Invoices to download");
    const { visitor, board } = await look(captain, release);
    await board.unfold(board.controls.locator("#plan"));
    await board.controls.getByLabel("When, in UTC").fill("2031-01-03T12:00");
    await board.controls.getByRole("button", { name: "Plan", exact: true }).click();
    await board.controls.getByText(/Planned for/).waitFor();
    const message = await board.message("freeze");
    await message.getByRole("button", { name: "Sent by me" }).click();
    await message.getByText("sent", { exact: true }).waitFor();
    await board.says("production", "freeze_announced", "met");
    const plan = await board.gate("production", "rollback_plan");
    await plan.getByText("Write down the way back").click();
    await plan.getByLabel("How to get back").fill("Deploy the version before; nothing is migrated.");
    await plan.getByRole("button", { name: "Record" }).click();
    await board.says("production", "rollback_plan", "met");
    const migrations = board.controls.locator(".trait").filter({ hasText: "Migrations" });
    await migrations.getByRole("button", { name: "No" }).click();
    await migrations.getByText("no", { exact: true }).waitFor();
    await board.says("production", "migrations", "not applicable");
    await visitor.leave();
  });

  test("a product manager on a phone without JavaScript reads why, and asks for more time", async () => {
    const release = await here.release("Gift cards");
    const { visitor, board } = await look(here.productManager, release, { viewport: PHONE, scripts: false });
    await board.gates.getByRole("heading", { name: "Why can’t this ship to staging?" }).waitFor();
    await board.unfold(board.controls.locator("#hold"));
    await board.controls.getByLabel("Before which environment").selectOption("staging");
    await board.controls.getByRole("button", { name: "Hold", exact: true }).click();
    await board.unfold(board.controls.locator("#hold"));
    await refused(board.controls.locator("#hold").getByLabel("Reason"), "1 to 500 characters");
    await board.controls.locator("#hold").getByLabel("Reason").fill("Legal wants to read the terms.");
    await board.controls.getByRole("button", { name: "Hold", exact: true }).click();
    await (await board.gate("staging", "hold_1")).getByText(/Legal wants to read the terms/).waitFor();
    const answer = await here.service.call("GET", release.rest);
    assert.ok(answer.gates.some(({ id, env, state }) => id === "hold_1" && env === "staging" && state === "unmet"));
    await visitor.leave();
  });

  test("support reads, and is offered neither a sign-off nor glass to break", async () => {
    const release = await here.release("Wish lists");
    const { visitor, board } = await look(here.support, release);
    await board.gates.getByRole("heading", { name: /Why can’t this ship/ }).waitFor();
    for (const word of ["Approve", "Break glass", "It succeeded"])
      assert.equal(await visitor.page.getByRole("button", { name: word, exact: true }).count(), 0, word);
    await visitor.leave();
  });

  test("security breaks glass in an emergency: typed, with a reason, in red, and only for what it was", async () => {
    const security = await here.person("Security", "security");
    const release = await here.release("Leaking sessions");
    const { visitor, board } = await look(security, release);
    const glass = await board.unfold(board.controls.locator("#glass-production"));
    await glass.getByLabel(/It runs on staging/).check();
    await glass.getByLabel("Why it cannot wait").fill("Sessions leak right now.");
    await glass.getByLabel(/Type “production”/).fill("prod");
    await glass.getByRole("button", { name: "Break glass" }).click();
    await refused(glass.getByLabel(/Type “production”/), "“prod”");
    assert.equal(await glass.getByLabel("Why it cannot wait").inputValue(), "Sessions leak right now.");
    assert.ok(await glass.getByLabel(/It runs on staging/).isChecked());
    await glass.getByLabel(/Type “production”/).fill("production");
    await glass.getByRole("button", { name: "Break glass" }).click();
    const gate = await board.says("production", "staging", "waived");
    await gate.getByText(/Sessions leak right now/).waitFor();
    await visitor.page.getByText(/Glass was broken for: staging/).waitFor();
    await here.service.call("PATCH", release.rest, { title: "Something else" }, here.engineer.token);
    await board.says("production", "staging", "not met");
    await visitor.leave();
  });

  test("a deployment that another tool carried out opens the way on, and stands with what was against it", async () => {
    const release = await here.release("Faster images");
    const { visitor, board } = await look(here.engineer, release);
    const record = await board.unfold(board.controls.locator("#record-staging"));
    await record.getByText(/1 gates before staging are not met/).waitFor();
    await record.getByRole("button", { name: "It succeeded" }).click();
    await board.gates.getByRole("heading", { name: "Why can’t this ship to production?" }).waitFor();
    await board.says("production", "staging", "met");
    const { version } = await here.service.call("GET", "/products/shop/environments/staging");
    assert.equal(version, release.version);
    await visitor.leave();
  });
});
