// What most journeys begin with: a service, a browser, the product “shop” and the people who release it.
import { after, before } from "node:test";

import { Visitor, launch } from "./browser.js";
import { person } from "./people.js";
import { Service } from "./service.js";

export const PRODUCT = { slug: "shop", name: "Shop", playbook: "orca" };

const CAST = [
  ["engineer", "Engineer"],
  ["productManager", "Product manager"],
  ["engineeringLead", "Engineering lead"],
  ["support", "Support"],
  ["leadership", "Leadership"],
  ["administrator", "Administrator"],
];

// Set up before the tests of a file and taken down after them; `roles` are the people it needs.
export const stage = (roles = []) => {
  const here = { visitors: [] };
  before(async () => {
    [here.service, here.browser] = await Promise.all([Service.start(), launch()]);
    await here.service.call("POST", "/products", PRODUCT);
    for (const [key, name] of CAST.filter(([key]) => roles.includes(key)))
      here[key] = await person(here.service, name, name.toLowerCase().replace(" ", "_"));
  });
  after(async () => {
    await here.browser?.close();
    await here.service?.remove();
  });
  // A new browser profile, signed in as `who` if somebody is given.
  here.visitor = async (who, options) => {
    const visitor = await Visitor.of(here.browser, here.service, options);
    return who ? visitor.signIn(who) : visitor;
  };
  // A release of the shop, made by the engineer over REST; returns its address on the pages.
  here.release = async (title, { bump = "minor", asked = true } = {}) => {
    const { token } = here.engineer;
    const { version } = await here.service.call("POST", "/products/shop/releases", { bump, title }, token);
    const artifacts = [{ name: "shop.tar.gz", digest: `sha256:${"ab".repeat(32)}` }];
    await here.service.call("PATCH", `/products/shop/releases/${version}`, { artifacts }, token);
    if (asked) await here.service.call("POST", `/products/shop/releases/${version}/approval-requests`, {}, token);
    return { version, page: `/shop/releases/${version}`, rest: `/products/shop/releases/${version}` };
  };
  return here;
};

// Somebody with `role` in the shop decides over REST on what the release is now.
export const decide = async ({ service }, release, who, role, decision, comment) => {
  const { digest } = await service.call("GET", release.rest, undefined, who.token);
  return service.call("POST", `${release.rest}/approvals`, { role, decision, digest, comment }, who.token);
};
