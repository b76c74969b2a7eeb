import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { build } from "../../scripts/build.mjs";
import { URN } from "../../src/beam/urns.js";
import { findPackageRoot } from "../../src/package-root.js";
import {
  processesWith,
  pythonCapabilities,
  requestOf,
  startWorkerSetting,
} from "../workers/worker-setting.js";

beforeAll(build);

it("takes forked workers, and what they are forked from, along when it is killed", async () => {
  const root = findPackageRoot();
  const folder = mkdtempSync(join(tmpdir(), "b2s-pool-"));
  const python = join(root, ".venv", "bin", "python");
  const words = ["worker-pool", "--port", "0", "--folder", folder, "--python", python];
  const pool = spawn(process.execPath, [join(root, "bin", "beam2spark.mjs"), ...words], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const setting = await startWorkerSetting();
  try {
    const [said] = await once(pool.stdout, "data");
    const workers = /127\.0\.0\.1:\d+/.exec(String(said))![0];
    const environment = { urn: URN.environmentDocker, capabilities: pythonCapabilities };
    const worker = await setting.lender.borrow(requestOf(environment, { workers }));
    // Its guard; of the worker itself the system shows what the forking process was started with.
    expect(processesWith(`WORKER_ID=${worker.id}`)).toHaveLength(1);
    const mark = `TMPDIR=${folder}`;
    expect(processesWith(mark).length).toBeGreaterThanOrEqual(4);
    pool.kill("SIGKILL");
    await expect.poll(() => processesWith(mark)).toEqual([]);
    await expect.poll(() => readdirSync(folder)).toEqual([]);
  } finally {
    pool.kill("SIGKILL");
    await setting.close();
    rmSync(folder, { recursive: true });
  }
}, 180_000);
