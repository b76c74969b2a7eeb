import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { findPackageRoot } from "../../src/package-root.js";
import { Forkers } from "../../src/workers/fork/forkers.js";
import type { StartedWorker, WorkerEnd } from "../../src/workers/worker-order.js";
import { startWorkerProcess } from "../../src/workers/worker-process.js";
import { processesWith } from "./worker-setting.js";

const python = join(findPackageRoot(), ".venv", "bin", "python");
const modules = join(findPackageRoot(), "test", "workers");
const module = "report_surroundings";
const variables = { ...process.env, PWD: "/somewhere", PYTHONUNBUFFERED: "1" };
let folder: string;
let forkers: Forkers;
let said: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "b2s-forkers-"));
  forkers = new Forkers({ folder, variables, onOutput: (_name, line) => said.push(line) });
});
beforeEach(() => {
  said = [];
});
afterAll(async () => {
  await forkers.close();
  expect(readdirSync(folder).filter((name) => name.startsWith("forker-"))).toEqual([]);
  rmSync(folder, { recursive: true });
});

function makeWorker(own: NodeJS.ProcessEnv = {}) {
  const place = join(folder, "worker");
  mkdirSync(join(place, "temporary"), { recursive: true });
  return {
    command: [python, "-m", module],
    variables: {
      ...variables,
      PYTHONPATH: modules,
      TMPDIR: join(place, "temporary"),
      WORKER_ID: "worker-1",
      ...own,
    },
    folder: place,
    orphan: join(folder, "nothing"),
    onLine: () => {},
    clear: async () => {},
  };
}

/** Forks a worker; null where that is refused. */
function fork(own: NodeJS.ProcessEnv = {}, command = { python, module }): Promise<StartedWorker | null> {
  return forkers.start({ ...command, worker: makeWorker(own) });
}

async function endOf(started: StartedWorker | null): Promise<WorkerEnd> {
  if (started === null) throw new Error(`it was not forked: ${said.join("\n")}`);
  return started.ended;
}

function readReport() {
  const text = readFileSync(join(folder, "worker", "report.json"), "utf8");
  return JSON.parse(text) as { surroundings: unknown; draws: readonly unknown[] };
}

test("a forked worker finds itself in what a plain one does", async () => {
  const own = { PYTHONPATH: [modules, "/nothing/here", modules].join(delimiter), OTHER: "grün" };
  const plain = await startWorkerProcess(makeWorker(own)).ended;
  const { surroundings } = readReport();
  const forked = await endOf(await fork(own));
  expect(readReport().surroundings).toEqual(surroundings);
  expect(forked).toEqual({ how: "exit code 3", output: "left" });
  expect(forked).toEqual(plain);
});
