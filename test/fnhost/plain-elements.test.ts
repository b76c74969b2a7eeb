import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { URN } from "../../src/beam/urns.js";
import type { Layout } from "../../src/compiler/4-physical/layout.js";
import { MalformedElementError } from "../../src/fnhost/bytes/byte-reader.js";
import { ByteWriter } from "../../src/fnhost/bytes/byte-writer.js";
import type { BatchColumns } from "../../src/fnhost/columns/batch-columns.js";
import { createElementReader } from "../../src/fnhost/columns/decode-elements.js";
import { createElementWriter, createRowsWriter } from "../../src/fnhost/columns/encode-elements.js";
import type { StageEdge } from "../../src/fnhost/worker-stage.js";

const edge: StageEdge = {
  transform: "t",
  value: { urn: URN.coderBytes, parts: [] },
  window: { urn: URN.coderGlobalWindow, parts: [] },
};

/** Nothing but the value is read of elements with it; of those of `whole` everything. */
const plain: Layout = {
  value: { kind: "bytes" },
  timestamp: { kind: "dropped" },
  window: { kind: "global" },
  pane: { kind: "dropped" },
};
const whole: Layout = { ...plain, timestamp: { kind: "column" }, pane: { kind: "column" } };

const sizes = [0, 1, 10, 23, 24, 127, 128, 1_000, 16_383, 16_384, 100_000, 2_097_151, 2_097_152, 3];
const values = sizes.map((size, index) => Buffer.alloc(size, index + 1));

function element(value: Uint8Array, windows = 1, pane: readonly number[] = [0x0f]): Buffer {
  const out = new ByteWriter(64);
  out.int64(0, 0x80000000 | 0);
  out.int32(windows);
  out.bytes(Uint8Array.from(pane));
  out.varint32(value.length);
  out.bytes(value);
  return Buffer.from(out.take());
}

function read(layout: Layout, bytes: Uint8Array, fullAt = Number.POSITIVE_INFINITY): BatchColumns[] {
  const reader = createElementReader(layout, edge);
  const batches: BatchColumns[] = [];
  for (let at = 0; at < bytes.length; ) {
    const next = reader.take(bytes, at, fullAt);
    expect(next).toBeGreaterThan(at);
    at = next;
    const length = reader.rows;
    const columns = [...reader.finish()].map(
      ([name, column]) => [name, { ...column, offset: 0, children: [] }] as const,
    );
    batches.push({ length, columns: new Map(columns) });
  }
  return batches;
}

/** Stands for a value: to compare megabytes byte by byte takes an assertion minutes. */
function digest(value: Uint8Array): string {
  return `${value.length} ${createHash("sha1").update(value).digest("hex")}`;
}

function valuesOf(batches: readonly BatchColumns[]): string[] {
  return batches.flatMap(({ length, columns }) => {
    const { offsets, values: bytes, validity } = columns.get("value")!;
    expect([offsets!.length - 1, validity]).toEqual([length, null]);
    return Array.from({ length }, (_, row) => digest(bytes!.subarray(offsets![row], offsets![row + 1])));
  });
}

describe("elements of which nothing but the value is read", () => {
  test.each([Number.POSITIVE_INFINITY, 200_000, 1_000, 1])("are read at %d bytes a batch", (fullAt) => {
    const bytes = Buffer.concat(values.map((value) => element(value)));
    const batches = read(plain, bytes, fullAt);
    expect(valuesOf(batches)).toEqual(values.map(digest));
    if (fullAt < 2_000_000) expect(batches.length).toBeGreaterThan(1);
  });

  test("are read among others: of no window, of several, and of panes with numbers", () => {
    const few = values.slice(0, 9);
    const elements = few.flatMap((value) => [
      element(value),
      element(value, 0),
      element(value, 3),
      element(value, 1, [0x1f, 7]),
      element(value, 1, [0x2f, 0x80, 1, 2]),
    ]);
    const bytes = Buffer.concat(elements);
    const expected = few.flatMap((value) => Array.from({ length: 6 }, () => digest(value)));
    expect(valuesOf(read(plain, bytes))).toEqual(expected);
    expect(valuesOf(read(whole, bytes))).toEqual(expected);
  });

  test("end batches by how many there are, though they have no bytes", () => {
    const bytes = Buffer.concat(Array.from({ length: 1_000 }, () => element(Buffer.alloc(0))));
    const lengths = read(plain, bytes, 2_400).map(({ length }) => length);
    expect(lengths).toEqual(Array.from({ length: 10 }, () => 100));
  });

  test.each([1, 9, 13, 14, 100, 142])("fail where only %d of their bytes are there", (count) => {
    const bytes = Buffer.concat([element(Buffer.alloc(5)), element(Buffer.alloc(128)).subarray(0, count)]);
    expect(() => createElementReader(plain, edge).take(bytes, 0, 1e9)).toThrow(MalformedElementError);
  });

  test.each([1, 1_000, 300_000, 1e9])("are written as others are, %d bytes at a time", (fullAt) => {
    const bytes = Buffer.concat(values.map((value) => element(value)));
    const [batch] = read(plain, bytes) as [BatchColumns];
    const ends = { clock: "micros", write: () => {} } as const;
    const one = createElementWriter(plain, edge, batch, ends);
    const expected = new ByteWriter();
    for (let row = 0; row < batch.length; row++) one(row, expected);
    const write = createRowsWriter(plain, edge, batch, ends);
    const out = new ByteWriter(8);
    const parts: Uint8Array[] = [];
    for (let row = 0; row < batch.length; ) {
      const next = write(row, out, fullAt);
      expect(next).toBeGreaterThan(row);
      row = next;
      parts.push(out.take());
    }
    expect(Buffer.concat(parts).equals(expected.take())).toBe(true);
    expect(valuesOf(read(plain, Buffer.concat(parts)))).toEqual(values.map(digest));
  });

  test("rows in the middle of a column are written from there", () => {
    const [all] = read(plain, Buffer.concat(values.slice(0, 6).map((value) => element(value)))) as [
      BatchColumns,
    ];
    const column = { ...all.columns.get("value")!, offset: 2, length: 3 };
    const batch = { length: 3, columns: new Map([["value", column]]) };
    const out = new ByteWriter();
    createRowsWriter(plain, edge, batch, { clock: "micros", write: () => {} })(0, out, 1e9);
    expect(valuesOf(read(plain, out.take()))).toEqual(values.slice(2, 5).map(digest));
  });
});
