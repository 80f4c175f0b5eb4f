// A Pilothouse of one's own: started on a free port with an empty data folder, stopped and removed afterwards.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";

export const ADMIN_TOKEN = "end2end-administrator-token-0001";

const freePort = async () => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
};

export class Service {
  static async start(...args) {
    const service = new Service();
    service.port = await freePort();
    service.data = await mkdtemp(join(tmpdir(), "pilothouse-"));
    service.args = args;
    await service.run();
    return service;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async run() {
    const binary = process.env.PILOTHOUSE_BIN ?? "../target/release/pilothouse";
    this.output = "";
    this.process = spawn(
      binary,
      ["serve", "--listen", `127.0.0.1:${this.port}`, "--data", this.data, ...this.args],
      { env: { ...process.env, PILOTHOUSE_ADMIN_TOKEN: ADMIN_TOKEN, PILOTHOUSE_LOG_FORMAT: "json" } },
    );
    for (const stream of [this.process.stdout, this.process.stderr])
      stream.on("data", (chunk) => (this.output += chunk));
    const ended = once(this.process, "exit").then(([code]) => {
      this.exitCode = code;
      throw new Error(`pilothouse ended with ${code}:\n${this.output}`);
    });
    // Reported through `ready` while starting; afterwards an exit is expected.
    ended.catch(() => {});
    await Promise.race([ended, this.ready()]);
  }

  // Polls until the service says that it is ready.
  async ready() {
    for (const until = Date.now() + 30_000; Date.now() < until; ) {
      const answer = await fetch(`${this.url}/ready`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`pilothouse is not ready after 30 s:\n${this.output}`);
  }

  async end(signal = "SIGTERM") {
    if (this.process.exitCode === null) {
      this.process.kill(signal);
      await once(this.process, "exit");
    }
    return this.process.exitCode;
  }

  async restart(signal) {
    await this.end(signal);
    await this.run();
  }

  async remove() {
    await this.end();
    await rm(this.data, { recursive: true, force: true });
  }

  // One REST call; throws on anything but success unless `expect` names a status.
  async call(method, path, body, { token = ADMIN_TOKEN, expect } = {}) {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    const told = text && JSON.parse(text);
    if (expect ? answer.status !== expect : !answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return told;
  }

  // A person with a role, a password set through their invitation, and a token.
  async person(name, role, product = "*") {
    const email = `${name.toLowerCase().replaceAll(" ", ".")}@example.org`;
    const { id, invite_url } = await this.call("POST", "/users", { name, email, roles: [{ product, role }] });
    const { token } = await this.call("POST", "/tokens", { user: id, scopes: ["*"] });
    return { id, name, email, invite_url, token, password: `password of ${name}` };
  }
}
