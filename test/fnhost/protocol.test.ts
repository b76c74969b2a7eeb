import { afterEach, expect, test } from "vitest";
import { bytesStage, elementsOf, readTexts, textRows } from "./bytes-stage.js";
import { type FakeSetting, startFakeSetting } from "./fake-setting.js";
import { type Behaviour, echo } from "./fake-worker.js";
import type { StageOutcome } from "./link-client.js";

const sink = "beam2spark_sink_0";
let setting: FakeSetting | null = null;
afterEach(() => setting?.close());

async function runTask(behave: Behaviour, ...texts: readonly string[]): Promise<StageOutcome> {
  setting = await startFakeSetting(behave);
  const link = setting.connect();
  link.open(bytesStage());
  link.sendRows(textRows(...texts));
  link.endRows();
  return link.outcome;
}

function textsOf({ rows }: StageOutcome): readonly string[] {
  return readTexts(rows.map(({ stream }) => stream));
}

test("rows go through a worker and come back", async () => {
  const outcome = await runTask(echo(sink), "one", "two", "");
  expect(outcome.failed).toBeNull();
  expect(textsOf(outcome)).toEqual(["one", "two", ""]);
  expect(setting!.returned).toEqual([true]);
});

test("a bundle is done when its response and its last output are there, in any order", async () => {
  const outcome = await runTask(async ({ request, respond }, worker) => {
    const input = await worker.input(request.instructionId);
    respond({ processBundle: {} });
    await new Promise((resolve) => setTimeout(resolve, 30));
    worker.send(request.instructionId, sink, input);
    worker.send(request.instructionId, sink, new Uint8Array(0), true);
  }, "late");
  expect(textsOf(outcome)).toEqual(["late"]);
});

test("a worker's error fails the task, and the worker is not lent again", async () => {
  const outcome = await runTask(({ respond }) => respond({ error: "ValueError: no" }), "one");
  expect(outcome.done).toBeNull();
  expect(outcome.failed).toMatchObject({ message: expect.stringContaining("ValueError: no") });
  expect(setting!.returned).toEqual([false]);
});

test("responses to nothing, and elements of bundles that nobody knows, are dropped", async () => {
  const outcome = await runTask(async (asked, worker) => {
    worker.sendResponse({ instructionId: "nobody", processBundle: {} });
    worker.sendResponse({ instructionId: "nobody", error: "of nobody's" });
    worker.send("nobody", sink, elementsOf("lost"), true);
    await echo(sink)(asked, worker);
  }, "one");
  expect(textsOf(outcome)).toEqual(["one"]);
});
