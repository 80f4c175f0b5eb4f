// Makes one file of the styles of the page, in their order: one request, and what repeats between them is sent once.
import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

const folder = process.argv[2];
const page = join(folder, "index.html");
const html = await readFile(page, "utf8");
const links = [...html.matchAll(/[ \t]*<link rel="stylesheet" href="([^"]+\.css)"[^>]*>\r?\n?/g)];
if (links.length > 1) {
  const files = links.map(([, href]) => join(folder, basename(href)));
  const style = (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("");
  const name = `style-${createHash("sha256").update(style).digest("hex").slice(0, 16)}.css`;
  await writeFile(join(folder, name), style);
  const [first, ...others] = links.map(([link]) => link);
  const one = first.replace(/[^"/]+\.css/, name);
  await writeFile(page, others.reduce((text, link) => text.replace(link, ""), html.replace(first, one)));
  await Promise.all(files.map((file) => rm(file)));
}
