import { afterEach, describe, expect, test } from "vitest";
import { LogMessage } from "../../src/beam/protos/types/link.js";
import { URN } from "../../src/beam/urns.js";
import { FrameKind } from "../../src/fnhost/link/frames.js";
import type { LinkContext } from "../../src/fnhost/link/link-connection.js";
import { bytesRows, bytesStage, elementsOf, readTexts, textRows } from "./bytes-stage.js";
import { type FakeSetting, startFakeSetting } from "./fake-setting.js";
import { type Behaviour, echo, FakeWorker } from "./fake-worker.js";
import type { StageOutcome } from "./link-client.js";

const sink = "beam2spark_sink_0";
let setting: FakeSetting | null = null;
afterEach(() => setting?.close());

/** Silence that is long for a test. */
const quick = { patience: { progressMillis: 20, hungMillis: 100, splitMillis: 500 } };

async function runTask(
  behave: Behaviour,
  texts: readonly string[],
  context: Partial<LinkContext> = {},
): Promise<StageOutcome> {
  setting = await startFakeSetting(behave, context);
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
  const outcome = await runTask(echo(sink), ["one", "two", ""]);
  expect(outcome.failed).toBeNull();
  expect(textsOf(outcome)).toEqual(["one", "two", ""]);
  expect(setting!.returned).toEqual([true]);
});

test("a bundle is done when its response and its last output are there, in any order", async () => {
  const outcome = await runTask(
    async ({ request, respond }, worker) => {
      const input = await worker.input(request.instructionId);
      respond({ processBundle: {} });
      await new Promise((resolve) => setTimeout(resolve, 30));
      worker.send(request.instructionId, sink, input);
      worker.send(request.instructionId, sink, new Uint8Array(0), true);
    },
    ["late"],
  );
  expect(textsOf(outcome)).toEqual(["late"]);
});

test("a worker's error fails the task, and the worker is not lent again", async () => {
  const outcome = await runTask(({ respond }) => respond({ error: "ValueError: no" }), ["one"]);
  expect(outcome.done).toBeNull();
  expect(outcome.failed).toMatchObject({ message: expect.stringContaining("ValueError: no") });
  expect(setting!.returned).toEqual([false]);
});

test("responses to nothing, and elements of bundles that nobody knows, are dropped", async () => {
  const outcome = await runTask(
    async (asked, worker) => {
      worker.sendResponse({ instructionId: "nobody", processBundle: {} });
      worker.sendResponse({ instructionId: "nobody", error: "of nobody's" });
      worker.send("nobody", sink, elementsOf("lost"), true);
      await echo(sink)(asked, worker);
    },
    ["one"],
  );
  expect(textsOf(outcome)).toEqual(["one"]);
});

describe("what a worker does wrong fails the task, in one line", () => {
  const wrongs: readonly (readonly [string, Behaviour, object])[] = [
    [
      "elements that end too early",
      ({ request }, worker) =>
        worker.send(request.instructionId, sink, elementsOf("one").subarray(0, 15), true),
      { code: "runtime/host-failed", message: "an element ends too early" },
    ],
    [
      "elements of an unknown transform",
      ({ request }, worker) => worker.send(request.instructionId, "other", elementsOf("one"), true),
      { code: "runtime/host-failed", message: "elements of other, which is no output" },
    ],
    [
      "its control stream closed",
      (_asked, worker) => worker.endStream("control"),
      { code: "runtime/worker-gone", message: "the worker has closed its control stream" },
    ],
    [
      "its data stream closed",
      (_asked, worker) => worker.endStream("data"),
      { code: "runtime/worker-gone", message: "the worker has closed its data stream" },
    ],
    [
      "its state stream closed",
      (_asked, worker) => worker.endStream("state"),
      { code: "runtime/worker-gone", message: "the worker has closed its state stream" },
    ],
    [
      "no answer, to nothing",
      () => {},
      { code: "runtime/worker-gone", message: "the worker has hung: it has not answered for 0.1 s" },
    ],
    [
      "a residual of a transform that the host doesn't feed",
      echo(sink, { residualRoots: [{ application: { transformId: "beam2spark_sink_0", inputId: "in" } }] }),
      {
        code: "runtime/host-failed",
        message: "the worker has put off an input of beam2spark_sink_0 that is not the stage's",
      },
    ],
  ];
  test.each(wrongs)("%s", async (name, behave, failed) => {
    const unexpected: unknown[] = [];
    const outcome = await runTask(behave, ["one"], {
      ...(name.startsWith("no answer") ? quick : {}),
      onUnexpected: (error) => unexpected.push(error),
    });
    expect(outcome.failed).toMatchObject(failed);
    // Only what is nobody's known failure is for the host's log.
    expect(unexpected).toHaveLength(outcome.failed!.code === "runtime/host-failed" ? 1 : 0);
    expect(setting!.returned).toEqual([false]);
  });
});

test("a failure is told while the task still sends, and what it sends is dropped", async () => {
  setting = await startFakeSetting(({ respond }) => respond({ error: "no" }));
  const link = setting.connect();
  link.open({ ...bytesStage(), bundleBytes: 1n << 40n });
  const rows = bytesRows([Buffer.alloc(1 << 20)]);
  for (let batch = 0; batch < 64; batch++) link.sendRows(rows);
  const outcome = await link.outcome;
  expect(outcome.failed).toMatchObject({ message: "no" });
});

test("a worker that answers isn't hung, however long a bundle takes", async () => {
  const outcome = await runTask(
    async (asked, worker) => {
      if (asked.request.processBundleProgress !== undefined) asked.respond({ error: "not yet" });
      if (asked.request.processBundle === undefined) return;
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await echo(sink)(asked, worker);
    },
    ["one"],
    // Longer than a busy machine lets a process wait.
    { patience: { ...quick.patience, hungMillis: 1_000 } },
  );
  expect(textsOf(outcome)).toEqual(["one"]);
});

test.each([
  ["v1", [URN.protocolProgressReporting], true],
  ["v0", [URN.protocolLegacyProgressReporting], true],
  ["none", [URN.coderNullable], false],
])(
  "a worker is asked for its progress where it declares to tell it: %s",
  async (_name, declared, isAsked) => {
    setting = await startFakeSetting(async (asked, worker) => {
      // Nothing else is answered.
      if (asked.request.processBundle === undefined) return;
      await new Promise((resolve) => setTimeout(resolve, 400));
      await echo(sink)(asked, worker);
    }, quick);
    const link = setting.connect();
    link.open(bytesStage({}, declared));
    link.sendRows(textRows("one"));
    link.endRows();
    const outcome = await link.outcome;
    const asked = setting.workers[0]!.asked.some((one) => one.processBundleProgress !== undefined);
    expect([asked, outcome.failed !== null, textsOf(outcome)]).toEqual([
      isAsked,
      isAsked,
      isAsked ? [] : ["one"],
    ]);
  },
);

test("what was put off is resumed when it is due, after what was finalized", async () => {
  const story: string[] = [];
  const delays = [0.5, 0.02];
  const outcome = await runTask(
    async ({ request, respond }, worker) => {
      const { instructionId, finalizeBundle } = request;
      if (finalizeBundle !== undefined) {
        story.push(`finalize ${finalizeBundle.instructionId}`);
        respond({ finalizeBundle: {} });
      }
      if (request.processBundle === undefined) return;
      const input = await worker.input(instructionId);
      story.push(`${instructionId} ${Buffer.from(input.subarray(14)).toString("latin1").split("\x7f")[0]}`);
      worker.send(instructionId, sink, input, true);
      const isFirst = instructionId.endsWith("-1");
      respond({
        processBundle: {
          requiresFinalization: true,
          residualRoots: isFirst
            ? delays.map((delay) => ({
                application: { transformId: "do", inputId: "in", element: elementsOf(`after ${delay}`) },
                requestedTimeDelay: { nanos: delay * 1e9 },
              }))
            : [],
        },
      });
    },
    ["now"],
  );
  expect(textsOf(outcome)).toEqual(["now", "after 0.02", "after 0.5"]);
  expect(story).toEqual([
    "task-1-1 now",
    "finalize task-1-1",
    "task-1-2 after 0.02",
    "finalize task-1-2",
    "task-1-3 after 0.5",
    "finalize task-1-3",
  ]);
});

test("an element in no window is no row", async () => {
  const one = elementsOf("gone");
  // The lowest byte of the number of windows.
  one[11] = 0;
  const outcome = await runTask(
    async ({ request, respond }, worker) => {
      worker.send(request.instructionId, sink, Buffer.concat([one, elementsOf("kept"), one]), true);
      await worker.input(request.instructionId);
      respond({ processBundle: {} });
    },
    ["any"],
  );
  expect(outcome.failed).toBeNull();
  expect(textsOf(outcome)).toEqual(["kept"]);
});

test("rows that come one after the other go in one message", async () => {
  setting = await startFakeSetting(echo(sink));
  const link = setting.connect();
  link.open(bytesStage());
  for (const text of ["one", "two", "three"]) link.sendRows(textRows(text));
  link.endRows();
  expect(textsOf(await link.outcome)).toEqual(["one", "two", "three"]);
  expect(setting.workers[0]!.inputSoFar("task-1-1")).toHaveLength(1);
});

test.each([
  [0n, 3],
  [1n, 3],
  [30n, 2],
  [1n << 20n, 1],
])("with %i bytes a bundle is full", async (bundleBytes, bundles) => {
  setting = await startFakeSetting(echo(sink));
  const link = setting.connect();
  link.open({ ...bytesStage(), bundleBytes });
  for (const text of ["one", "two", "three"]) link.sendRows(textRows(text));
  link.endRows();
  expect(textsOf(await link.outcome)).toEqual(["one", "two", "three"]);
  expect(setting.workers[0]!.asked.filter((one) => one.processBundle !== undefined)).toHaveLength(bundles);
});

test("a task whose rows are cut off gives its worker up", async () => {
  setting = await startFakeSetting(echo(sink));
  const link = setting.connect();
  link.open(bytesStage());
  link.sendRows(textRows("one"));
  await expect.poll(() => setting!.workers[0]?.asked).toHaveLength(1);
  link.cut();
  await expect.poll(() => setting!.returned).toEqual([false]);
});

test("what is logged in a task's bundles goes to the task, anything else to the host's log", async () => {
  const texts: string[] = [];
  setting = await startFakeSetting(async (asked, worker) => {
    const { instructionId, finalizeBundle } = asked.request;
    if (finalizeBundle !== undefined) {
      worker.log({ severity: 6, message: "finalizer", trace: "Traceback", instructionId });
      // A task waits for what is logged at its end for ten milliseconds.
      await new Promise((resolve) => setTimeout(resolve, 100));
      asked.respond({ error: "failed, too" });
      return;
    }
    worker.log(
      { severity: 5, message: "mine", instructionId, transformId: "do", thread: "main" },
      { severity: 6, message: "failed", trace: "Traceback", instructionId },
      { severity: 3, message: "a thread's" },
      { severity: 3, message: "of another task", instructionId: "task-9-1" },
      { severity: 3, message: "of a name that only begins so", instructionId: "task-10-1-finalize" },
      { severity: 3, message: "the harness's", logLocation: "/lib/apache_beam/runners/worker/a.py:1" },
      { severity: 5, message: "the client's", logLocation: "/v2/go/pkg/beam/runners/universal/job.go:1" },
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    await echo(sink, { requiresFinalization: true })(asked, worker);
  });
  const link = setting.connect();
  link.open(bytesStage());
  link.sendRows(textRows("one"));
  link.endRows();
  const { others } = await link.outcome;
  for (const { kind, content } of others) {
    expect(kind).toBe(FrameKind.log);
    const { importance, text, transform, thread } = LogMessage.decode(content);
    texts.push([importance, text, transform, thread].join("|"));
  }
  expect(texts).toEqual([
    "warning|mine|Outer/Do|main",
    "error|failed\nTraceback||",
    "basic|a thread's||",
    "error|finalizer\nTraceback||",
  ]);
  expect(setting.logged).toEqual([
    "of another task",
    "of a name that only begins so",
    "the harness's",
    "the client's",
  ]);
});

test("a task that is cut off while its worker is busy, and that has sent more, gives its worker up", async () => {
  setting = await startFakeSetting(
    ({ request, respond }) => {
      if (request.processBundleProgress !== undefined) respond({ processBundleProgress: {} });
    },
    { patience: { progressMillis: 20, hungMillis: 10_000, splitMillis: 500 } },
  );
  const link = setting.connect();
  link.open({ ...bytesStage(), bundleBytes: 1n });
  const rows = bytesRows([Buffer.alloc(1 << 20)]);
  for (let batch = 0; batch < 4; batch++) link.sendRows(rows);
  await expect.poll(() => setting!.workers[0]?.asked.length).toBeGreaterThan(1);
  link.cut();
  await expect.poll(() => setting!.returned).toEqual([false]);
});

test("nobody opens a stream a second time in a worker's name", async () => {
  const refusals: Error[] = [];
  const outcome = await runTask(
    async (asked, worker) => {
      const other = new FakeWorker(setting!.host, "fake-1", () => {});
      other.onRefusal = (error) => refusals.push(error);
      await expect.poll(() => refusals).toHaveLength(3);
      other.onRefusal = () => {};
      other.close();
      await echo(sink)(asked, worker);
    },
    ["one"],
  );
  expect(textsOf(outcome)).toEqual(["one"]);
  expect(refusals.map(({ message }) => message).sort()).toEqual(
    ["control", "data", "state"].map((kind) => expect.stringContaining(`opened its ${kind} stream before`)),
  );
});

test("a task that opens a second stage fails, and its worker is given back once", async () => {
  setting = await startFakeSetting(echo(sink));
  const link = setting.connect();
  link.open(bytesStage());
  link.open(bytesStage());
  expect((await link.outcome).failed).toMatchObject({ message: "a task opens one stage" });
  expect(setting.returned).toHaveLength(1);
});

test("an element of 64 MiB goes there and back", async () => {
  setting = await startFakeSetting(echo(sink));
  const link = setting.connect();
  link.open(bytesStage());
  const large = Buffer.alloc(64 << 20, "large");
  link.sendRows(bytesRows([large, Buffer.from("small")]));
  link.endRows();
  const outcome = await link.outcome;
  expect(outcome.failed).toBeNull();
  const texts = textsOf(outcome);
  expect(texts.map(({ length }) => length)).toEqual([large.length, 5]);
  expect(texts[0] === large.toString()).toBe(true);
});
