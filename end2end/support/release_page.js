// The page of one release, in the words that people see.
export class ReleasePage {
  constructor(page) {
    this.page = page;
    this.card = page.getByRole("region", { name: "Approval for production" });
    this.comment = this.card.getByLabel(/^Comment/);
    this.approve = this.card.getByRole("button", { name: "Approve", exact: true });
    this.reject = this.card.getByRole("button", { name: "Reject", exact: true });
    this.ask = page.getByRole("button", { name: "Ask for approval" });
    this.sentence = page.getByRole("region", { name: "How it stands" });
    this.timeline = page.getByRole("region", { name: "Timeline" });
    this.editor = page.locator("#edit");
    this.title = this.editor.getByLabel(/^Title/);
    this.artifact = this.editor.getByRole("group", { name: "Artifact 1" });
    this.save = this.editor.getByRole("button", { name: "Save changes" });
  }

  // Fills the form that changes the release; an artifact is a name and a digest.
  async edit({ title, artifact }) {
    if ((await this.editor.getAttribute("open")) === null) await this.editor.locator("summary").click();
    if (title !== undefined) await this.title.fill(title);
    if (artifact === undefined) return;
    await this.artifact.getByLabel("Name").fill(artifact[0]);
    await this.artifact.getByLabel(/^Digest/).fill(artifact[1]);
  }

  // The state as the badge beside the heading says it.
  badge(word) {
    return this.page.getByRole("heading", { level: 1 }).getByText(word, { exact: true });
  }

  // An event of the timeline.
  event(text) {
    return this.timeline.getByRole("listitem").filter({ hasText: text }).first();
  }
}
