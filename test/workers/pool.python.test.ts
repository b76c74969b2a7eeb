import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ExternalPayload } from "../../src/beam/protos/types/environment.js";
import { URN } from "../../src/beam/urns.js";
import { findPackageRoot } from "../../src/package-root.js";
import { type RunningPool, startPool } from "../../src/workers/pool/start-pool.js";
import type { WorkerContext } from "../../src/workers/worker-context.js";
import {
  makeTestContext,
  processesWith,
  pythonCapabilities,
  requestOf,
  sessionOf,
  splitWords,
  startWorkerSetting,
  type WorkerSetting,
} from "./worker-setting.js";

let context: WorkerContext;
let pool: RunningPool;
let setting: WorkerSetting;
beforeEach(async () => {
  context = makeTestContext();
  pool = await startPool("127.0.0.1", 0, context);
  setting = await startWorkerSetting();
});
afterEach(async () => {
  await setting.close();
  await pool.close();
  rmSync(context.folder, { recursive: true });
});

const listWorkerFolders = () => readdirSync(context.folder).filter((name) => name.startsWith("worker-"));

test("a pool's worker runs bundles, is told of when it ends, and leaves nothing", async () => {
  const environment = {
    urn: URN.environmentExternal,
    payload: ExternalPayload.encode({ endpoint: { url: pool.endpoint } }),
    capabilities: pythonCapabilities,
  };
  const worker = await setting.lender.borrow(requestOf(environment));
  expect(await splitWords(setting.host, worker, "two words")).toBe("\x03two\x05words");
  const ended = new Promise<string>((resolve) => worker.onEnd(resolve));
  // Its guard has its id among its variables.
  const [guard] = processesWith(worker.id);
  process.kill(sessionOf(guard!), "SIGKILL");
  expect(await ended).toMatch(/^the worker has ended with signal SIGKILL/);
  await setting.lender.endJob("job-1");
  expect(processesWith(worker.id)).toEqual([]);
  expect(listWorkerFolders()).toEqual([]);
}, 180_000);

test("Beam's own runner gets its workers from a pool, too", async () => {
  const words = [join(findPackageRoot(), "test", "workers", "run_on_pool.py"), pool.endpoint];
  const { stdout } = await promisify(execFile)(context.python, words);
  expect(stdout).toBe("done\n");
  // It leaves without waiting until its workers have.
  await expect.poll(listWorkerFolders, { timeout: 10_000 }).toEqual([]);
}, 180_000);

test("a program in LOOPBACK is a pool", async () => {
  const program = spawn(context.python, [join(findPackageRoot(), "test", "workers", "loopback_pool.py")], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const [address] = await once(program.stdout.setEncoding("utf8"), "data");
    const environment = {
      urn: URN.environmentExternal,
      payload: ExternalPayload.encode({ endpoint: { url: String(address).trim() } }),
      capabilities: pythonCapabilities,
    };
    const worker = await setting.lender.borrow(requestOf(environment));
    expect(await splitWords(setting.host, worker, "two words")).toBe("\x03two\x05words");
    const ended = new Promise<string>((resolve) => worker.onEnd(resolve));
    program.kill("SIGKILL");
    expect(await ended).toMatch(/^the worker has closed its (control|data|state) stream$/);
  } finally {
    program.kill("SIGKILL");
  }
}, 180_000);
