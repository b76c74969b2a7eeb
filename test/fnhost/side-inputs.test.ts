import { afterEach, expect, test } from "vitest";
import type { Draft } from "../../src/beam/protos/message-type.js";
import { SideInputWanted } from "../../src/beam/protos/types/link.js";
import type { StateKey, StateResponse } from "../../src/beam/protos/types/state.js";
import { URN } from "../../src/beam/urns.js";
import { FrameKind } from "../../src/fnhost/link/frames.js";
import { bytesStage, pairRows, readTexts, textRows } from "./bytes-stage.js";
import { type FakeSetting, startFakeSetting } from "./fake-setting.js";
import { echo, type FakeWorker } from "./fake-worker.js";
import type { LinkClient, StageOutcome } from "./link-client.js";

const sink = "beam2spark_sink_0";
const none = new Uint8Array(0);
let setting: FakeSetting | null = null;
afterEach(() => setting?.close());

/** A task whose side inputs are sent as they are asked for, by the numbers of its stage's. */
function openTask(
  names: readonly string[],
  rows: readonly Uint8Array[],
  stage = stageOfTwo,
): { link: LinkClient; asked: number[] } {
  const link = setting!.connect();
  const asked: number[] = [];
  link.onFrame = ({ kind, content }) => {
    if (kind === FrameKind.wanted) {
      const { index } = SideInputWanted.decode(content);
      asked.push(index);
      link.send(FrameKind.sideInputRows, rows[index]!);
    }
    if (kind === FrameKind.ready) {
      link.sendRows(textRows("one"));
      link.endRows();
    }
  };
  link.open({ ...stage, job: "job", sideInputs: names });
  return { link, asked };
}

const stageOfTwo = bytesStage({ whole: "iterable", keyed: "multimap" });
const pairs = pairRows([
  ["a", Buffer.from("1")],
  ["b", Buffer.from("2")],
  ["a", Buffer.from("3")],
  ["", Buffer.alloc(0)],
]);

let requests = 0;

/** All parts of what a state key has. */
async function read(
  worker: FakeWorker,
  instructionId: string,
  stateKey: Draft<StateKey>,
): Promise<readonly StateResponse[]> {
  const parts: StateResponse[] = [];
  let continuationToken: Uint8Array = none;
  do {
    const response = await worker.askState({
      id: String(++requests),
      instructionId,
      stateKey,
      get: { continuationToken },
    });
    parts.push(response);
    continuationToken = response.get?.continuationToken ?? none;
  } while (continuationToken.length > 0);
  return parts;
}

async function readText(worker: FakeWorker, instruction: string, key: Draft<StateKey>): Promise<string> {
  const parts = await read(worker, instruction, key);
  return parts.map(({ get, error }) => error || Buffer.from(get!.data).toString("latin1")).join("");
}

const place = { transformId: "do", window: none };
const whole = { iterableSideInput: { ...place, sideInputId: "whole" } };
const keys = { multimapKeysSideInput: { ...place, sideInputId: "keyed" } };
const valuesOf = (key: string) => ({
  multimapSideInput: {
    ...place,
    sideInputId: "keyed",
    key: Buffer.concat([Buffer.from([key.length]), Buffer.from(key)]),
  },
});

test("side inputs are asked for once, and served by window and key in the coders of workers", async () => {
  const answers: Record<string, string> = {};
  setting = await startFakeSetting(async (asked, worker) => {
    const { instructionId } = asked.request;
    answers.whole = await readText(worker, instructionId, whole);
    answers.a = await readText(worker, instructionId, valuesOf("a"));
    answers.empty = await readText(worker, instructionId, valuesOf(""));
    answers.missing = await readText(worker, instructionId, valuesOf("c"));
    answers.keys = await readText(worker, instructionId, keys);
    answers.elsewhere = await readText(worker, instructionId, {
      iterableSideInput: { ...place, sideInputId: "whole", window: Buffer.from("?") },
    });
    answers.otherWay = await readText(worker, instructionId, {
      iterableSideInput: { ...place, sideInputId: "keyed" },
    });
    answers.unknown = await readText(worker, instructionId, {
      iterableSideInput: { ...place, sideInputId: "none" },
    });
    await echo(sink)(asked, worker);
  });
  const tasks = [1, 2, 3].map(() => openTask(["one", "two"], [pairs, pairs]));
  const outcomes = await Promise.all(tasks.map(({ link }) => link.outcome));
  for (const { rows } of outcomes) expect(readTexts(rows.map(({ stream }) => stream))).toEqual(["one"]);
  expect(tasks.flatMap(({ asked }) => asked).sort()).toEqual([0, 1]);
  expect(answers).toEqual({
    whole: "\x01a\x011\x01b\x012\x01a\x013\0\0",
    a: "\x011\x013",
    empty: "\0",
    missing: "",
    keys: "\x01a\x01b\0",
    elsewhere: "",
    otherWay: "do reads its side input keyed in another way than it has said",
    unknown: "do has no side input none",
  });
});

test("large answers come in parts of whole elements", async () => {
  const value = Buffer.alloc(300_000, "x");
  const large = pairRows(Array.from({ length: 30 }, (_, index) => [index < 20 ? "a" : `b${index}`, value]));
  const sizes: Record<string, readonly number[]> = {};
  const sizesOf = (parts: readonly StateResponse[]) => parts.map(({ get }) => get!.data.length);
  setting = await startFakeSetting(async (asked, worker) => {
    const { instructionId } = asked.request;
    sizes.whole = sizesOf(await read(worker, instructionId, whole));
    sizes.a = sizesOf(await read(worker, instructionId, valuesOf("a")));
    await echo(sink)(asked, worker);
  });
  await openTask(["one", "two"], [large, large]).link.outcome;
  const sum = (numbers: readonly number[]) => numbers.reduce((left, right) => left + right, 0);
  expect(sizes.whole!.length).toBeGreaterThan(3);
  expect(sum(sizes.whole!)).toBe(30 * 300_003 + 20 * 2 + 10 * 4);
  expect(sizes.a!.length).toBeGreaterThan(2);
  expect(sum(sizes.a!)).toBe(20 * 300_003);
  for (const size of [...sizes.whole!, ...sizes.a!]) expect(size).toBeLessThan(2.5 * 2 ** 20);
});

test("a task that is cut off in the middle of a side input leaves it to the next", async () => {
  setting = await startFakeSetting(echo(sink));
  const first = setting.connect();
  const asked: string[] = [];
  first.onFrame = ({ kind }) => {
    if (kind === FrameKind.wanted) asked.push("first");
  };
  first.open({ ...stageOfTwo, job: "job", sideInputs: ["one", "two"] });
  await expect.poll(() => asked).toEqual(["first"]);
  const second = openTask(["one", "two"], [pairs, pairs]);
  first.cut();
  const { failed, done }: StageOutcome = await second.link.outcome;
  expect(failed).toBeNull();
  expect(done).not.toBeNull();
  expect(second.asked).toEqual([0, 1]);
  await expect.poll(() => setting!.returned).toHaveLength(2);
});

test("what a job has left goes when it is over", async () => {
  setting = await startFakeSetting(echo(sink));
  const first = openTask(["one", "two"], [pairs, pairs]);
  await first.link.outcome;
  const before = setting.host.descriptors.size;
  for (const job of ["other", "job"]) {
    const link = setting.connect();
    link.send(FrameKind.endJob, Buffer.from(job));
    await link.outcome;
    expect(setting.host.descriptors.size).toBe(job === "job" ? before - 1 : before);
  }
  const second = openTask(["one", "two"], [pairs, pairs]);
  await second.link.outcome;
  expect(second.asked).toEqual([0, 1]);
});

test("a task that names too few side inputs fails without a worker, and leaves its stage", async () => {
  setting = await startFakeSetting(echo(sink));
  const link = setting.connect();
  link.open({ ...stageOfTwo, job: "job", sideInputs: ["one"] });
  expect((await link.outcome).failed).toMatchObject({
    message: "a stage of 2 side inputs was opened with 1",
  });
  expect(setting.workers).toEqual([]);
  const end = setting.connect();
  end.send(FrameKind.endJob, Buffer.from("job"));
  await end.outcome;
  expect(setting.host.descriptors.size).toBe(0);
});

test("a worker that keeps what it reads is told for how long it may", async () => {
  const seen: (readonly string[])[] = [];
  setting = await startFakeSetting(async (asked, worker) => {
    const { cacheTokens } = asked.request.processBundle!;
    seen.push(cacheTokens.map(({ sideInput, token }) => `${sideInput?.sideInputId} ${Buffer.from(token)}`));
    await echo(sink)(asked, worker);
  });
  const caching = bytesStage({ whole: "iterable", keyed: "multimap" }, [URN.protocolStateCaching]);
  const run = async (names: readonly string[], stage = caching): Promise<void> => {
    const task = openTask(names, [pairs, pairs], stage);
    await task.link.outcome;
  };
  await run(["one", "two"]);
  await run(["one", "two"]);
  await run(["one", "three"]);
  await run(["one", "two"], stageOfTwo);
  const [first, again, other, silent] = seen as [string[], string[], string[], string[]];
  expect(first.map((line) => line.split(" ")[0])).toEqual(["whole", "keyed"]);
  expect(first[0]!.slice(6)).not.toBe(first[1]!.slice(6));
  expect(again).toEqual(first);
  expect(other[0]).toBe(first[0]);
  expect(other[1]).not.toBe(first[1]);
  expect(silent).toEqual([]);
});
