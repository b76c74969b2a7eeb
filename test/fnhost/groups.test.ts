import { afterEach, expect, test } from "vitest";
import type { Draft } from "../../src/beam/protos/message-type.js";
import { ProcessBundleDescriptor } from "../../src/beam/protos/types/bundle.js";
import type { Coder, PCollection } from "../../src/beam/protos/types/pipeline.js";
import type { StateResponse } from "../../src/beam/protos/types/state.js";
import { URN } from "../../src/beam/urns.js";
import { BatchWriter } from "../../src/fnhost/arrow/batch-writer.js";
import { BinaryBuilder } from "../../src/fnhost/columns/binary-builder.js";
import { bytesLayout, bytesStage } from "./bytes-stage.js";
import { type FakeSetting, startFakeSetting } from "./fake-setting.js";
import type { Behaviour } from "./fake-worker.js";
import type { StageOutcome } from "./link-client.js";

const sink = "beam2spark_sink_0";
const layout = {
  ...bytesLayout,
  value: { kind: "kv", key: { kind: "bytes" }, value: { kind: "bytes" } },
} as const;
let setting: FakeSetting | null = null;
afterEach(() => setting?.close());

/** The stage of bytes-stage.ts over groups; its worker can do what the capabilities say. */
function groupStage(capabilities: readonly string[]) {
  const { descriptor, stage } = bytesStage();
  const decoded = ProcessBundleDescriptor.decode(descriptor);
  const json = JSON.parse(stage);
  const source = { coderId: "groups", windowingStrategyId: "global" };
  const coders = new Map<string, Draft<Coder>>([
    ...decoded.coders,
    ["groups", { spec: { urn: URN.coderKv }, componentCoderIds: ["bytes", "several"] }],
    ["several", { spec: { urn: URN.coderIterable }, componentCoderIds: ["bytes"] }],
  ]);
  const transform = { ...decoded.transforms.get("do")!, environmentId: "sdk" };
  json.input.layout = layout;
  json.input.grouped = {
    name: "Group",
    merge: "none",
    timestamp: "end-of-window",
    windowing: "global",
  };
  return {
    descriptor: ProcessBundleDescriptor.encode({
      ...decoded,
      transforms: new Map([...decoded.transforms, ["do", transform]]),
      pcollections: new Map<string, Draft<PCollection>>([...decoded.pcollections, ["source", source]]),
      coders,
      environments: new Map([["sdk", { urn: "beam:env:external:v1", capabilities }]]),
    }),
    stage: JSON.stringify(json),
  };
}

function pairs(key: string, values: readonly Uint8Array[]): Uint8Array {
  const [keys, column] = [new BinaryBuilder(), new BinaryBuilder()];
  for (const value of values) {
    keys.out.bytes(Buffer.from(key));
    keys.end();
    column.out.bytes(value);
    column.end();
  }
  const columns = new Map([
    ["key", keys.finish()],
    ["value", column.finish()],
  ]);
  return Buffer.concat(new BatchWriter(layout).write(columns));
}

async function runGroup(
  behave: Behaviour,
  mebibytes: number,
  capabilities: readonly string[] = [],
): Promise<StageOutcome> {
  setting = await startFakeSetting(behave);
  const link = setting.connect();
  link.open({ ...groupStage(capabilities), storedGroupBytes: BigInt(10 << 20) });
  for (let part = 0; part < mebibytes; part++)
    link.sendRows(pairs("key", [Buffer.alloc(1 << 19, part), Buffer.alloc(1 << 19, part)]));
  link.endRows();
  return link.outcome;
}

/** Timestamp, one window, the only firing, and the key. */
const head = "8020c49ba5e353f60000000107036b6579";

test("a worker that can't ask for values gets a large group whole", async () => {
  let input: Uint8Array = new Uint8Array(0);
  const outcome = await runGroup(async ({ request, respond }, worker) => {
    input = await worker.input(request.instructionId);
    worker.send(request.instructionId, sink, new Uint8Array(0), true);
    respond({ processBundle: {} });
  }, 9);
  expect(outcome.failed).toBeNull();
  const valueBytes = 3 + (1 << 19);
  expect(input.length).toBe(head.length / 2 + 4 + 18 * valueBytes);
  expect(Buffer.from(input.subarray(input.length - 18 * valueBytes - 4)).readInt32BE()).toBe(18);
});

test("a group that is too large for such a worker fails the task, with what to do", async () => {
  const outcome = await runGroup(() => {}, 11);
  expect(outcome.failed).toMatchObject({
    code: "runtime/group-too-large",
    message: expect.stringContaining("more than 10 MiB"),
    transform: "Group",
    hint: expect.stringContaining("maxStoredGroupBytes"),
  });
});

test("a large group is read by its name, part by part, and by nobody else", async () => {
  const answers: StateResponse[] = [];
  let asked = 0;
  const ask = async (
    worker: Parameters<Behaviour>[1],
    instructionId: string,
    key: Uint8Array,
    continuationToken: Uint8Array,
  ): Promise<StateResponse> => {
    const id = `request-${++asked}`;
    return worker.askState({
      id,
      instructionId,
      stateKey: { runner: { key } },
      get: { continuationToken },
    });
  };
  const outcome = await runGroup(
    async ({ request, respond }, worker) => {
      const { instructionId } = request;
      const input = await worker.input(instructionId);
      const name = input.subarray(input.lastIndexOf(0x01) + 2);
      let token: Uint8Array = new Uint8Array(0);
      do {
        const answer = await ask(worker, instructionId, name, token);
        answers.push(answer);
        token = answer.get!.continuationToken;
      } while (token.length > 0);
      answers.push(await ask(worker, instructionId, Buffer.from("another"), token));
      answers.push(await ask(worker, instructionId, name, Buffer.from([9, 9, 9, 9])));
      worker.send(instructionId, sink, new Uint8Array(0), true);
      respond({ processBundle: {} });
    },
    12,
    [URN.coderStateBackedIterable],
  );
  expect(outcome.failed).toBeNull();
  const [noName, noToken] = answers.splice(-2);
  expect([noName!.error, noToken!.error]).toEqual([
    "there is no group of this name",
    "a continuation token that was not given for this state",
  ]);
  const sizes = answers.map(({ get }) => get!.data.length);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(24 * (3 + (1 << 19)));
  expect(Math.max(...sizes)).toBeLessThan(3 << 20);
});
