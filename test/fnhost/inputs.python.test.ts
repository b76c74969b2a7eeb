import { type ChildProcess, execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLinkServer } from "../../src/fnhost/link/link-server.js";
import { OpenStages } from "../../src/fnhost/open-stages.js";
import { SideInputStore } from "../../src/fnhost/side-inputs/side-input-store.js";
import { type FnHost, startHost } from "../../src/fnhost/start-host.js";
import { Worker } from "../../src/fnhost/worker.js";
import { findPackageRoot } from "../../src/package-root.js";
import { startPythonWorker } from "./python-worker.js";

/** What one lane gives that the other doesn't. */
interface Difference {
  readonly error?: string;
  readonly rows: number;
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
}

const root = findPackageRoot();
const pythonPath = ["templates/pyspark", "test/python", "test/fnhost"].map((folder) => join(root, folder));
const env = { ...process.env, PYTHONPATH: pythonPath.join(delimiter) };
const folder = mkdtempSync(join(tmpdir(), "b2s-inputs-"));
let host: FnHost;
let child: ChildProcess;
let close: () => void;
/** Bytes that this process, which is the host, had before it did anything. */
let atFirst: number;

beforeAll(async () => {
  host = await startHost({ onLog: () => {} });
  const worker = new Worker("worker-a", {});
  host.workers.add(worker);
  child = startPythonWorker(worker.id, host.endpoint, env);
  const server = await startLinkServer(`unix:${join(folder, "link")}`, {
    stages: new OpenStages(host),
    workers: {
      borrow: async () => worker,
      tryBorrow: () => null,
      giveBack: () => {},
      endJob: async () => {},
    },
    sideInputs: new SideInputStore(),
  });
  close = () => server.close();
  atFirst = process.memoryUsage().rss;
});
afterAll(() => {
  child.kill();
  close();
  host.close();
  rmSync(folder, { recursive: true });
});

/** Runs a script of the tests beside the host. @returns what it prints */
async function runScript(script: string, ...args: readonly string[]): Promise<string> {
  const command = [join(root, "test/fnhost", script), `unix:${join(folder, "link")}`, folder, ...args];
  const { stdout } = await promisify(execFile)(join(root, ".venv/bin/python"), command, { env });
  return stdout;
}

/** Runs a script. @returns what it prints, and how many MiB the host has then had at most, beyond those at first */
async function measure(script: string, ...args: readonly string[]): Promise<readonly [string, number]> {
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  const printed = await runScript(script, ...args);
  clearInterval(sampler);
  return [printed.trim(), (peak - atFirst) >> 20];
}

test("the million elements of one bundle, 210 MiB, never lie in the host together", async () => {
  const [printed, grown] = await measure("measure_rows.py", "1000000", "200");
  expect(printed).toMatch(/^1000000 \d+ 999999\.$/);
  expect(grown).toBeLessThan(140);
}, 180_000);

test("a group of 256 MiB never lies in the host as a whole", async () => {
  const [printed, grown] = await measure("measure_group.py", "256");
  const size = 256 << 20;
  expect(printed.split("\n")).toEqual([`large ${size} ${size}`, "small 1 1"]);
  expect(grown).toBeLessThan(220);
}, 180_000);

test("an element of 64 MiB is in the host as often as it is on its way", async () => {
  const size = 64 << 20;
  const [printed, grown] = await measure("measure_rows.py", "1", `${size}`);
  expect(printed).toBe(`1 ${size - 6} 0......`);
  expect(grown).toBeLessThan(400);
}, 180_000);

test("rows of all kinds give the same in a worker as in Spark's own process", async () => {
  const stdout = await runScript("compare_lanes.py");
  const report = JSON.parse(stdout) as Record<string, Difference>;
  const rows = Object.fromEntries(Object.entries(report).map(([name, one]) => [name, one.rows]));
  const same = Object.fromEntries(
    Object.keys(report).map((name) => [name, { rows: rows[name], missing: [], unexpected: [] }]),
  );
  expect(report).toEqual(same);
  expect(Object.values(rows).every((count) => count > 0)).toBe(true);
}, 180_000);
