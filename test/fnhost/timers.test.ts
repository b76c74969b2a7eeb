import { expect, test } from "vitest";
import { URN } from "../../src/beam/urns.js";
import { MalformedElementError } from "../../src/fnhost/bytes/byte-reader.js";
import { ByteWriter } from "../../src/fnhost/bytes/byte-writer.js";
import { type DueTimers, TimerQueue } from "../../src/fnhost/timers/timer-queue.js";
import { readTimers } from "../../src/fnhost/timers/timer-records.js";

const interval = { urn: URN.coderIntervalWindow, parts: [] };
const utf8 = { urn: URN.coderStringUtf8, parts: [] };
const edge = {
  transform: "source",
  value: { urn: URN.coderKv, parts: [utf8, utf8] },
  window: interval,
};
const event = { transform: "t", family: "event", isProcessingTime: false, isExpiration: false };
const clock = { transform: "t", family: "clock", isProcessingTime: true, isExpiration: false };

interface Timer {
  readonly key?: string;
  readonly tag?: string;
  readonly windows?: readonly number[];
  /** Milliseconds; null clears it. */
  readonly at: number | null;
}

/** A timer as a worker's SDK writes it. */
function encode({ key = "k", tag = "", windows = [1000], at }: Timer): Uint8Array {
  const out = new ByteWriter(64);
  for (const text of [key, tag]) {
    out.varint32(text.length);
    out.bytes(Buffer.from(text));
  }
  out.int32(windows.length);
  for (const end of windows) {
    out.int64(end, 0x80000000 | 0);
    out.varint32(1000);
  }
  out.byte(at === null ? 1 : 0);
  if (at === null) return out.take();
  for (let time = 0; time < 2; time++) out.int64(at | 0, (at < 0 ? -1 : 0) ^ 0x80000000);
  // A pane with two numbers behind its first byte.
  out.bytes(Buffer.from([0x2f, 5, 4]));
  return out.take();
}

function read(...timers: readonly Timer[]) {
  return readTimers(Buffer.concat(timers.map(encode)), edge);
}

function show(due: readonly DueTimers[]): readonly string[] {
  return due.map(
    ({ family, timers }) =>
      `${family.family}: ${timers.map((one) => Buffer.from(one).toString("hex")).join(" ")}`,
  );
}

function hex(timer: Timer): string {
  return Buffer.from(encode(timer)).toString("hex");
}

test("timers fire in the order of their times, event time before processing time", () => {
  const queue = new TimerQueue();
  queue.take(clock, read({ at: -5 }));
  queue.take(event, read({ at: 300, tag: "c" }, { at: -1, tag: "a" }, { at: -1, tag: "b" }));
  expect(show(queue.takeDue())).toEqual([`event: ${hex({ at: -1, tag: "a" })} ${hex({ at: -1, tag: "b" })}`]);
  // What a timer sets may be earlier than itself.
  queue.take(event, read({ at: -9, tag: "d" }));
  expect(show(queue.takeDue())).toEqual([`event: ${hex({ at: -9, tag: "d" })}`]);
  expect(show(queue.takeDue())).toEqual([`event: ${hex({ at: 300, tag: "c" })}`]);
  expect(show(queue.takeDue())).toEqual([`clock: ${hex({ at: -5 })}`]);
  expect([queue.takeDue(), queue.size]).toEqual([[], 0]);
});

test("the last word on a timer counts: set anew, cleared, set again", () => {
  const queue = new TimerQueue();
  queue.take(event, read({ at: 5 }, { at: 9 }, { at: 7, tag: "x" }, { at: null, tag: "x" }));
  queue.take(event, read({ at: null, tag: "never set" }, { at: 3, tag: "y" }, { at: null, tag: "y" }));
  queue.take(event, read({ at: 9, tag: "y" }));
  expect(queue.size).toBe(2);
  expect(show(queue.takeDue())).toEqual([`event: ${hex({ at: 9 })} ${hex({ at: 9, tag: "y" })}`]);
  expect(queue.size).toBe(0);
});

test("keys and windows have timers of their own, and one of several windows is one for each", () => {
  const queue = new TimerQueue();
  queue.take(event, read({ at: 4, windows: [1000, 2000] }, { at: 6, key: "other" }));
  queue.take(event, read({ at: null, windows: [2000] }));
  expect(show(queue.takeDue())).toEqual([`event: ${hex({ at: 4 })} ${hex({ at: 6, key: "other" })}`]);
});

test("bytes that are no timer are refused", () => {
  expect(() => readTimers(encode({ at: 5 }).subarray(0, 9), edge)).toThrow(MalformedElementError);
});
