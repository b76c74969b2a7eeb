import { expect, test } from "vitest";
import type { InstructionRequest } from "../../src/beam/protos/types/control.js";
import { URN } from "../../src/beam/urns.js";
import { KeptInput, mostKeptBytes } from "../../src/fnhost/bundles/kept-input.js";
import { createTrimmer } from "../../src/fnhost/bundles/trim-kept.js";
import { watchStraggler } from "../../src/fnhost/bundles/watch-straggler.js";
import { lentLoopBlocks, takeLoopBlock } from "../../src/fnhost/bytes/blocks.js";
import { ByteWriter } from "../../src/fnhost/bytes/byte-writer.js";
import type { Worker } from "../../src/fnhost/worker.js";
import { elementsOf } from "./bytes-stage.js";

const source = "source";
const edge = {
  transform: source,
  value: { urn: URN.coderBytes, parts: [] },
  window: { urn: URN.coderGlobalWindow, parts: [] },
};
const patience = { progressMillis: 1_000, hungMillis: 10_000, splitMillis: 5 };
const mebibyte = 1 << 20;

/** A worker that answers what a test says. */
function answering(answer: (request: InstructionRequest) => object): Worker {
  return { control: { ask: async (request: InstructionRequest) => answer(request) } } as unknown as Worker;
}

/** The answer of a worker that is at an element. */
function progressAt(element: number): object {
  const out = new ByteWriter(8);
  out.varint32(element);
  const labels = new Map([["PTRANSFORM", source]]);
  return {
    processBundleProgress: {
      monitoringInfos: [
        { urn: "beam:metric:element_count:v1", labels, payload: Uint8Array.of(0) },
        {
          urn: URN.dataChannelReadIndex,
          labels: new Map([["PTRANSFORM", "another"]]),
          payload: Uint8Array.of(0),
        },
        { urn: URN.dataChannelReadIndex, labels, payload: out.take() },
      ],
    },
  };
}

/** Keeps two texts in each part, all sent but the last. */
function keepTexts(...texts: readonly string[]): KeptInput {
  const kept = new KeptInput(edge);
  for (let index = 0; index < texts.length; index += 2) {
    const elements = elementsOf(...texts.slice(index, index + 2));
    // Whoever knows the number says it.
    kept.add(elements, index === 0 ? undefined : Math.min(2, texts.length - index));
    if (index + 2 < texts.length) kept.noteSent(elements);
  }
  return kept;
}

const texts = ["zero", "one", "two", "three", "four", "five", "six"];
const bytesOf = (parts: readonly Uint8Array[]) => Buffer.concat(parts).toString("latin1");
const elements = (...some: readonly string[]) => bytesOf([elementsOf(...some)]);

test.each([
  [0, 0, 7],
  [2, 0, 4],
  // The element before the one that the worker is at may be that which it is at.
  [3, 2, 3],
  [4, 2, 5],
  [7, 6, 6],
  [7, 6, 7],
  // That of another bundle.
  [8, 0, 4],
])("of what a worker at element %i has passed nothing is kept, and numbers stay", (at, passed, first) => {
  const kept = keepTexts(...texts);
  kept.pass(at);
  expect([kept.passed, kept.count(), kept.isWhole]).toEqual([passed, 7, true]);
  expect(bytesOf(kept.giveAway(first))).toBe(elements(...texts.slice(first)));
  expect(kept.count()).toBe(first);
});

/** Adds MiBs, each an element of which nobody reads the bytes; a worker tells its progress as a test says. */
async function fill(progressOf: (sent: number) => object, count: number) {
  const kept = new KeptInput(edge);
  const asked: string[] = [];
  let sent = 0;
  let peak = 0;
  const worker = answering(({ instructionId }) => {
    asked.push(instructionId);
    return progressOf(sent);
  });
  const trim = createTrimmer({ instruction: "task-1-1", worker, source, kept });
  for (; sent < count; sent++) {
    const part = new Uint8Array(mebibyte);
    kept.add(part, 1);
    kept.noteSent(part);
    peak = Math.max(peak, kept.size);
    await trim();
  }
  return { kept, asked, peak };
}

test("a large bundle's worker is asked seldom how far it is, and no more is kept than it hasn't read", async () => {
  const { kept, asked, peak } = await fill((sent) => progressAt(sent - 3), 256);
  expect([kept.isWhole, kept.count()]).toEqual([true, 256]);
  expect(peak).toBeLessThanOrEqual(mostKeptBytes);
  expect(asked[0]).toBe("task-1-1-read-1");
  expect(asked.length).toBeLessThan(40);
});

test("a worker that takes more than it reads gets no more than is kept, until it has read some", async () => {
  let answers = 0;
  const { kept, asked, peak } = await fill((sent) => progressAt(++answers <= 12 ? 5 : sent - 3), 64);
  expect([kept.isWhole, kept.count()]).toEqual([true, 64]);
  expect(peak).toBeLessThanOrEqual(mostKeptBytes - mebibyte);
  expect(asked.length).toBeGreaterThan(12);
});

test.each([
  ["doesn't say where it is", () => ({ processBundleProgress: { monitoringInfos: [] } })],
  ["doesn't know the bundle", () => Promise.reject(new Error("no such bundle"))],
])("a bundle isn't split, and nothing of it is kept, whose worker %s", async (_name, progressOf) => {
  const { kept, asked } = await fill(progressOf, 256);
  expect([kept.isWhole, kept.size]).toEqual([false, 0]);
  expect(asked.length).toBeLessThan(20);
});

test("a worker that gives back what it has passed fails the bundle", async () => {
  const kept = keepTexts(...texts);
  kept.pass(5);
  const channel = { transformId: source, lastPrimaryElement: 0n, firstResidualElement: 3n };
  const worker = answering(() => ({ processBundleSplit: { channelSplits: [channel], residualRoots: [] } }));
  const returned: boolean[] = [];
  const stop = watchStraggler(
    { instruction: "task-1-1", worker, source, kept },
    {
      patience,
      watch: () => () => {},
      borrowIdle: () => ({ worker, giveBack: (isIdle) => returned.push(isIdle) }),
      deliver: () => {},
    },
  );
  await expect.poll(() => returned).toEqual([true]);
  await expect(stop()).rejects.toThrow("from number 3 on, although it has said that it has read them");
});

/** Elements in memory that has to be given back. */
function blockOf(bytes: string): Uint8Array {
  const block = takeLoopBlock();
  block.set(Buffer.from(bytes, "latin1"));
  return block.subarray(0, bytes.length);
}

test.each([0, 1, 2, 3])(
  "memory is given back once it is sent and not kept, with %i parts sent before a split",
  (early) => {
    const kept = new KeptInput(edge);
    const parts = ["a", "b", "c"].map((text) => blockOf(elements(text, text)));
    for (const part of parts) kept.add(part, 2);
    for (const part of parts.slice(0, early)) kept.noteSent(part);
    kept.giveAway(1);
    // The first part is still kept, the others only where they are not sent.
    expect(lentLoopBlocks()).toBe(3 - Math.max(0, early - 1));
    for (const part of parts.slice(early)) kept.noteSent(part);
    expect(lentLoopBlocks()).toBe(1);
    kept.drop();
    expect(lentLoopBlocks()).toBe(0);
  },
);

test.each([0, 1, 2, 3])("and with %i parts sent before two splits", (early) => {
  const kept = new KeptInput(edge);
  const parts = ["a", "b", "c"].map((text) => blockOf(elements(text, text)));
  for (const part of parts) kept.add(part, 2);
  for (const part of parts.slice(0, early)) kept.noteSent(part);
  kept.giveAway(5);
  expect(bytesOf(kept.giveAway(3))).toBe(elements("b", "c"));
  kept.giveAway(1);
  for (const part of parts.slice(early)) kept.noteSent(part);
  expect(lentLoopBlocks()).toBe(1);
  kept.drop();
  expect(lentLoopBlocks()).toBe(0);
});
