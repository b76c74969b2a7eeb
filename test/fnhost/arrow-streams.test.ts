import {
  Binary,
  Bool,
  type DataType,
  Dictionary,
  Field,
  Float64,
  Int32,
  Int64,
  List,
  RecordBatchReader,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
  Utf8,
  type Vector,
  vectorFromArray,
} from "apache-arrow";
import { describe, expect, test } from "vitest";
import type { Layout } from "../../src/compiler/4-physical/layout.js";
import { BatchReader } from "../../src/fnhost/arrow/batch-reader.js";
import { BatchWriter } from "../../src/fnhost/arrow/batch-writer.js";
import { readBatches } from "../../src/fnhost/arrow/read-batches.js";
import type { BatchColumns } from "../../src/fnhost/columns/batch-columns.js";
import type { BuiltColumn } from "../../src/fnhost/columns/built-column.js";
import type { ColumnData } from "../../src/fnhost/columns/column-data.js";

const dropped = { kind: "dropped" } as const;

function vectorOf(values: readonly unknown[], type: DataType): Vector {
  return vectorFromArray(values as never, type as never);
}

const pair = new Struct([new Field("key", new Utf8(), true), new Field("value", new Int64(), true)]);
const texts = new List(new Field("element", new Utf8(), true));

/** Columns of each kind that a task sends, with and without nulls and rows. */
const columns: Readonly<Record<string, Vector>> = {
  bytes: vectorOf([Buffer.from("a"), Buffer.alloc(0), Buffer.alloc(300, 7)], new Binary()),
  texts: vectorOf(["", null, "ä€"], new Utf8()),
  truths: vectorOf([true, null, false], new Bool()),
  wholes: vectorOf([1n, -(2n ** 63n), null], new Int64()),
  shorts: vectorOf([1, 2, 3], new Int32()),
  doubles: vectorOf([0.5, Number.NaN, null], new Float64()),
  lists: vectorOf([["a", null], [], ["bcd"]], texts),
  pairs: vectorOf([{ key: "k", value: 1n }, { key: null, value: 2n }, null], pair),
};

function streamOf(named: Readonly<Record<string, Vector>>): Uint8Array {
  return tableToIPC(new Table(named), "stream");
}

/** A column as far as its rows reach: buffers may be filled up, and a validity without nulls says nothing. */
function describeColumn(column: ColumnData): unknown {
  const { length, offset, validity, offsets, values, children } = column;
  return {
    length,
    offset,
    validity: validity === null ? null : [...validity.subarray(0, (length + 7) >> 3)],
    offsets: offsets === null ? null : [...offsets.subarray(0, length + 1)],
    values:
      values === null
        ? null
        : Buffer.from(values)
            .toString("hex")
            .replace(/(00)+$/, ""),
    children: children.map(describeColumn),
  };
}

function describeBatches(batches: readonly BatchColumns[]): unknown {
  return batches.map(({ length, columns: named }) => [
    length,
    [...named].map(([name, column]) => [name, describeColumn(column)]),
  ]);
}

describe("streams of a task", () => {
  test.each(Object.keys(columns))("are read as by Arrow's own reader: %s", (name) => {
    const stream = streamOf({ [name]: columns[name]! });
    expect(describeBatches(new BatchReader().read(stream))).toEqual(describeBatches(readBatches(stream)));
  });

  test("are read without rows, with all columns at once, and one schema after the other", () => {
    const reader = new BatchReader();
    const empty = vectorOf([], new Binary());
    const streams = [{ value: empty }, columns, { value: columns.texts! }, columns].map(streamOf);
    for (const stream of streams)
      expect(describeBatches(reader.read(stream))).toEqual(describeBatches(readBatches(stream)));
  });

  test("are read where Arrow's own reader is needed: dictionaries", () => {
    const values = vectorOf(["a", "b", "a"], new Dictionary(new Utf8(), new Int32()));
    const stream = streamOf({ value: values });
    expect(describeBatches(new BatchReader().read(stream))).toEqual(describeBatches(readBatches(stream)));
  });

  test("fail where they are cut within a batch", () => {
    const stream = streamOf({ value: columns.bytes! });
    const reader = new BatchReader();
    expect(() => reader.read(stream.subarray(0, stream.length - 64))).toThrow("ends within a batch");
  });

  test("are no streams at all", () => {
    expect(() => new BatchReader().read(Buffer.from("no Arrow, and long enough for a head"))).toThrow();
  });
});

const numbers: BuiltColumn = {
  length: 3,
  nullCount: 1,
  validity: Uint8Array.of(0b101),
  offsets: null,
  values: new Uint8Array(BigInt64Array.of(5n, 0n, -7n).buffer),
  children: [],
};
const words: BuiltColumn = {
  length: 3,
  nullCount: 0,
  validity: null,
  offsets: Int32Array.of(0, 1, 1, 4),
  values: Buffer.from("abcd"),
  children: [],
};
const wholeMoments: BuiltColumn = { ...numbers, nullCount: 0, validity: null };

describe("streams of the host", () => {
  const layout: Layout = {
    value: {
      kind: "kv",
      key: { kind: "nullable", value: { kind: "varint" } },
      value: { kind: "iterable", element: { kind: "utf8" } },
    },
    timestamp: { kind: "column" },
    window: dropped,
    pane: { kind: "column" },
  };
  const list: BuiltColumn = {
    length: 3,
    nullCount: 0,
    validity: null,
    offsets: Int32Array.of(0, 2, 2, 3),
    values: null,
    children: [words],
  };
  const built = new Map([
    ["key", numbers],
    ["value", list],
    ["timestamp", wholeMoments],
    ["pane", words],
  ]);

  test("are read by Arrow, one after the other", () => {
    const writer = new BatchWriter(layout);
    for (const _ of [1, 2]) {
      const stream = Buffer.concat(writer.write(built));
      const table = tableFromIPC(stream);
      expect(table.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
        "key Int64",
        "value List<Utf8>",
        "timestamp Int64",
        "pane Binary",
      ]);
      expect([...table.getChild("key")!]).toEqual([5n, null, -7n]);
      expect([...table.getChild("value")!].map((one) => [...one])).toEqual([["a", ""], [], ["bcd"]]);
      expect([...table.getChild("timestamp")!]).toEqual([5n, 0n, -7n]);
      expect([...table.getChild("pane")!].map((one) => Buffer.from(one).toString())).toEqual([
        "a",
        "",
        "bcd",
      ]);
      expect([...RecordBatchReader.from(stream)].length).toBe(1);
    }
  });

  test("have parts that begin at multiples of eight", () => {
    let at = 0;
    for (const part of new BatchWriter(layout).write(built)) {
      if (part === words.values || part === numbers.values) expect(at % 8).toBe(0);
      at += part.length;
    }
    expect(at % 8).toBe(0);
  });

  test("are written and read of pairs within pairs, and of no rows", () => {
    const nested: Layout = {
      value: {
        kind: "kv",
        key: { kind: "bool" },
        value: { kind: "kv", key: { kind: "double" }, value: { kind: "bytes" } },
      },
      timestamp: dropped,
      window: dropped,
      pane: dropped,
    };
    const bits: BuiltColumn = { ...numbers, nullCount: 0, validity: null, values: Uint8Array.of(0b110) };
    const halves: BuiltColumn = {
      ...wholeMoments,
      values: new Uint8Array(Float64Array.of(0.5, -1, 3).buffer),
    };
    const inner: BuiltColumn = {
      length: 3,
      nullCount: 0,
      validity: null,
      offsets: null,
      values: null,
      children: [halves, words],
    };
    const stream = Buffer.concat(
      new BatchWriter(nested).write(
        new Map([
          ["key", bits],
          ["value", inner],
        ]),
      ),
    );
    expect(tableFromIPC(stream).toArray().map(String)).toEqual([
      '{"key": false, "value": {"key":0.5,"value":{"0":97}}}',
      '{"key": true, "value": {"key":-1,"value":{}}}',
      '{"key": true, "value": {"key":3,"value":{"0":98,"1":99,"2":100}}}',
    ]);
    const empty: BuiltColumn = {
      length: 0,
      nullCount: 0,
      validity: null,
      offsets: Int32Array.of(0),
      values: new Uint8Array(0),
      children: [],
    };
    const bytes: Layout = { ...nested, value: { kind: "bytes" } };
    const none = Buffer.concat(new BatchWriter(bytes).write(new Map([["value", empty]])));
    expect(tableFromIPC(none).numRows).toBe(0);
    expect(new BatchReader().read(none).map(({ length }) => length)).toEqual([0]);
  });
});
