import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProcessBundleDescriptor, RemoteGrpcPort } from "../../src/beam/protos/types/bundle.js";
import { letHeapGrow } from "../../src/fnhost/let-heap-grow.js";
import { startLinkServer } from "../../src/fnhost/link/link-server.js";
import { OpenStages } from "../../src/fnhost/open-stages.js";
import { SideInputStore } from "../../src/fnhost/side-inputs/side-input-store.js";
import { type FnHost, startHost } from "../../src/fnhost/start-host.js";
import { Worker } from "../../src/fnhost/worker.js";
import { findPackageRoot } from "../../src/package-root.js";
import { BareLoop } from "./bare-loop.js";
import { cutIdentityStage, type StageFiles } from "./identity-stage.js";

/** What is measured, as the program's argument (JSON). */
interface Order {
  /** The worker's program, which is told what a boot program is told. */
  readonly worker: string;
  readonly pipeline: string;
  /** The folder of a project that is made of the stage, for a Spark job. */
  readonly project: string;
  /** The command of a client of the link; it takes the socket, the stage's folder, and how many rows of what size. */
  readonly client: readonly string[];
  readonly sizes: readonly { readonly bytes: number; readonly elements: number }[];
  readonly rounds: number;
}

/** One run: what went through, in what time, and what the host's process took for it. */
interface Run {
  readonly elements: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const order = JSON.parse(process.argv[2]!) as Order;
const workerId = "worker";

/** Gives workers the stage a second time: its edges are at the bare loop's port. */
function describeBare(host: FnHost, stage: string, bare: BareLoop): void {
  const described = ProcessBundleDescriptor.decode(
    ProcessBundleDescriptor.encode(host.descriptors.get(stage)!),
  );
  const apiServiceDescriptor = { url: bare.endpoint };
  const transforms = [...described.transforms].map(([id, transform]) => {
    if (!transform.spec!.urn.startsWith("beam:runner:")) return [id, transform] as const;
    const { coderId } = RemoteGrpcPort.decode(transform.spec!.payload);
    const payload = RemoteGrpcPort.encode({ apiServiceDescriptor, coderId });
    return [id, { ...transform, spec: { ...transform.spec!, payload } }] as const;
  });
  host.descriptors.set("bare", { ...described, transforms: new Map(transforms), id: "bare" });
}

function startWorker(endpoint: string, folder: string): ChildProcess {
  const words = [`--id=${workerId}`, `--control_endpoint=${endpoint}`, `--semi_persist_dir=${folder}`];
  return spawn(order.worker, words, { stdio: ["ignore", "ignore", "inherit"] });
}

/** Runs the client of the link, which says for how long the stage took. */
function runClient(words: readonly string[]): Promise<number> {
  const [program, ...rest] = [...order.client, ...words];
  const child = spawn(program!, rest, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout!.on("data", (text) => {
    said += text;
  });
  return new Promise((resolve, reject) =>
    child.on("close", (code) =>
      code === 0 ? resolve(Number(said)) : reject(new Error(`the client ended with ${code}`)),
    ),
  );
}

/** Writes what a Spark job reads of a project, and the host. */
function writeProject({ descriptor, json }: StageFiles): void {
  const stages = join(order.project, "stages");
  mkdirSync(stages, { recursive: true });
  writeFileSync(join(stages, "identity.pb"), descriptor);
  writeFileSync(join(stages, "identity.json"), json);
  const host = join(findPackageRoot(), "dist", "host");
  cpSync(host, join(order.project, "beam2spark_host"), { recursive: true });
}

async function measure(run: () => Promise<{ elements: number; seconds: number }>): Promise<Run> {
  const before = process.cpuUsage();
  const done = await run();
  const { user, system } = process.cpuUsage(before);
  return { ...done, cpuSeconds: (user + system) / 1e6 };
}

async function main(): Promise<void> {
  letHeapGrow();
  const folder = mkdtempSync(join(tmpdir(), "beam2spark-bench-"));
  const stage = cutIdentityStage(readFileSync(order.pipeline), order.worker);
  writeProject(stage);
  const host = await startHost({ onLog: () => {} });
  const bare = await BareLoop.start();
  const worker = new Worker(workerId, {});
  host.workers.add(worker);
  const stages = new OpenStages(host);
  describeBare(host, stages.open(stage.descriptor, stage.json, "").id, bare);
  const socket = join(folder, "link.socket");
  const server = await startLinkServer(`unix:${socket}`, {
    stages,
    workers: {
      borrow: async () => worker,
      tryBorrow: () => null,
      giveBack: () => {},
      endJob: async () => {},
    },
    sideInputs: new SideInputStore(),
  });
  const child = startWorker(host.endpoint, folder);
  child.on("exit", (code) => worker.end(`the worker has ended with ${code}`));
  let bundles = 0;
  const runBare = (elements: number, bytes: number) =>
    measure(async () => {
      const started = performance.now();
      const through = await bare.run(worker, `bare-${++bundles}`, elements, bytes);
      return { elements: through, seconds: (performance.now() - started) / 1000 };
    });
  const runHost = (elements: number, bytes: number) =>
    measure(async () => {
      const seconds = await runClient([
        `unix:${socket}`,
        join(order.project, "stages"),
        String(elements),
        String(bytes),
      ]);
      return { elements, seconds };
    });
  try {
    for (const { bytes, elements } of order.sizes) {
      // The first rounds compile the loops, of the worker and of the host.
      await runBare(elements / 2, bytes);
      await runHost(elements / 2, bytes);
      for (let round = 0; round < order.rounds; round++) {
        const pair = { bytes, bare: await runBare(elements, bytes), host: await runHost(elements, bytes) };
        process.stdout.write(`${JSON.stringify(pair)}\n`);
      }
    }
  } finally {
    child.kill("SIGKILL");
    server.close();
    bare.close();
    host.close();
    rmSync(folder, { recursive: true });
  }
}

await main();
