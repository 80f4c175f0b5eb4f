// A Pilothouse of one's own: started on a free port with an empty data folder, stopped and removed afterwards.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { until } from "./waiting.js";

const ADMIN_TOKEN = "end2end-administrator-token-0001";
const BINARY = process.env.PILOTHOUSE_BIN ?? fileURLToPath(new URL("../../target/release/pilothouse", import.meta.url));

const freePort = async () => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
};

// What the tests around us are told is none of the service's business.
const environment = (own) => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PILOTHOUSE_"))),
  PILOTHOUSE_LOG_FORMAT: "json",
  ...own,
});

export class Service {
  // With an administrator's token unless `bare`: then somebody has to follow the set-up link.
  static async start({ bare = false, args = [] } = {}) {
    const service = new Service();
    service.port = await freePort();
    service.data = await mkdtemp(join(tmpdir(), "pilothouse-"));
    service.args = args;
    service.environment = environment(bare ? {} : { PILOTHOUSE_ADMIN_TOKEN: ADMIN_TOKEN });
    await service.run();
    return service;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  // Everything that stands behind the address in what the service printed.
  printed(path) {
    return this.output.match(new RegExp(`${this.url}(${path}\\S*)`))?.[1];
  }

  async run() {
    this.output = "";
    const args = ["serve", "--listen", `127.0.0.1:${this.port}`, "--data", this.data, ...this.args];
    this.process = spawn(BINARY, args, { env: this.environment });
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on("data", (chunk) => (this.output += chunk));
    this.process.on("error", (error) => (this.output += error.message));
    await until(`pilothouse at ${this.url} is ready`, () => this.ready(), { within: 60_000, seldom: 50 }).catch((error) => {
      throw new Error(`${error.message}\n${this.output}`);
    });
  }

  // The fleet outlives its control room on purpose; here nothing is left for it to do.
  async endFleet() {
    for (const folder of [join(this.data, "fleet"), join(this.data, "demo", "fleet")]) await this.endFleetIn(folder);
  }

  async endFleetIn(folder) {
    const there = () => access(join(folder, "fleet.nonce")).then(() => true, () => false);
    if (!(await there())) return;
    const stop = spawn(BINARY, ["fleet", "--folder", folder, "--stop"], { stdio: "ignore" });
    await once(stop, "exit");
  }

  async ready() {
    if (this.process.exitCode !== null) throw new Error(`pilothouse ended with ${this.process.exitCode}`);
    const answer = await fetch(`${this.url}/ready`).catch(() => undefined);
    return answer?.ok;
  }

  async end(signal = "SIGTERM") {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill(signal);
      await once(this.process, "exit");
    }
    return this.process.exitCode;
  }

  async remove() {
    await this.end();
    await this.endFleet();
    await rm(this.data, { recursive: true, force: true });
  }

  // One REST call; throws on anything but success.
  async call(method, path, body, token = ADMIN_TOKEN) {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) },
      // Lines of a file go as they are.
      body: typeof body === "string" ? body : body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  }

  // How many browsers follow the live stream now.
  async liveStreams() {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    return Number(text.match(/^pilothouse_live_streams (\d+)/m)?.[1]);
  }
}
