// The page of one release, in the words that people see.
export class ReleasePage {
  constructor(page) {
    this.page = page;
    this.card = page.locator("#approval");
    this.comment = this.card.getByLabel(/^Comment/);
    this.approve = this.card.getByRole("button", { name: "Approve", exact: true });
    this.reject = this.card.getByRole("button", { name: "Reject", exact: true });
    this.ask = page.getByRole("button", { name: "Ask for approval" });
    this.title = page.getByLabel(/^Title/);
    this.artifacts = page.getByLabel(/^Artifacts/);
    this.save = page.getByRole("button", { name: "Save" });
  }

  // The state as the badge beside the heading says it.
  badge(word) {
    return this.page.locator("main .badge").getByText(word, { exact: true }).first();
  }
}
