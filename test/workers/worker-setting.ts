import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProcessBundleDescriptor } from "../../src/beam/protos/types/bundle.js";
import { Environment } from "../../src/beam/protos/types/environment.js";
import type { Layout } from "../../src/compiler/4-physical/layout.js";
import { Bundle } from "../../src/fnhost/bundle.js";
import { type FnHost, startHost } from "../../src/fnhost/start-host.js";
import type { Worker } from "../../src/fnhost/worker.js";
import type { WorkerRequest } from "../../src/fnhost/worker-lender.js";
import { describeForWorker } from "../../src/fnhost/worker-stage.js";
import { findPackageRoot } from "../../src/package-root.js";
import { createStarter } from "../../src/workers/environments.js";
import { makeContext } from "../../src/workers/make-context.js";
import type { WorkerContext } from "../../src/workers/worker-context.js";
import { type LenderOptions, ReusingLender } from "../../src/workers/worker-lender.js";
import { compileFixture, listFixtures } from "../compiler/support/compile-fixture.js";

/** A host, a lender of real workers, and a folder for them. */
export interface WorkerSetting {
  readonly host: FnHost;
  readonly lender: ReusingLender;
  readonly context: WorkerContext;
  /** What workers have written. */
  readonly lines: string[];
  /** The ids of workers that the host has got logs from. */
  readonly logging: ReadonlySet<string>;
  /** Ends everything. Out: what was left in the folder. */
  close(): Promise<readonly string[]>;
}

/** Starts a host whose workers run in a folder of their own. */
export async function startWorkerSetting(
  given: Partial<WorkerContext> = {},
  patience?: LenderOptions["patience"],
): Promise<WorkerSetting> {
  const logging = new Set<string>();
  const host = await startHost({ onLog: (worker) => logging.add(worker) });
  const lines: string[] = [];
  const context = makeTestContext({ onOutput: (_worker, line) => lines.push(line), ...given });
  const start = createStarter(context);
  const lender = new ReusingLender({ host, start, ...(patience === undefined ? {} : { patience }) });
  return {
    host,
    lender,
    context,
    lines,
    logging,
    close: async () => {
      await lender.close();
      host.close();
      await context.forkers.close();
      const left = readdirSync(context.folder);
      rmSync(context.folder, { recursive: true });
      return left;
    },
  };
}

/** What this machine has for workers. */
export function makeTestContext(given: Partial<WorkerContext> = {}): WorkerContext {
  return makeContext({
    folder: mkdtempSync(join(tmpdir(), "b2s-workers-")),
    python: join(findPackageRoot(), ".venv", "bin", "python"),
    variables: process.env,
    onOutput: () => {},
    ...given,
  });
}

/** A task's wish for a worker in an environment. */
export function requestOf(
  environment: Parameters<typeof Environment.encode>[0],
  given: Partial<WorkerRequest> = {},
): WorkerRequest {
  const decoded = Environment.decode(Environment.encode(environment));
  const common = { job: "job-1", options: "{}", artifacts: "", python: "", pythonPath: [], workers: "" };
  return { ...common, workerStartSeconds: 0n, environment: decoded, ...given };
}

/** What Python's environments say of their SDK. */
export const pythonCapabilities = ["beam:version:sdk_base:apache/beam_python3.11_sdk:2.77.0"];

const plain: Layout = {
  value: { kind: "utf8" },
  timestamp: { kind: "column" },
  window: { kind: "global" },
  pane: { kind: "column" },
};
const header = Buffer.from("7fdf3b645a1cac09000000010f", "hex");
let bundles = 0;

/** Has a worker split a line into words, by a stage of the word count. Out: their bytes, as text. */
export async function splitWords(host: FnHost, worker: Worker, line: string): Promise<string> {
  const project = await compileFixture(listFixtures().find(({ name }) => name === "word-count")!);
  const file = project.files.find(({ path }) => path === "stages/s02_split.pb")!;
  const descriptor = ProcessBundleDescriptor.decode(file.content as Uint8Array);
  const stage = describeForWorker(descriptor, {
    layouts: { input: plain, outputs: [plain] },
    sideInputs: [],
    isGrouped: false,
    asksForValues: false,
    host,
  });
  host.descriptors.set("words", { ...(stage.descriptor as object), id: "words" });
  const received: Uint8Array[] = [];
  const bundle = new Bundle(worker, {
    instruction: `words-${++bundles}`,
    descriptor: "words",
    edges: stage.edges,
    outputs: {
      takeData: (_transform, data) => {
        received.push(Buffer.from(data));
        return undefined;
      },
      takeTimers: () => {},
    },
    state: {
      get: () => ({ data: new Uint8Array(0), continuationToken: new Uint8Array(0) }),
      append: () => {},
      clear: () => {},
    },
  });
  bundle.write(
    stage.source.transform,
    Buffer.concat([header, Buffer.from([line.length]), Buffer.from(line)]),
  );
  bundle.endInput();
  await bundle.done;
  return Buffer.concat(received).toString("latin1").replaceAll(header.toString("latin1"), "");
}

/** The processes whose command line has a word, such as a worker's id. */
export function processesWith(word: string): readonly string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const [state] = readProcess(name);
      const text = ["cmdline", "environ"].map((file) => readFileSync(`/proc/${name}/${file}`, "utf8"));
      return state !== "Z" && text.some((content) => content.includes(word));
    } catch {
      return false;
    }
  });
}

/** The session of a process: the id of the process that leads it. */
export function sessionOf(processId: string): number {
  return Number(readProcess(processId)[3]);
}

/** The process that a process was started by. */
export function parentOf(processId: number): number {
  return Number(readProcess(String(processId))[1]);
}

// "pid (name) state parent group session …"; only the name can hold a parenthesis.
function readProcess(processId: string): readonly string[] {
  return readFileSync(`/proc/${processId}/stat`, "utf8")
    .split(/.*\) | /s)
    .slice(1);
}
