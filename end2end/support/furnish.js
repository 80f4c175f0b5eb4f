// A house with something in every room: releases in each state, and somebody who has nothing yet.
import { furnishRollouts } from "./rollouts.js";
import { decide } from "./stage.js";

export const furnish = async (here) => {
  const { service, productManager, engineeringLead, engineer } = here;
  here.newcomer = await here.person("Newcomer");
  const { invite_url } = await service.call("POST", "/users", { name: "Guest", email: "guest@example.org", roles: [] });
  const approved = await here.release("Search with filters");
  await decide(here, approved, productManager, "product_manager", "approve", "Finds what customers asked for.");
  await decide(here, approved, engineeringLead, "engineering_lead", "approve");
  const rejected = await here.release("Checkout without an account");
  await decide(here, rejected, productManager, "product_manager", "reject", "The refund e-mail names the old address.");
  const edited = await here.release("Invoices to download");
  await decide(here, edited, productManager, "product_manager", "approve", "Invoices look right.");
  const artifacts = [{ name: "shop.tar.gz", digest: `sha256:${"cd".repeat(32)}` }];
  await service.call("PATCH", edited.rest, { artifacts }, engineer.token);
  const { freeze, trial } = await furnishCalendar(here);
  const rollouts = await furnishRollouts(here);
  await furnishMonitors(here);
  const issues = await furnishIssues(here);
  const candidate = await here.release("Faster product pages");
  const draft = await here.release("Prices in other currencies", { bump: "patch", asked: false });
  // A second revision, which the open releases do not follow yet.
  const { text } = await service.call("GET", "/playbooks/orca/revisions/1");
  await service.call("POST", "/playbooks/orca/revisions", { text: text.replace('limit = "> 5 %"', 'limit = "> 4 %"') });
  const { figures, behind } = await furnishFigures(here);
  const revisions = "/playbooks/orca/revisions?from=1&to=2";
  const invitation = new URL(invite_url).pathname;
  return { figures, behind, revisions, invitation, engineer, approved, rejected, edited, candidate, draft, freeze, trial, rollouts, issues };
};

// One that stands open with a workaround, one without, one that is mended.
const furnishIssues = async ({ service, engineer, support }) => {
  const all = "/products/shop/known-issues";
  const report = (title, more, { token } = support) =>
    service.call("POST", all, { title, affected: "all", severity: "sev3", audience: ["support"], description: "Seen on phones.", ...more }, token);
  const open = await report("Checkout asks for the address twice", {
    severity: "sev2", workaround: "Choose “as before” on the second page.\nThen go on.", audience: ["support", "customers"],
    description: "Customers with two addresses see the form again after they paid.\n\nOrders are not lost.", tracking: "https://example.org/issues/12",
  });
  await report("Totals are rounded down", {}, engineer);
  const fixed = await report("Cart empties itself", { workaround: "Sign in again." });
  await service.call("POST", `${all}/${fixed.id}/fixes`, { version: "1.0.1" }, engineer.token);
  return { open: open.page, fixed: fixed.page };
};

// Past deliveries of a year, one in trouble.
const furnishFigures = async ({ service }) => {
  const day = (n) => new Date(Date.UTC(2026, 0, 5 + n, 10)).toISOString();
  const lines = [];
  for (let n = 0; n < 40; n += 1) {
    lines.push({ type: "change", product: "shop", id: `past-c${n}`, committed_at: day(n - 2), merged_at: day(n - 1) });
    const kind = n % 10 === 9 ? "hotfix" : "regular";
    lines.push({
      type: "deployment", product: "shop", env: "production", id: `past-d${n}`, version: `0.0.${n + 1}`, started_at: day(n),
      finished_at: day(n).replace("T10", "T11"), outcome: n % 13 === 12 ? "failed" : "success", kind, changes: [`past-c${n}`],
      ...(kind === "hotfix" ? { remediates: `past-d${n - 1}` } : {}),
    });
  }
  lines.push({ type: "incident", product: "shop", env: "production", id: "past-i1", severity: "sev2", started_at: day(20), deployment: "past-d19" });
  await service.call("POST", "/import?name=2026.ndjson", lines.map((line) => JSON.stringify(line)).join("\n"));
  const view = "product=shop&period=custom&from=2026-01-01&to=2026-03-01";
  return { figures: `/dora?${view}&bucket=day&zone=Europe/London`, behind: `/dora/change_lead_time?${view}` };
};

// A monitor that was asked and did not answer, and what the team's own check says.
const furnishMonitors = async ({ service, engineer }) => {
  const staging = "/products/shop/environments/staging";
  const settings = { url: "http://127.0.0.1:9/health", allow_hosts: ["127.0.0.1"] };
  await service.call("PUT", `${staging}/monitors/health`, { settings, force: true });
  await service.call("POST", `${staging}/monitors/health/look`, {}, engineer.token);
  const alarm = { key: "orders", name: "Orders add up", trigger: "data_integrity", said: "12 orders have no customer." };
  await service.call("POST", `${staging}/alarms`, alarm, engineer.token);
};

// A freeze over the next train, a company event everywhere, a rotation, and the address that tries a train in another zone.
const furnishCalendar = async ({ service, engineer }) => {
  const friday = new Date(Date.now() + 7 * 86_400_000);
  friday.setUTCDate(friday.getUTCDate() + ((5 - friday.getUTCDay() + 7) % 7));
  const day = friday.toISOString().slice(0, 10);
  const window = (product, kind, title, hours) =>
    service.call("POST", "/calendar/windows", {
      product, kind, title, reason: "Planned long ago.", zone: "Europe/London", from: `${day}T${hours[0]}`, to: `${day}T${hours[1]}`,
    });
  await window("shop", "freeze", "Audit of the shop", ["08:00", "18:00"]);
  await window("*", "company_event", "All-hands", ["09:30", "11:00"]);
  const turns = { members: [engineer.id], starts: "2026-01-05", weekday: "Mon", at: "09:00", zone: "Europe/London" };
  await service.call("PUT", "/products/shop/rotations/engineer", turns);
  const trial = new URLSearchParams({
    product: "shop", kind: "train", title: "London train", zone: "Europe/London", from: `${day}T12:00`, to: `${day}T14:00`,
    repeats: "FREQ=WEEKLY;INTERVAL=6", for_type: "patch", try: "1",
  });
  return { freeze: day, trial: `/calendar/new?${trial}` };
};
