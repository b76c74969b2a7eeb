import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProcessBundleDescriptor } from "../../src/beam/protos/types/bundle.js";
import { startLinkServer } from "../../src/fnhost/link/link-server.js";
import { OpenStages } from "../../src/fnhost/open-stages.js";
import { type FnHost, startHost } from "../../src/fnhost/start-host.js";
import { Worker } from "../../src/fnhost/worker.js";
import { describeForWorker } from "../../src/fnhost/worker-stage.js";
import { BareLoop } from "./bare-loop.js";
import { cutIdentityStage, type StageFiles } from "./identity-stage.js";

/** What is measured, as the program's argument (JSON). */
interface Order {
  /** The worker's command; `{id}` and `{endpoint}` stand for what it is to be told. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly pipeline: string;
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

/** Gives a worker the two stages that are one function: once at the host's port, once at the bare loop's. */
function describeBare(host: FnHost, bare: BareLoop, { descriptor, json }: StageFiles): void {
  const stage = JSON.parse(json);
  const layouts = { input: stage.input.layout, outputs: [stage.outputs[0].layout] };
  const described = describeForWorker(ProcessBundleDescriptor.decode(descriptor), layouts, bare.endpoint);
  const stateApiServiceDescriptor = { url: host.endpoint };
  host.descriptors.set("bare", {
    ...(described.descriptor as object),
    stateApiServiceDescriptor,
    id: "bare",
  });
}

function startWorker(endpoint: string): ChildProcess {
  const fill = (text: string): string => text.replace("{id}", workerId).replace("{endpoint}", endpoint);
  const [program, ...words] = order.command.map(fill);
  const given = Object.entries(order.environment).map(([name, value]) => [name, fill(value)]);
  return spawn(program!, words, {
    env: { ...process.env, ...Object.fromEntries(given) },
    stdio: ["ignore", "ignore", "inherit"],
  });
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

async function measure(run: () => Promise<{ elements: number; seconds: number }>): Promise<Run> {
  const before = process.cpuUsage();
  const done = await run();
  const { user, system } = process.cpuUsage(before);
  return { ...done, cpuSeconds: (user + system) / 1e6 };
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "beam2spark-bench-"));
  const stage = cutIdentityStage(readFileSync(order.pipeline));
  writeFileSync(join(folder, "stage.pb"), stage.descriptor);
  writeFileSync(join(folder, "stage.json"), stage.json);
  const host = await startHost({ onLog: () => {} });
  const bare = await BareLoop.start();
  const worker = new Worker(workerId, {});
  host.workers.add(worker);
  describeBare(host, bare, stage);
  const socket = join(folder, "link.socket");
  const server = await startLinkServer(`unix:${socket}`, {
    stages: new OpenStages(host),
    workers: { borrow: async () => worker, giveBack: () => {} },
    state: {
      get: () => ({ data: new Uint8Array(0), continuationToken: new Uint8Array(0) }),
      append: () => {},
      clear: () => {},
    },
  });
  const child = startWorker(host.endpoint);
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
      const seconds = await runClient([`unix:${socket}`, folder, String(elements), String(bytes)]);
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
