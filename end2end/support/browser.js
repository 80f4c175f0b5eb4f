// Real Chromium, as installed, driven by playwright-core. Every page is watched for what should not have been said.
import assert from "node:assert/strict";

import { chromium } from "playwright-core";

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

// How long anything may take on a busy machine; what has to be quick is measured.
const PATIENCE = 15_000;

export const launch = () =>
  chromium.launch({ executablePath: process.env.PILOTHOUSE_CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });

// Somebody in front of a browser profile of their own.
export class Visitor {
  // `allowed` holds patterns of complaints that this journey provokes.
  static async of(browser, service, { viewport = WIDE, dark = false, scripts = true, allowed = [] } = {}) {
    const visitor = new Visitor();
    Object.assign(visitor, { service, scripts, allowed, said: [], dialogs: 0 });
    visitor.context = await browser.newContext({
      baseURL: service.url,
      viewport,
      colorScheme: dark ? "dark" : "light",
      javaScriptEnabled: scripts,
      reducedMotion: "reduce",
      locale: "en-GB",
      timezoneId: "Europe/Berlin",
      hasTouch: viewport.width < 720,
    });
    visitor.context.setDefaultTimeout(PATIENCE);
    visitor.context.on("page", (page) => visitor.watch(page));
    await visitor.context.addInitScript(() =>
      addEventListener("securitypolicyviolation", (event) =>
        console.error(`policy violated: ${event.violatedDirective} by ${event.blockedURI}`),
      ),
    );
    visitor.page = await visitor.context.newPage();
    return visitor;
  }

  watch(page) {
    const say = (text) => this.said.push(`${page.url().replace(this.service.url, "")}: ${text}`);
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) say(message.text());
    });
    page.on("pageerror", (error) => say(error.message));
    page.on("dialog", (dialog) => {
      this.dialogs += 1;
      say(`dialog “${dialog.message()}”`);
      return dialog.dismiss();
    });
  }

  // Fails if something was said that should not have been; begins anew.
  quiet() {
    const complaints = this.said.splice(0).filter((text) => !this.allowed.some((pattern) => pattern.test(text)));
    assert.deepEqual(complaints, []);
  }

  // Leaves, having had no reason to complain.
  async leave() {
    this.quiet();
    await this.context.close();
  }

  // Opens a page and waits until the browser side has taken it over, where there is one.
  async open(path, page = this.page) {
    const response = await page.goto(path);
    assert.ok(!(response?.status() >= 500), `${path}: ${response?.status()} ${this.service.output.slice(-2_000)}`);
    await this.alive(page);
    return response;
  }

  async alive(page = this.page) {
    if (this.scripts) await page.waitForSelector("html[data-hydrated]");
  }

  // Another tab of the same browser.
  async tab(path) {
    const page = await this.context.newPage();
    await this.open(path, page);
    return page;
  }

  // Signs in without looking at the form, for journeys about something else.
  async signIn({ email, password }) {
    const answer = await this.context.request.post("/do/sign_in", {
      form: { email, password },
      headers: { accept: "application/json", origin: this.service.url },
      maxRedirects: 0,
    });
    if (!answer.ok()) throw new Error(`${email} cannot sign in: ${answer.status()} ${await answer.text()}`);
    return this;
  }
}
