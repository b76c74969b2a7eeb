import { type ChildProcess, execFileSync, spawn } from "node:child_process";
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
  /** The machine's cores, by number: the worker gets the first for itself in the second half of each round. */
  readonly cores: readonly number[];
}

/** What went through in what time, and the processor time of who has fed it, beside this process. */
interface Passed {
  readonly elements: number;
  readonly seconds: number;
  readonly clientSeconds: number;
}

/** One run: also the processor time of the host's process and of the worker. */
interface Run extends Passed {
  readonly cpuSeconds: number;
  readonly workerSeconds: number;
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

/** A clock tick of Linux's process table, in seconds. */
const tickSeconds = 0.01;

/** The processor time that a process has had (`proc_pid_stat`: fields 14 and 15, behind a name in parentheses). */
function processSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tickSeconds;
}

/** Lets all threads of processes, and those that they start, run on these cores only. */
function confine(cores: readonly number[], ...pids: readonly number[]): void {
  for (const pid of pids)
    execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", cores.join(), String(pid)]);
}

/** Runs the client of the link, which says for how long the stage took, and its own processor time. */
function runClient(words: readonly string[]): Promise<{ seconds: number; cpuSeconds: number }> {
  const [program, ...rest] = [...order.client, ...words];
  const child = spawn(program!, rest, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout!.on("data", (text) => {
    said += text;
  });
  return new Promise((resolve, reject) =>
    child.on("close", (code) =>
      code === 0 ? resolve(JSON.parse(said)) : reject(new Error(`the client ended with ${code}`)),
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

async function measure(worker: number, run: () => Promise<Passed>): Promise<Run> {
  const before = process.cpuUsage();
  const workerBefore = processSeconds(worker);
  const done = await run();
  const { user, system } = process.cpuUsage(before);
  const workerSeconds = processSeconds(worker) - workerBefore;
  return { ...done, cpuSeconds: (user + system) / 1e6, workerSeconds };
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
    measure(child.pid!, async () => {
      const started = performance.now();
      const through = await bare.run(worker, `bare-${++bundles}`, elements, bytes);
      return { elements: through, seconds: (performance.now() - started) / 1000, clientSeconds: 0 };
    });
  const runHost = (elements: number, bytes: number) =>
    measure(child.pid!, async () => {
      const { seconds, cpuSeconds } = await runClient([
        `unix:${socket}`,
        join(order.project, "stages"),
        String(elements),
        String(bytes),
      ]);
      return { elements, seconds, clientSeconds: cpuSeconds };
    });
  try {
    for (const { bytes, elements } of order.sizes) {
      // The first rounds compile the loops, of the worker and of the host.
      await runBare(elements / 2, bytes);
      await runHost(elements / 2, bytes);
      for (let round = 0; round < order.rounds; round++) {
        const free = { bare: await runBare(elements, bytes), host: await runHost(elements, bytes) };
        // As a task slot has one core: whoever feeds the worker takes none of it, in either run.
        confine(order.cores.slice(0, 1), child.pid!);
        confine(order.cores.slice(1), process.pid);
        const ownBare = await runBare(elements, bytes);
        const own = { ownBare, ownHost: await runHost(elements, bytes) };
        confine(order.cores, child.pid!, process.pid);
        process.stdout.write(`${JSON.stringify({ bytes, ...free, ...own })}\n`);
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
