import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type RunningHost, runHost } from "../../src/host/run-host.js";

let folder: string;
let host: RunningHost | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
});
afterEach(async () => {
  host?.close();
  await host?.ended;
  host = null;
  rmSync(folder, { recursive: true, force: true });
});

const bind = { host: "127.0.0.1", port: 0 };

it("ends with its owner, and leaves neither its socket nor its folder", async () => {
  const owner = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"], { stdio: "ignore" });
  const listen = `unix:${join(folder, "link")}`;
  host = await runHost({ listen, owner: owner.pid!, idleSeconds: 0, folder, bind, advertised: null });
  expect(existsSync(join(folder, "link"))).toBe(true);
  owner.kill("SIGKILL");
  await host.ended;
  expect(existsSync(folder)).toBe(false);
});

it("ends when it had nothing to do for long, but not while a task is connected", async () => {
  host = await runHost({
    ...{ listen: "127.0.0.1:0", owner: null, idleSeconds: 1, folder: null, bind, advertised: null },
  });
  const [, port] = /:(\d+)$/.exec(host.address) ?? [];
  const task = connect(Number(port), "127.0.0.1");
  await new Promise((resolve) => task.once("connect", resolve));
  let hasEnded = false;
  void host.ended.then(() => {
    hasEnded = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(hasEnded).toBe(false);
  task.destroy();
  await host.ended;
});

it("refuses a path that is too long for a socket, instead of listening at its beginning", async () => {
  const listen = `unix:${join(folder, "long".repeat(30), "link")}`;
  const starting = runHost({ listen, owner: null, idleSeconds: 0, folder: null, bind, advertised: null });
  await expect(starting).rejects.toThrow("too long for a socket");
});

it("takes the next ports where those that it is to listen on for workers are taken", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as AddressInfo;
  const words = { listen: "127.0.0.1:0", owner: null, idleSeconds: 0, folder: null, advertised: null };
  host = await runHost({ ...words, bind: { host: "127.0.0.1", port } });
  await new Promise<void>((resolve) => {
    const worker = connect(port + 2, "127.0.0.1", () => {
      worker.destroy();
      resolve();
    });
  });
  taken.close();
});
