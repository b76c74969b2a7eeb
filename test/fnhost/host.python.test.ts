import { afterAll, beforeAll, expect, test } from "vitest";
import { ProcessBundleDescriptor } from "../../src/beam/protos/types/bundle.js";
import type { Layout } from "../../src/compiler/4-physical/layout.js";
import { Bundle } from "../../src/fnhost/bundle.js";
import { type FnHost, startHost } from "../../src/fnhost/start-host.js";
import { Worker } from "../../src/fnhost/worker.js";
import { describeForWorker } from "../../src/fnhost/worker-stage.js";
import { compileFixture, listFixtures } from "../compiler/support/compile-fixture.js";
import { startPythonWorker } from "./python-worker.js";

const noState = {
  get: () => ({ data: new Uint8Array(0), continuationToken: new Uint8Array(0) }),
  append: () => {},
  clear: () => {},
};

let host: FnHost;
const logged: string[] = [];

beforeAll(async () => {
  host = await startHost({ onLog: (_worker, entry) => logged.push(entry.message) });
});
afterAll(() => host.close());

async function readStage(fixture: string, name: string): Promise<ProcessBundleDescriptor> {
  const found = listFixtures().find((one) => one.name === fixture)!;
  const project = await compileFixture(found);
  const file = project.files.find(({ path }) => path === `stages/${name}.pb`)!;
  return ProcessBundleDescriptor.decode(file.content as Uint8Array);
}

const plain: Layout = {
  value: { kind: "utf8" },
  timestamp: { kind: "column" },
  window: { kind: "global" },
  pane: { kind: "column" },
};
const header = Buffer.from("7fdf3b645a1cac09000000010f", "hex");

test("a Python worker runs a stage's bundle", async () => {
  const worker = new Worker("worker-1", {});
  host.workers.add(worker);
  const child = startPythonWorker(worker.id, host.endpoint);
  try {
    const stage = describeForWorker(await readStage("word-count", "s02_split"), {
      layouts: { input: plain, outputs: [plain] },
      sideInputs: [],
      isGrouped: false,
      asksForValues: false,
      host,
    });
    host.descriptors.set("stage", { ...(stage.descriptor as object), id: "stage" });
    const received: Buffer[] = [];
    const bundle = new Bundle(worker, {
      instruction: "bundle-1",
      descriptor: "stage",
      edges: stage.edges,
      outputs: {
        takeData: (_transform, data) => {
          received.push(Buffer.from(data));
          return undefined;
        },
        takeTimers: () => {},
      },
      state: noState,
    });
    for (const line of ["two words", "one"])
      bundle.write(
        stage.source.transform,
        Buffer.concat([header, Buffer.from([line.length]), Buffer.from(line)]),
      );
    bundle.endInput();
    const response = await bundle.done;
    expect(response.residualRoots).toEqual([]);
    const words = ["two", "words", "one"].map((word) =>
      Buffer.concat([header, Buffer.from([word.length]), Buffer.from(word)]),
    );
    expect(Buffer.concat(received).toString("hex")).toBe(Buffer.concat(words).toString("hex"));
  } finally {
    child.kill();
  }
}, 180_000);
