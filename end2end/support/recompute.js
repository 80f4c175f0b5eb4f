// Delivery figures worked out anew by a script that knows nothing of the program: what it says, and that nothing differs.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const SCRIPT = fileURLToPath(new URL("../recompute.py", import.meta.url));

// As the person who is signed in there; how many deployments the figures rest on.
export const recomputed = async (visitor, url, query) => {
  const cookies = await visitor.page.context().cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const env = { ...process.env, PILOTHOUSE_COOKIE: cookie };
  const { stdout } = await promisify(execFile)("python3", ["-B", SCRIPT, url, query], { env }).catch((error) => {
    throw new Error(`${query}: ${error.stdout}${error.stderr}`);
  });
  assert.match(stdout, / 0 differences\n$/);
  return Number(stdout.match(/ over (\d+) deployments/)[1]);
};
