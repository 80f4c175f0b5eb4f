// What stands between a release and its next environment, in the words that people see.
export class Board {
  constructor(page) {
    this.page = page;
    this.gates = page.locator("#gates");
    this.controls = page.locator("#controls");
    this.lists = page.locator("#lists");
    this.messages = page.locator("#messages");
  }

  // A gate before an environment; the fold around it is opened if there is one.
  async gate(env, id) {
    await this.unfold(this.gates.locator(`#stage-${env}`));
    return this.gates.locator(`#gate-${env}-${id}`);
  }

  async list(id) {
    const list = this.lists.locator(`#list-${id}`);
    await this.unfold(list);
    return list;
  }

  async message(id) {
    const message = this.messages.locator(`#message-${id}`);
    await this.unfold(message);
    return message;
  }

  // Opens what is folded, if it is there and is.
  async unfold(fold) {
    if ((await fold.count()) === 1 && (await fold.getAttribute("open")) === null)
      await fold.locator("summary").first().click();
    return fold;
  }

  // Waits until a gate says that it stands so.
  async says(env, id, word) {
    const gate = await this.gate(env, id);
    await gate.locator(".badge").getByText(word, { exact: true }).waitFor();
    return gate;
  }
}
