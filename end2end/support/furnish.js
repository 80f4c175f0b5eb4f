// A house with something in every room: releases in each state, and somebody who has nothing yet.
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
  const candidate = await here.release("Faster product pages");
  const draft = await here.release("Prices in other currencies", { bump: "patch", asked: false });
  return { invitation: new URL(invite_url).pathname, engineer, approved, rejected, edited, candidate, draft };
};
