import { afterEach, expect, test } from "vitest";
import { LogMessage } from "../../src/beam/protos/types/link.js";
import { bytesStage, elementsOf, readTexts, textRows } from "./bytes-stage.js";
import { type FakeSetting, startFakeSetting } from "./fake-setting.js";
import { type AskedInstruction, type Behaviour, echo, type FakeWorker } from "./fake-worker.js";
import type { StageOutcome } from "./link-client.js";

const sink = "beam2spark_sink_0";
const patience = { progressMillis: 1_000, hungMillis: 10_000, splitMillis: 30 };
const texts = ["zero", "one", "two", "three", "four"];

let setting: FakeSetting | null = null;
afterEach(() => setting?.close());

async function runTask(behave: Behaviour, idle: number): Promise<StageOutcome> {
  setting = await startFakeSetting(behave, { patience }, idle);
  const link = setting.connect();
  link.open(bytesStage());
  // Two messages, so that a split lies within one or between them: what is there goes once no more comes.
  link.sendRows(textRows(...texts.slice(0, 2)));
  await expect.poll(() => setting!.workers[0]?.inputSoFar("task-1-1")).toHaveLength(1);
  link.sendRows(textRows(...texts.slice(2)));
  link.endRows();
  return link.outcome;
}

function textsOf({ rows }: StageOutcome): readonly string[] {
  return [...readTexts(rows.map(({ stream }) => stream))].sort();
}

/** What the first worker does: waits to be split, and then answers with what it has kept. */
function splitOnce(first: number, begun: readonly string[], kept: readonly string[]): Behaviour {
  let bundle: AskedInstruction | null = null;
  return async (asked, worker) => {
    const { instructionId, processBundle, processBundleSplit } = asked.request;
    if (processBundle !== undefined) {
      if (bundle !== null) return echo(sink)(asked, worker);
      bundle = asked;
      await worker.input(instructionId);
    }
    if (processBundleSplit !== undefined) {
      const [[source, desired] = ["", null]] = processBundleSplit.desiredSplits;
      expect(desired?.estimatedInputElements).toBe(5n);
      const residualRoots = begun.map((text) => ({
        application: { transformId: "do", inputId: "in", element: elementsOf(text) },
      }));
      const channel = { lastPrimaryElement: 0n, firstResidualElement: BigInt(first), transformId: source };
      // The bundle's end may come before the answer.
      finish(bundle!, worker);
      asked.respond({ processBundleSplit: { residualRoots, channelSplits: [channel] } });
    }
  };
  function finish({ request, respond }: AskedInstruction, worker: FakeWorker): void {
    worker.send(request.instructionId, sink, elementsOf(...kept), true);
    respond({ processBundle: {} });
  }
}

test.each([
  ["within a message", 3, [], ["zero", "one", "two"]],
  ["between messages", 2, [], ["zero", "one"]],
  ["at the beginning", 0, [], []],
  ["within an element", 2, ["half of one"], ["zero", "other half of one"]],
  ["within the last element", 5, ["half of four"], ["zero", "one", "two", "three", "other half of four"]],
])("what a straggler gives back is done by an idle worker: %s", async (_name, first, begun, kept) => {
  const outcome = await runTask(splitOnce(first, begun, kept), 1);
  expect(outcome.failed).toBeNull();
  expect(textsOf(outcome)).toEqual([...kept, ...begun, ...texts.slice(first)].sort());
  expect(setting!.returned).toEqual([true, true]);
});

test("a straggler that gives nothing back is asked again, and its worker goes on", async () => {
  let refused = 0;
  const outcome = await runTask(async (asked, worker) => {
    if (asked.request.processBundleSplit !== undefined) {
      refused++;
      asked.respond(refused === 1 ? { error: "no" } : { processBundleSplit: {} });
    }
    if (asked.request.processBundle === undefined) return;
    while (refused < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    await echo(sink)(asked, worker);
  }, 3);
  expect(textsOf(outcome)).toEqual([...texts].sort());
});

test("a worker that has done a part is given back when it has finalized it, and what it logs then goes to the task", async () => {
  const split = splitOnce(3, [], texts.slice(0, 3));
  const returned: number[] = [];
  const outcome = await runTask(async (asked, worker) => {
    const { instructionId, finalizeBundle } = asked.request;
    if (worker !== setting!.workers[1]) return split(asked, worker);
    if (finalizeBundle === undefined) return echo(sink, { requiresFinalization: true })(asked, worker);
    returned.push(setting!.returned.length);
    worker.log({ severity: 5, message: "finalized", instructionId });
    await new Promise((resolve) => setTimeout(resolve, 100));
    asked.respond({ finalizeBundle: {} });
  }, 1);
  expect(outcome.failed).toBeNull();
  expect(returned).toEqual([0]);
  expect(outcome.others.map(({ content }) => LogMessage.decode(content).text)).toEqual(["finalized"]);
  expect(setting!.returned).toEqual([true, true]);
});

test("without an idle worker nothing is split", async () => {
  const outcome = await runTask(async (asked, worker) => {
    expect(asked.request.processBundleSplit).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await echo(sink)(asked, worker);
  }, 0);
  expect(textsOf(outcome)).toEqual([...texts].sort());
});

test("what fails on the other worker fails the task", async () => {
  const split = splitOnce(3, [], ["zero", "one", "two"]);
  const outcome = await runTask((asked, worker) => {
    if (worker === setting!.workers[1]) asked.respond({ error: "ValueError: on the other one" });
    else return split(asked, worker);
  }, 1);
  expect(outcome.failed).toMatchObject({ code: "", message: "ValueError: on the other one" });
  expect(setting!.returned).toContain(false);
});

test("a straggler that is beyond its last element gives nothing back, be it by the number after the next", async () => {
  const outcome = await runTask(splitOnce(texts.length + 1, [], texts), 1);
  expect(outcome.failed).toBeNull();
  expect(textsOf(outcome)).toEqual([...texts].sort());
  expect(setting!.returned).toEqual([true, true]);
});

test.each([7, -1])(
  "a straggler that gives back what it was not given fails the task: from number %i",
  async (first) => {
    const outcome = await runTask(splitOnce(first, [], texts), 1);
    expect(outcome.failed).toMatchObject({
      message: `the worker gives back elements from number ${first} on, which it was not given`,
    });
    expect([...setting!.returned].sort()).toEqual([false, true]);
  },
);
