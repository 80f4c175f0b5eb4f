// A product whose tool only says what it would do, with one rollout that went back and one that is paused half way.
import { readFile } from "node:fs/promises";

import { decide } from "./stage.js";
import { until } from "./waiting.js";

const PLAYBOOK = new URL("../../playbooks/demo.toml", import.meta.url);

const TOOL = {
  driver: "command",
  settings: {
    deploy: ["echo", "stands up", "{{version}}"],
    weight: ["echo", "sends", "{{percentage}}", "% to", "{{version}}"],
    promote: ["echo", "sends everybody to", "{{version}}"],
    retire: ["echo", "ends", "{{other}}"],
    roll_back: ["echo", "sends everybody back to", "{{version}}"],
  },
  smoke: [["echo", "all is well"]],
};

export const furnishRollouts = async (here) => {
  const { service, engineer, productManager } = here;
  await service.call("POST", "/playbooks", { name: "demo", copy_of: "orca" });
  await service.call("POST", "/playbooks/demo/revisions", { text: await readFile(PLAYBOOK, "utf8") });
  await service.call("POST", "/products", { slug: "till", name: "Till", playbook: "demo" });
  await service.call("PUT", "/products/till/environments/production/driver", TOOL);

  const approved = async (version, title) => {
    await service.call("POST", "/products/till/releases", { version, title }, engineer.token);
    const rest = `/products/till/releases/${version}`;
    await service.call("POST", `${rest}/approval-requests`, {}, engineer.token);
    await decide(here, { rest }, productManager, "product_manager", "approve", "Works as shown.");
    return rest;
  };
  await approved("1.0.0", "Pay at the counter");
  await service.call("POST", "/products/till/environments/production/adopt", { version: "1.0.0" }, engineer.token);

  // On its way until it is watched with some of the traffic.
  const watched = async (version, title) => {
    const rest = await approved(version, title);
    const { id } = await service.call("POST", `${rest}/deployments`, { env: "production" }, engineer.token);
    const one = `/products/till/deployments/${id}`;
    const steer = (verb, reason) => service.call("POST", `${one}/${verb}`, { reason }, engineer.token);
    const reaches = (wanted) =>
      until(`${version} is ${wanted}`, async () => (await service.call("GET", one)).state === wanted, { within: 30_000, seldom: 100 });
    await reaches("judging");
    return { page: `/till/deployments/${id}`, steer, reaches };
  };
  const back = await watched("1.1.0", "Split the bill");
  await back.steer("abort", "Every second bill is split wrongly.");
  await back.reaches("rolled_back");
  await service.call("DELETE", "/products/till/environments/production/hold", { reason: "1.1.1 splits them right." }, engineer.token);
  const paused = await watched("1.1.1", "Split the bill, rightly");
  await paused.steer("pause", "Lunch is the busiest hour.");
  return { back: back.page, paused: paused.page, release: "/till/releases/1.1.1" };
};
