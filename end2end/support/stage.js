// What most journeys begin with: a service, a browser, the product “shop” and the people who release it.
import { after, before } from "node:test";

import { Visitor, launch } from "./browser.js";
import { person } from "./people.js";
import { Service } from "./service.js";

const CAST = {
  engineer: "Engineer",
  productManager: "Product manager",
  engineeringLead: "Engineering lead",
  support: "Support",
  releaseCaptain: "Release captain",
  leadership: "Leadership",
  administrator: "Administrator",
};

// A service with the shop and the people asked for, to be looked at with `browser`.
export const furnished = async (browser, roles, here = {}) => {
  const service = await Service.start();
  Object.assign(here, { browser, service });
  await service.call("POST", "/products", { slug: "shop", name: "Shop", playbook: "orca" });
  here.person = (...details) => person(service, ...details);
  for (const key of roles) here[key] = await here.person(CAST[key], CAST[key].toLowerCase().replace(" ", "_"));
  // A new browser profile, signed in as `who` if somebody is given.
  here.visitor = async (who, options) => {
    const visitor = await Visitor.of(browser, service, options);
    return who ? visitor.signIn(who) : visitor;
  };
  // A release of the shop, made by the engineer over REST.
  here.release = async (title, { bump = "minor", asked = true } = {}) => {
    const { token } = here.engineer;
    const { version } = await service.call("POST", "/products/shop/releases", { bump, title }, token);
    const rest = `/products/shop/releases/${version}`;
    const artifacts = [{ name: "shop.tar.gz", digest: `sha256:${"ab".repeat(32)}` }];
    await service.call("PATCH", rest, { artifacts }, token);
    if (asked) await service.call("POST", `${rest}/approval-requests`, {}, token);
    return { version, rest, page: `/shop/releases/${version}` };
  };
  return here;
};

// The same, set up before the tests of a file and taken down after them.
export const stage = (roles) => {
  const here = {};
  before(async () => furnished(await launch(), roles, here));
  after(async () => {
    await here.browser?.close();
    await here.service?.remove();
  });
  return here;
};

// Somebody with `role` in the shop decides over REST on what the release is now.
export const decide = async ({ service }, release, who, role, decision, comment) => {
  const { digest } = await service.call("GET", release.rest, undefined, who.token);
  return service.call("POST", `${release.rest}/approvals`, { role, decision, digest, comment }, who.token);
};
