import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { FrameKind } from "../../src/fnhost/link/frames.js";
import { findPackageRoot } from "../../src/package-root.js";
import { bytesRows, bytesStage, readTexts, textRows } from "./bytes-stage.js";
import { type FakeSetting, startFakeSetting } from "./fake-setting.js";
import { echo } from "./fake-worker.js";
import type { LinkClient } from "./link-client.js";
import { holdMemory, placeOf, TaskMemory } from "./task-memory.js";

const root = findPackageRoot();
const holder = holdMemory();
let setting: FakeSetting;
let memory: TaskMemory;
beforeEach(async () => {
  setting = await startFakeSetting(echo("beam2spark_sink_0"));
  memory = await TaskMemory.create(holder);
});
afterEach(() => {
  setting.close();
  memory.close();
});
afterAll(() => holder.kill());

/** How often this process, which is the host and the test, has a task's memory open. */
function countOpen(): number {
  return readdirSync("/proc/self/fd").filter((number) => {
    try {
      return readlinkSync(`/proc/self/fd/${number}`).startsWith("/memfd:beam2spark-rows");
    } catch {
      return false;
    }
  }).length;
}

/** A task that has offered its memory. Each row of it is a bundle where `bundleBytes` is 1. */
function openTask(offer = memory.encodeOffer(), bundleBytes = 1n << 20n): LinkClient {
  const link = setting.connect();
  link.open({ ...bytesStage(), bundleBytes });
  link.send(FrameKind.sharedMemory, offer);
  return link;
}

/** The texts of all rows that come, in order, and of each frame whether they have come through memory. */
function listen(link: LinkClient): { readonly texts: string[]; readonly isShared: boolean[] } {
  const heard = { texts: [] as string[], isShared: [] as boolean[] };
  link.onFrame = ({ kind, content }) => {
    if (kind !== FrameKind.rows && kind !== FrameKind.sharedRows) return;
    const isShared = kind === FrameKind.sharedRows;
    expect(content[0]).toBe(0);
    heard.isShared.push(isShared);
    const rest = content.slice(1);
    heard.texts.push(...readTexts([isShared ? memory.read(rest) : rest]));
  };
  return heard;
}

test("rows come and go through memory, and a slot is free once they were read", async () => {
  const link = openTask();
  const heard = listen(link);
  link.send(FrameKind.sharedRows, memory.put(7, textRows("one", "two")));
  link.sendRows(textRows("between"));
  link.send(FrameKind.sharedRows, memory.put(0, textRows("three")));
  link.endRows();
  expect((await link.outcome).failed).toBeNull();
  expect(memory.isAccepted).toBe(true);
  expect(heard).toEqual({ texts: ["one", "two", "between", "three"], isShared: [true] });
  const { hostSlots, taskSlots } = memory.offer;
  const marks = Array.from({ length: hostSlots + taskSlots }, (_, slot) => (slot === hostSlots ? 1 : 0));
  expect([...memory.marks]).toEqual(marks);
});

test("rows go over the socket, in their order, while all slots are taken", async () => {
  const link = openTask(memory.encodeOffer(), 1n);
  const heard = listen(link);
  for (let slot = 0; slot < memory.offer.taskSlots - 2; slot++) memory.mark(slot, true);
  // Of so many bytes each row goes at once.
  const send = (name: string): void => link.sendRows(bytesRows([Buffer.alloc(1 << 20, name)]));
  for (const name of "abcde") send(name);
  await expect.poll(() => heard.texts).toHaveLength(5);
  memory.mark(3, false);
  send("f");
  link.endRows();
  expect((await link.outcome).failed).toBeNull();
  expect(heard.texts.map(([first]) => first).join("")).toBe("abcdef");
  expect(heard.isShared).toEqual([true, true, false, false, false, true]);
});

test("rows that are larger than a slot go over the socket", async () => {
  const link = openTask(memory.encodeOffer(), 1n);
  const heard = listen(link);
  const large = Buffer.alloc(memory.offer.taskSlotBytes, "large");
  for (const value of [large, Buffer.from("small")]) link.sendRows(bytesRows([value]));
  link.endRows();
  expect((await link.outcome).failed).toBeNull();
  expect(heard.isShared).toEqual([false, true]);
  expect(heard.texts[0] === large.toString()).toBe(true);
});

test.each([
  ["another token", () => ({ token: new Uint8Array(16) })],
  ["a token of no length", () => ({ token: new Uint8Array(0) })],
  ["another size", () => ({ hostSlotBytes: memory.offer.hostSlotBytes - 4096 })],
  ["no slots", () => ({ hostSlots: 0, taskSlots: 10 })],
  ["too many slots", () => ({ hostSlots: 128, hostSlotBytes: memory.offer.hostSlotBytes / 16 })],
  ["too large slots", () => ({ taskSlots: 1, taskSlotBytes: 6 * memory.offer.taskSlotBytes })],
  ["another process", () => ({ process: 1 << 30 })],
  ["a negative size", () => ({ hostSlotBytes: -(576 << 10), taskSlotBytes: 2688 << 10 })],
])("memory with %s is not accepted, and rows go over the socket", async (_name, change) => {
  const before = countOpen();
  const link = openTask(memory.encodeOffer(change()));
  const heard = listen(link);
  link.sendRows(textRows("one", "two"));
  link.endRows();
  expect((await link.outcome).failed).toBeNull();
  expect(memory.isAccepted).toBe(false);
  expect(heard).toEqual({ texts: ["one", "two"], isShared: [false] });
  expect(countOpen()).toBe(before);
});

test.each([
  ["slot that there is not", () => placeOf(8, 1), "1 bytes of rows lie in slot 8, where they can't"],
  ["size over the slot's", () => placeOf(0, (576 << 10) + 1), "589825 bytes of rows lie in slot 0, where"],
  ["place that is none", () => placeOf(0, 1).subarray(1), "rows lie at a place of 4 bytes"],
])("a %s fails the task", async (_name, place, message) => {
  const link = openTask();
  link.send(FrameKind.sharedRows, place());
  expect((await link.outcome).failed).toMatchObject({
    code: "runtime/host-failed",
    message: expect.stringContaining(message),
  });
  expect(setting.returned).toEqual([false]);
});

test("memory that is cut, or offered twice, fails the task", async () => {
  const link = openTask();
  await expect.poll(() => memory.isAccepted).toBe(true);
  const place = memory.put(2, textRows("one"));
  memory.cut(4096);
  link.send(FrameKind.sharedRows, place);
  expect((await link.outcome).failed).toMatchObject({ message: "the memory that rows lie in was cut" });
  memory.close();
  memory = await TaskMemory.create(holder);
  const other = openTask();
  other.send(FrameKind.sharedMemory, memory.encodeOffer());
  expect((await other.outcome).failed).toMatchObject({ message: "a task offers its memory once" });
});

test.each([
  ["is done", (link: LinkClient) => link.endRows()],
  ["fails", (link: LinkClient) => link.send(99, new Uint8Array(0))],
  ["is cut off", (link: LinkClient) => link.cut()],
])("the host has the memory open until the task %s", async (_name, end) => {
  const before = countOpen();
  const link = openTask();
  await expect.poll(() => memory.isAccepted).toBe(true);
  expect(countOpen()).toBe(before + 1);
  end(link);
  await link.outcome;
  await expect.poll(countOpen).toBe(before);
});

test("a task in Python gets the same rows through memory and without any", async () => {
  const folder = mkdtempSync(join(tmpdir(), "b2s-echo-"));
  const { descriptor, stage } = bytesStage();
  writeFileSync(join(folder, "stage.pb"), descriptor);
  writeFileSync(join(folder, "stage.json"), stage);
  const before = countOpen();
  try {
    const { stdout } = await promisify(execFile)(
      join(root, ".venv/bin/python"),
      [join(root, "test/fnhost/echo_rows.py"), setting.address, folder],
      { env: { ...process.env, PYTHONPATH: join(root, "templates/pyspark") } },
    );
    const { put, taken, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({ withMemory: true, without: true, left: 0 });
    expect(put).toBeGreaterThan(20);
    expect(taken).toBeGreaterThan(10);
    await expect.poll(countOpen).toBe(before);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
