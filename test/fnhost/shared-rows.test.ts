import { randomBytes } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, truncateSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { SharedMemory } from "../../src/beam/protos/types/link.js";
import { FrameKind } from "../../src/fnhost/link/frames.js";
import { bytesStage, readTexts, textRows } from "./bytes-stage.js";
import { type FakeSetting, startFakeSetting } from "./fake-setting.js";
import { echo } from "./fake-worker.js";

const slots = { hostSlots: 2, hostSlotBytes: 4096, taskSlots: 2, taskSlotBytes: 4096 };
const token = randomBytes(16);
let setting: FakeSetting | null = null;
afterEach(() => setting?.close());

test("rows in memory that nobody has offered fail the task", async () => {
  setting = await startFakeSetting(echo("beam2spark_sink_0"));
  const link = setting.connect();
  link.open(bytesStage());
  link.send(FrameKind.sharedRows, Uint8Array.of(0, 1, 0, 0, 0));
  const { failed } = await link.outcome;
  expect(failed).toMatchObject({ message: "rows lie in memory that was not accepted" });
  expect(setting.returned).toEqual([false]);
});

test.each([
  ["a file of a folder", (file: number) => file],
  ["no file", () => 1 << 20],
  ["no number of a file", () => -1],
])("%s is not opened as memory, and rows go over the socket", async (_name, choose) => {
  const folder = mkdtempSync(join(tmpdir(), "b2s-rows-"));
  // All but its place is as a task's memory has it.
  const path = join(folder, "memfd:beam2spark-rows (deleted)");
  const file = openSync(path, "wx+");
  writeSync(file, token, 0, 16, 0);
  truncateSync(path, 4096 + 16384);
  try {
    setting = await startFakeSetting(echo("beam2spark_sink_0"));
    const link = setting.connect();
    link.open(bytesStage());
    const offer = { process: process.pid, fileDescriptor: choose(file), token, ...slots };
    link.send(FrameKind.sharedMemory, SharedMemory.encode(offer));
    link.sendRows(textRows("one", "two"));
    link.endRows();
    const { failed, rows } = await link.outcome;
    expect(failed).toBeNull();
    expect(readTexts(rows.map(({ stream }) => stream))).toEqual(["one", "two"]);
    const accepted = Buffer.alloc(1);
    readSync(file, accepted, 0, 1, 16);
    expect(accepted[0]).toBe(0);
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
});
