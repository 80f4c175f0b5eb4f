// Whatever people write stays text: on every page, in every field, with and without scripts.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { decide, stage } from "../support/stage.js";

const PAYLOADS = {
  image: `<img src=x onerror=alert(1)>`,
  script: `</script><script>alert(2)</script>`,
  attribute: `"'><svg onload=alert(3)>`,
  escape: `</title></textarea><b data-escaped>&lt;i&gt;`,
};

describe("text that looks like markup", () => {
  const here = stage(["engineer", "productManager", "engineeringLead", "administrator"]);
  const pages = [];
  before(async () => {
    const { service, productManager } = here;
    await here.person(`Author ${PAYLOADS.attribute}`, "engineer");
    await service.call("POST", "/products", { slug: "market", name: PAYLOADS.image, playbook: "orca" });
    const release = await here.release(`Title ${PAYLOADS.script}`);
    const artifacts = [{ name: `${PAYLOADS.escape}.tar.gz`, digest: `sha256:${"ab".repeat(32)}` }];
    await service.call("PATCH", release.rest, { artifacts }, here.engineer.token);
    const comment = Object.values(PAYLOADS).join(" ");
    await decide(here, release, productManager, "product_manager", "reject", comment);
    const { text } = await service.call("GET", "/playbooks/orca/revisions/1");
    const marked = text
      .replace(/^summary = .*$/m, `summary = '''${PAYLOADS.image}'''`)
      .replace(/^text = "Something ships.*$/m, `text = '''${PAYLOADS.attribute}'''`);
    await service.call("POST", "/playbooks/orca/revisions", { text: marked });
    pages.push(
      ["/playbooks", PAYLOADS.image],
      ["/playbooks/orca", PAYLOADS.attribute],
      ["/playbooks/orca/revisions?from=1&to=2", PAYLOADS.attribute],
      ["/admin/playbooks", PAYLOADS.image],
      ["/admin/playbooks/orca", PAYLOADS.attribute],
      ["/", PAYLOADS.script],
      ["/releases", PAYLOADS.script],
      [`/releases?q=${encodeURIComponent(PAYLOADS.attribute)}`, "No release fits"],
      ["/releases/new", PAYLOADS.image],
      [release.page, PAYLOADS.escape],
      [release.page, PAYLOADS.script],
      ["/admin/people", PAYLOADS.attribute],
      ["/admin/products", PAYLOADS.image],
      [`/audit?stream=${encodeURIComponent(PAYLOADS.attribute)}`, "No event fits"],
      ["/audit", "release.decided"],
      ["/me", PAYLOADS.attribute],
    );
  });

  for (const scripts of [true, false])
    test(scripts ? "with scripts" : "without scripts", async () => {
      const visitor = await here.visitor(here.administrator, { scripts });
      for (const [path, text] of pages) {
        await visitor.open(path);
        const { shown, strangers } = await visitor.page.evaluate(look);
        assert.ok(shown.includes(text), `${path} does not show ${text}`);
        assert.deepEqual(strangers, [], path);
      }
      assert.equal(visitor.dialogs, 0);
      visitor.quiet();
    });
});

// What a page says, and what in it the text of somebody has become.
const look = () => {
  const scripts = [...document.querySelectorAll("script")].filter((script) => script.textContent.startsWith("alert("));
  const strangers = [...document.querySelectorAll("img[src=x], svg[onload], [data-escaped]"), ...scripts];
  const fields = [...document.querySelectorAll("input, textarea")].map((field) => field.value);
  const body = document.body.cloneNode(true);
  body.querySelectorAll("script").forEach((script) => script.remove());
  return { shown: [body.textContent, ...fields].join("\n"), strangers: strangers.map((element) => element.outerHTML) };
};
