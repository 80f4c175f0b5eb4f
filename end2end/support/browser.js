// Real Chromium, as installed, driven by playwright-core. Every page is watched for errors and hydration warnings.
import { chromium } from "playwright-core";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export const launch = () =>
  chromium.launch({ executablePath: process.env.PILOTHOUSE_CHROMIUM ?? "/usr/bin/chromium", args: FLAGS, headless: true });

// A fresh browser profile whose pages note everything that should not have been said.
export const visitor = async (browser, service, { viewport = WIDE, dark = false, javaScript = true } = {}) => {
  const context = await browser.newContext({
    baseURL: service.url,
    viewport,
    colorScheme: dark ? "dark" : "light",
    javaScriptEnabled: javaScript,
    reducedMotion: "reduce",
  });
  const complaints = [];
  context.on("page", (page) => {
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  });
  const page = await context.newPage();
  return { context, page, complaints };
};

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// The accessibility faults of a page, one line each. The page's own policy forbids inline scripts, so axe is evaluated.
export const faults = async (page) => {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} (${n.failureSummary?.split("\n")[1]?.trim()})`));
};

// Resolves once the browser side has taken over the page.
export const hydrated = (page) => page.waitForSelector("html[data-hydrated]");
