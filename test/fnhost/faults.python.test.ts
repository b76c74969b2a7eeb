import { type ChildProcess, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LogMessage } from "../../src/beam/protos/types/link.js";
import { MonitoringInfo } from "../../src/beam/protos/types/metrics.js";
import { FrameKind } from "../../src/fnhost/link/frames.js";
import { type LinkServer, startLinkServer } from "../../src/fnhost/link/link-server.js";
import { OpenStages } from "../../src/fnhost/open-stages.js";
import { SideInputStore } from "../../src/fnhost/side-inputs/side-input-store.js";
import { type FnHost, startHost } from "../../src/fnhost/start-host.js";
import { Worker } from "../../src/fnhost/worker.js";
import { findPackageRoot } from "../../src/package-root.js";
import { readTexts, textRows } from "./bytes-stage.js";
import { LinkClient, type StageOutcome } from "./link-client.js";
import { startPythonWorker } from "./python-worker.js";

const root = findPackageRoot();
const pythonPath = ["templates/pyspark", "test/python", "test/fnhost"].map((folder) => join(root, folder));
const env = { ...process.env, PYTHONPATH: pythonPath.join(delimiter) };
const folder = mkdtempSync(join(tmpdir(), "b2s-faults-"));
const socket = join(folder, "link");
const names = ["worker-a", "worker-b"];

let host: FnHost;
let server: LinkServer;
let stage: { readonly descriptor: Uint8Array; readonly stage: string };
const children = new Map<string, ChildProcess>();
const idle: Worker[] = [];

beforeAll(async () => {
  host = await startHost({ onLog: () => {} });
  for (const name of names) {
    const worker = new Worker(name, {});
    host.workers.add(worker);
    children.set(name, startPythonWorker(name, host.endpoint, env));
    idle.push(worker);
  }
  server = await startLinkServer(`unix:${socket}`, {
    stages: new OpenStages(host),
    workers: {
      borrow: async () => idle.shift()!,
      tryBorrow: () => idle.shift() ?? null,
      giveBack: (worker, isIdle) => {
        if (isIdle) idle.push(worker);
        // What the lender of workers does with those that are in the middle of something.
        else children.get(worker.id)!.kill("SIGKILL");
      },
      endJob: async () => {},
    },
    sideInputs: new SideInputStore(),
    patience: { progressMillis: 250, hungMillis: 2_500, splitMillis: 300 },
  });
  const python = join(root, ".venv/bin/python");
  execFileSync(python, [join(root, "test/fnhost/fault_stage.py"), folder], { env, stdio: "ignore" });
  stage = {
    descriptor: readFileSync(join(folder, "stages/obey.pb")),
    stage: readFileSync(join(folder, "stages/obey.json"), "utf8"),
  };
  await Promise.all(idle.map(({ control }) => control.opened));
}, 180_000);

afterAll(() => {
  for (const child of children.values()) child.kill("SIGKILL");
  server.close();
  host.close();
  rmSync(folder, { recursive: true });
});

async function runTask(...commands: readonly string[]): Promise<StageOutcome> {
  const link = new LinkClient(socket);
  link.open(stage);
  link.sendRows(textRows(...commands));
  link.endRows();
  return link.outcome;
}

/** What came back, by the worker that it came from. */
function resultsOf({ rows }: StageOutcome): ReadonlyMap<string, readonly string[]> {
  const results = new Map(names.map((name) => [name, [] as string[]]));
  for (const text of readTexts(rows.map(({ stream }) => stream))) {
    const cut = text.indexOf(" ");
    results.get(text.slice(0, cut))!.push(text.slice(cut + 1));
  }
  return results;
}

test("half of a straggler's elements are done by the other worker", async () => {
  const commands = Array.from({ length: 20 }, (_, index) => `sleep 0.1${index}`);
  const outcome = await runTask(...commands);
  expect(outcome.failed).toBeNull();
  const [first, second] = [...resultsOf(outcome).values()];
  expect([...first!, ...second!].sort()).toEqual([...commands].sort());
  expect(first!.length).toBeGreaterThan(2);
  expect(second!.length).toBeGreaterThan(2);
  const [info] = outcome.done!.monitoringInfos.map((bytes) => MonitoringInfo.decode(bytes));
  expect(Object.fromEntries(info!.labels)).toEqual({
    PTRANSFORM: "Outer/Obey",
    NAMESPACE: "obeys",
    NAME: "elements",
  });
  expect([...info!.payload]).toEqual([20]);
}, 180_000);

test("so are those of one that comes after 40 MiB in the same bundle", async () => {
  const link = new LinkClient(socket);
  link.open({ ...stage, bundleBytes: 1n << 40n });
  const padding = Array.from({ length: 80 }, () => "x".repeat(1 << 16));
  for (let batch = 0; batch < 8; batch++) link.sendRows(textRows(...padding));
  const commands = Array.from({ length: 20 }, (_, index) => `sleep 0.1${index}`);
  link.sendRows(textRows(...commands));
  link.endRows();
  const outcome = await link.outcome;
  expect(outcome.failed).toBeNull();
  const [first, second] = [...resultsOf(outcome).values()].sort((one, other) => other.length - one.length);
  const slept = (texts: readonly string[]) => texts.filter((text) => text.startsWith("sleep"));
  expect(first!.length + second!.length).toBe(660);
  expect([...slept(first!), ...slept(second!)].sort()).toEqual([...commands].sort());
  expect(slept(second!).length).toBeGreaterThan(2);
}, 180_000);

test("what a function logs and fails with is told with its transform, and nothing of the machinery", async () => {
  const { failed, others } = await runTask("log this", "fail that");
  const logged = others.filter(({ kind }) => kind === FrameKind.log);
  expect(logged.map(({ content }) => LogMessage.decode(content))).toContainEqual(
    expect.objectContaining({ importance: "warning", text: "heard this", transform: "Outer/Obey" }),
  );
  expect(failed).toMatchObject({
    code: "",
    message: "ValueError: don't like that\nat all",
    transform: "Outer/Obey",
  });
  const places = failed!.trace.split("\n").filter((line) => line.startsWith("  File "));
  expect(places.length).toBeGreaterThan(0);
  for (const place of places) expect(place).toContain("fault_stage.py");
  expect(failed!.trace).toContain("ValueError: don't like that");
});

test("a worker that is killed, and one that hangs, fail their task in one line", async () => {
  // The one before has lost its worker.
  expect(idle).toHaveLength(1);
  const worker = idle[0]!;
  const stopped = await runTask("stop");
  expect(stopped.failed).toMatchObject({
    code: "runtime/worker-gone",
    message: "the worker has hung: it has not answered for 2.5 s",
  });
  const child = children.get(worker.id)!;
  await new Promise((resolve) => (child.signalCode === null ? child.on("exit", resolve) : resolve(null)));

  const replacement = new Worker("worker-c", {});
  host.workers.add(replacement);
  children.set("worker-c", startPythonWorker("worker-c", host.endpoint, env));
  idle.push(replacement);
  await replacement.control.opened;
  const killed = await runTask("die");
  expect(killed.failed).toMatchObject({
    code: "runtime/worker-gone",
    message: expect.stringMatching(/^the worker(?:'s| has closed its) \w+ stream/),
  });
}, 180_000);
