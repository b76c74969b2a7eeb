import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { URN } from "../../src/beam/urns.js";
import type { Layout } from "../../src/compiler/4-physical/layout.js";
import { giveBack, lentLoopBlocks, takeLoopBlock } from "../../src/fnhost/bytes/blocks.js";
import { MalformedElementError } from "../../src/fnhost/bytes/byte-reader.js";
import { ByteWriter } from "../../src/fnhost/bytes/byte-writer.js";
import { plainLoopsSource } from "../../src/fnhost/bytes/plain-loops-wasm.js";
import type { BatchColumns } from "../../src/fnhost/columns/batch-columns.js";
import { BinaryBuilder } from "../../src/fnhost/columns/binary-builder.js";
import type { ColumnData } from "../../src/fnhost/columns/column-data.js";
import { createElementReader } from "../../src/fnhost/columns/decode-elements.js";
import { createElementWriter, createRowsWriter } from "../../src/fnhost/columns/encode-elements.js";
import { readPlainElements } from "../../src/fnhost/columns/read-plain-elements.js";
import { writePlainElements } from "../../src/fnhost/columns/write-plain-elements.js";
import type { StageEdge } from "../../src/fnhost/worker-stage.js";
import { findPackageRoot } from "../../src/package-root.js";

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
  reader.close();
  return batches.map(({ length, columns }) => ({ length, columns: new Map([...columns].map(copyColumn)) }));
}

/** What it has, in memory of its own: blocks go back. */
function copyColumn([name, column]: readonly [string, ColumnData]): readonly [string, ColumnData] {
  const values = column.values === null ? null : Uint8Array.from(column.values);
  if (column.values !== null) giveBack(column.values);
  return [name, { ...column, values }];
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
    const reader = createElementReader(plain, edge);
    expect(() => reader.take(bytes, 0, 1e9)).toThrow(MalformedElementError);
    reader.close();
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

/** What the loops' memory holds of bytes. */
function inLoopMemory(bytes: Uint8Array): Uint8Array {
  const block = takeLoopBlock();
  block.set(bytes);
  return block.subarray(0, bytes.length);
}

/** Sizes that look random, most of them small. */
function* sizesFrom(seed: number): Generator<number> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    yield (state >>> 8) % [8, 40, 300, 3_000][(state >>> 3) % 4]!;
  }
}

describe("the loops do what is done elsewhere", () => {
  const ends = { clock: "micros", write: () => {} } as const;
  afterEach(() => {
    expect(lentLoopBlocks()).toBe(0);
  });

  test.each([1, 2, 3, 4, 5])("elements are read alike: %d", (seed) => {
    const parts: Uint8Array[] = [];
    let total = 0;
    for (const size of sizesFrom(seed)) {
      total += size;
      if (total > 900_000) break;
      const pane = size % 997 === 7 ? [0x2f, 0x80, 1, 2] : [size & 0x0f];
      parts.push(element(Buffer.alloc(size, size), size % 991 === 9 ? 2 : 1, pane));
    }
    const bytes = Buffer.concat(parts);
    const lying = inLoopMemory(bytes);
    const taken = [bytes, lying].map((source) => {
      const builders = [new BinaryBuilder(), new BinaryBuilder()] as const;
      builders[0].out.bytes(new Uint8Array(900_000));
      builders[0].out.truncate();
      builders[1].out.useLoopBlocks();
      return builders.map((builder) => {
        const places: number[] = [];
        for (const fullAt of [1, 5_000, 100_000, Number.POSITIVE_INFINITY])
          places.push(readPlainElements(source, places.at(-1) ?? 0, builder, fullAt));
        const { offsets, values: all, length } = builder.finish();
        const column = { places, length, offsets: [...offsets!], values: digest(all!) };
        giveBack(all!);
        builder.out.release();
        return column;
      });
    });
    giveBack(lying);
    const [[expected, ...others], more] = taken as [[unknown, ...unknown[]], unknown[]];
    for (const other of [...others, ...more]) expect(other).toEqual(expected);
  });

  test.each([1, 1_000, 700_000, Number.POSITIVE_INFINITY])(
    "rows are written alike, up to %d bytes",
    (fullAt) => {
      const few = values.filter(({ length }) => length < 200_000);
      const [batch] = read(plain, Buffer.concat(few.map((value) => element(value)))) as [BatchColumns];
      const column = batch.columns.get("value")!;
      const bytes = Buffer.from(
        column.offsets!.buffer,
        column.offsets!.byteOffset,
        column.offsets!.byteLength,
      );
      const memory = inLoopMemory(Buffer.concat([bytes, column.values!]));
      const offsets = new Int32Array(memory.buffer, memory.byteOffset, column.offsets!.length);
      const there = { ...column, offsets, values: memory.subarray(bytes.length) };
      const written = [column, there].map((value) => {
        const out = new ByteWriter();
        if (value === there) out.useLoopBlocks();
        else out.bytes(new Uint8Array(900_000));
        out.truncate();
        const write = createRowsWriter(
          plain,
          edge,
          { length: batch.length, columns: new Map([["value", value]]) },
          ends,
        );
        const rows: number[] = [];
        for (let row = 0; row < batch.length; out.truncate()) {
          row = write(row, out, fullAt);
          rows.push(row);
          rows.push(...out.peek().subarray(-40), out.length);
        }
        out.release();
        return rows;
      });
      expect(written[1]).toEqual(written[0]);
      giveBack(memory);
    },
  );

  test("values that the offsets place outside of the column are not read from what lies behind it", () => {
    const memory = inLoopMemory(Buffer.alloc(100, 1));
    const offsets = new Int32Array(memory.buffer, memory.byteOffset, 3);
    offsets.set([0, 4, 90]);
    const value = {
      length: 2,
      offset: 0,
      validity: null,
      offsets,
      values: memory.subarray(12, 20),
      children: [],
    };
    const out = new ByteWriter();
    out.useLoopBlocks();
    expect(writePlainElements(new Uint8Array(13), value, 0, 2, out, 1_000)).toBe(1);
    out.release();
    giveBack(memory);
  });
});

test("more elements are read than the loops take at once", () => {
  const bytes = Buffer.concat(
    Array.from({ length: 70_000 }, (_, index) => element(Buffer.alloc(index % 3, index))),
  );
  const batches = read(plain, bytes);
  expect(batches.map(({ length }) => length)).toEqual([70_000]);
  const { offsets } = batches[0]!.columns.get("value")!;
  for (let row = 0; row < 70_000; row++)
    if (offsets![row + 1]! - offsets![row]! !== row % 3) expect(row).toBe(-1);
});

test("the loops were compiled from their source as it is", () => {
  const source = readFileSync(join(findPackageRoot(), "loops", "plain-elements.ts"));
  expect(createHash("sha256").update(source).digest("hex"), "npm run loops:update").toBe(plainLoopsSource);
});

test("where no block of the loops' memory is left, others are lent", () => {
  const blocks: Uint8Array[] = [];
  const shared = takeLoopBlock();
  for (let block = takeLoopBlock(); block.buffer === shared.buffer; block = takeLoopBlock())
    blocks.push(block);
  expect(blocks.length).toBeGreaterThan(200);
  const texts = values.slice(0, 4);
  expect(valuesOf(read(plain, Buffer.concat(texts.map((value) => element(value)))))).toEqual(
    texts.map(digest),
  );
  for (const block of [shared, ...blocks]) giveBack(block);
  expect(lentLoopBlocks()).toBe(0);
});
