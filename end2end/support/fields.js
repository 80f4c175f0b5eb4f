// Fields of forms, as their labels and descriptions tell.
import assert from "node:assert/strict";

// Waits until `words` stand against the field, tied to it for those who do not see it.
export const refused = async (field, words) => {
  const described = (await field.getAttribute("aria-describedby")).split(" ");
  const places = described.map((id) => `[id="${id}"]`).join(", ");
  await field.page().locator(places).getByRole("paragraph").filter({ hasText: words }).first().waitFor();
  assert.equal(await field.getAttribute("aria-invalid"), "true");
};

// Fills what the labels name.
export const fill = async (page, fields) => {
  for (const [label, text] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(text);
};
