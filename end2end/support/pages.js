// Every route of the application, once, with the states it is looked at in. `as` is a key of the stage, or nobody.
import { readFile } from "node:fs/promises";

const ROUTES = new URL("../../app/src/routes.rs", import.meta.url);

// The routes as the application declares them; the frame around them is none.
export const declaredRoutes = async () => {
  const text = await readFile(ROUTES, "utf8");
  return [...text.matchAll(/<Route\s+path=path!\("([^"]*)"\)/g)].map(([, route]) => route || "/").sort();
};

// `at` gets what `furnish` made. A page that is refused says with which `status`.
export const PAGES = [
  { name: "sign-in", route: "/sign-in", at: () => "/sign-in?next=/releases" },
  { name: "sign-in-by-link", route: "/sign-in/:secret", at: () => "/sign-in/no-such-link" },
  { name: "set-up", route: "/set-up/:secret", at: () => "/set-up/no-such-link" },
  { name: "welcome", route: "/welcome/:secret", at: (made) => made.invitation },
  { name: "welcome-used-link", route: "/welcome/:secret", at: () => "/welcome/no-such-link", refused: true },
  { name: "overview", route: "/", at: () => "/", as: "productManager" },
  { name: "overview-nothing-waits", route: "/", at: () => "/", as: "engineer" },
  { name: "overview-empty", route: "/", at: () => "/", as: "newcomer" },
  { name: "releases", route: "/releases", at: () => "/releases", as: "engineer" },
  { name: "releases-none-fits", route: "/releases", at: () => "/releases?q=nothing-like-it", as: "support" },
  { name: "new-release", route: "/releases/new", at: () => "/releases/new", as: "engineer" },
  { name: "new-release-no-product", route: "/releases/new", at: () => "/releases/new", as: "support" },
  { name: "release-draft", route: "/:product/releases/:version", at: (made) => made.draft.page, as: "engineer" },
  { name: "release-to-approve", route: "/:product/releases/:version", at: (made) => made.candidate.page, as: "productManager" },
  { name: "release-own", route: "/:product/releases/:version", at: (made) => made.candidate.page, as: "engineer" },
  { name: "release-approved", route: "/:product/releases/:version", at: (made) => made.approved.page, as: "support" },
  { name: "release-rejected", route: "/:product/releases/:version", at: (made) => made.rejected.page, as: "engineer" },
  { name: "release-void", route: "/:product/releases/:version", at: (made) => made.edited.page, as: "engineeringLead" },
  { name: "release-not-found", route: "/:product/releases/:version", at: () => "/shop/releases/99.0.0", as: "support", refused: true },
  { name: "deployments", route: "/:product/deployments", at: () => "/shop/deployments", as: "engineer" },
  { name: "deployments-none-fits", route: "/:product/deployments", at: () => "/shop/deployments?state=parked", as: "support" },
  { name: "deployments-of-till", route: "/:product/deployments", at: () => "/till/deployments", as: "productManager" },
  { name: "deployment-rolled-back", route: "/:product/deployments/:id", at: (made) => made.rollouts.back, as: "engineer" },
  { name: "deployment-paused", route: "/:product/deployments/:id", at: (made) => made.rollouts.paused, as: "engineer" },
  { name: "deployment-to-see", route: "/:product/deployments/:id", at: (made) => `${made.rollouts.paused}?log=last`, as: "productManager" },
  { name: "release-under-way", route: "/:product/releases/:version", at: (made) => made.rollouts.release, as: "engineer" },
  { name: "deployment-not-found", route: "/:product/deployments/:id", at: () => "/shop/deployments/no-such-id", as: "support", refused: true },
  { name: "settings", route: "/:product/settings", at: () => "/shop/settings", as: "administrator" },
  { name: "settings-of-a-driver", route: "/:product/settings", at: () => "/shop/settings?env=production&driver=webhook", as: "administrator" },
  { name: "settings-of-a-monitor", route: "/:product/settings", at: () => "/shop/settings?env=staging&monitor=prometheus", as: "administrator" },
  { name: "monitor", route: "/:product/settings/:env/:monitor", at: () => "/shop/settings/staging/health", as: "engineer" },
  { name: "monitor-to-see", route: "/:product/settings/:env/:monitor", at: () => "/shop/settings/staging/health", as: "support" },
  { name: "monitor-not-found", route: "/:product/settings/:env/:monitor", at: () => "/shop/settings/staging/scrape", as: "support", refused: true },
  { name: "settings-to-promote", route: "/:product/settings", at: () => "/shop/settings", as: "engineer" },
  { name: "settings-refused", route: "/:product/settings", at: () => "/shop/settings", as: "support", refused: true },
  { name: "calendar", route: "/calendar", at: (made) => `/calendar?product=shop&from=${made.freeze.slice(0, 10)}`, as: "administrator" },
  { name: "calendar-week", route: "/calendar", at: (made) => `/calendar?view=week&from=${made.freeze.slice(0, 10)}`, as: "support" },
  { name: "calendar-agenda", route: "/calendar", at: () => "/calendar?view=agenda&product=shop", as: "engineer" },
  { name: "calendar-nothing", route: "/calendar", at: () => "/calendar?view=agenda&from=1975-01-01", as: "newcomer" },
  { name: "new-rule", route: "/calendar/new", at: () => "/calendar/new", as: "engineer" },
  { name: "new-rule-tried", route: "/calendar/new", at: (made) => made.trial, as: "engineer" },
  { name: "new-rule-refused", route: "/calendar/new", at: () => "/calendar/new", as: "support", refused: true },
  { name: "rotations", route: "/calendar/rotations", at: () => "/calendar/rotations?product=shop", as: "administrator" },
  { name: "figures", route: "/dora", at: () => "/dora?product=shop", as: "support" },
  { name: "figures-by-days", route: "/dora", at: (made) => made.figures, as: "administrator" },
  { name: "figures-refused", route: "/dora", at: () => "/dora?period=someday&zone=Europe/Lundon", as: "support", refused: true },
  { name: "figures-behind", route: "/dora/:figure", at: (made) => made.behind, as: "support" },
  { name: "figures-behind-nothing", route: "/dora/:figure", at: () => "/dora/time_to_restore?env=staging", as: "support" },
  { name: "figures-behind-not-found", route: "/dora/:figure", at: () => "/dora/no_such_figure", as: "support", refused: true },
  { name: "import", route: "/dora/import", at: () => "/dora/import", as: "administrator" },
  { name: "import-refused", route: "/dora/import", at: () => "/dora/import", as: "support", refused: true },
  { name: "me", route: "/me", at: () => "/me", as: "productManager" },
  { name: "audit", route: "/audit", at: () => "/audit", as: "administrator" },
  { name: "audit-refused", route: "/audit", at: () => "/audit", as: "support", refused: true },
  { name: "admin", route: "/admin", at: () => "/admin", as: "administrator" },
  { name: "people", route: "/admin/people", at: () => "/admin/people", as: "administrator" },
  { name: "person", route: "/admin/people/:id", at: (made) => `/admin/people/${made.engineer.id}`, as: "administrator" },
  { name: "products", route: "/admin/products", at: () => "/admin/products", as: "administrator" },
  { name: "admin-playbooks", route: "/admin/playbooks", at: () => "/admin/playbooks", as: "administrator" },
  { name: "playbook-editor", route: "/admin/playbooks/:name", at: () => "/admin/playbooks/orca", as: "administrator" },
  { name: "playbook-editor-refused", route: "/admin/playbooks/:name", at: () => "/admin/playbooks/orca", as: "support", refused: true },
  { name: "playbooks", route: "/playbooks", at: () => "/playbooks", as: "support" },
  ...["orca", "mesh-os", "octoacme", "sarvanom", "agentmesh"].map((name) => (
    { name: `playbook-${name}`, route: "/playbooks/:name", at: () => `/playbooks/${name}`, as: "administrator" }
  )),
  { name: "playbook-to-read", route: "/playbooks/:name", at: () => "/playbooks/orca", as: "support" },
  { name: "playbook-revisions", route: "/playbooks/:name/revisions", at: (made) => made.revisions, as: "support" },
  { name: "not-found", at: () => "/nothing/at/this/address", as: "support", refused: true },
];
