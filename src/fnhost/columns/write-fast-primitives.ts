import type { ValueLayout } from "../../compiler/4-physical/layout.js";
import { ByteWriter } from "../bytes/byte-writer.js";
import { type ColumnData, halvesOf, isValid } from "./column-data.js";
import { neverSent } from "./never-sent.js";
import { decimalAt, fitsInt64, readQuotients, writeDouble, writeInt64 } from "./numbers.js";
import type { ValueWriter } from "./value-writer.js";

/** The tags of Python's coder for any value (`apache_beam/coders/coder_impl.py`, FastPrimitivesCoderImpl). */
const tag = {
  none: 0,
  int: 1,
  float: 2,
  bytes: 3,
  text: 4,
  list: 5,
  tuple: 6,
  bool: 9,
  pickled: 0xff,
} as const;

/**
 * Writes the values of a typed column with Python's coder for any value, a length before each: what Spark's own
 * operators make is typed although the SDK's coder does not say what it is.
 */
export function writeFastPrimitive(layout: ValueLayout, column: ColumnData): ValueWriter {
  const write = createTagged(layout, column);
  const scratch = new ByteWriter(64);
  return (row, out) => {
    write(row, scratch, false);
    const bytes = scratch.take();
    out.varint32(bytes.length);
    out.bytes(bytes);
  };
}

type Tagged = {
  readonly [K in ValueLayout["kind"]]: (
    layout: Extract<ValueLayout, { kind: K }>,
    column: ColumnData,
  ) => ValueWriter;
};

const tagged = {
  bytes: (_layout, column) => writeText(tag.bytes, column),
  utf8: (_layout, column) => writeText(tag.text, column),
  bool:
    (_layout, { values, offset }) =>
    (row, out) => {
      const bit = row + offset;
      out.byte(tag.bool);
      out.byte((values![bit >> 3]! >> (bit & 7)) & 1);
    },
  varint: (_layout, column) => {
    const halves = halvesOf(column);
    return (row, out) => {
      const at = (row + column.offset) * 2;
      out.byte(tag.int);
      out.varint64(halves[at]!, halves[at + 1]!);
    };
  },
  double: (_layout, column) => {
    const halves = halvesOf(column);
    return (row, out) => {
      const at = (row + column.offset) * 2;
      out.byte(tag.float);
      out.int64(halves[at]!, halves[at + 1]!);
    };
  },
  integer: (_layout, column) => (row, out, isNested) => writeInteger(decimalAt(column, row), out, isNested),
  quotient: (_layout, column) => {
    const quotientAt = readQuotients(column);
    return (row, out) => {
      out.byte(tag.float);
      writeDouble(quotientAt(row), out);
    };
  },
  encoded: notPython,
  "coded-integer": notPython,
  nullable: (layout, column) => {
    const write = createTagged(layout.value, column);
    return (row, out, isNested) => {
      if (isValid(column, row)) write(row, out, isNested);
      else out.byte(tag.none);
    };
  },
  iterable: (layout, column) => {
    const write = createTagged(layout.element, column.children[0]!);
    return (row, out) => {
      const start = column.offsets![row + column.offset]!;
      const end = column.offsets![row + column.offset + 1]!;
      out.byte(tag.list);
      out.varint32(end - start);
      for (let element = start; element < end; element++) write(element, out, true);
    };
  },
  record: neverSent,
  kv: (layout, column) => {
    const [key, value] = column.children;
    const writeKey = createTagged(layout.key, key!);
    const writeValue = createTagged(layout.value, value!);
    return (row, out) => {
      out.byte(tag.tuple);
      out.varint32(2);
      writeKey(row, out, true);
      writeValue(row, out, true);
    };
  },
} satisfies Tagged;

function createTagged(layout: ValueLayout, column: ColumnData): ValueWriter {
  return (tagged[layout.kind] as (layout: ValueLayout, column: ColumnData) => ValueWriter)(layout, column);
}

function writeText(kind: number, { offsets, values, offset }: ColumnData): ValueWriter {
  return (row, out, isNested) => {
    const start = offsets![row + offset]!;
    const end = offsets![row + offset + 1]!;
    out.byte(kind);
    if (isNested) out.varint32(end - start);
    out.range(values!, start, end);
  };
}

/** An int of any size: one of more than 64 bits is a pickle. */
function writeInteger(value: bigint, out: ByteWriter, isNested: boolean): void {
  if (fitsInt64(value)) {
    out.byte(tag.int);
    writeInt64(value, out);
    return;
  }
  out.byte(tag.pickled);
  const pickle = pickleInteger(value);
  if (isNested) out.varint32(pickle.length);
  out.bytes(pickle);
}

/**
 * A pickle of one int, to the byte as Python makes it, as keys are looked up by their bytes: protocol 5, a frame with
 * its length, LONG1 with the int's bytes, the lowest first, and STOP.
 */
function pickleInteger(value: bigint): Uint8Array {
  const digits: number[] = [];
  let left = value;
  for (;;) {
    const digit = Number(left & 0xffn);
    digits.push(digit);
    left >>= 8n;
    const isDone = (left === 0n && digit < 0x80) || (left === -1n && digit >= 0x80);
    if (isDone) break;
  }
  const frame = [0x8a, digits.length, ...digits, 0x2e];
  return Uint8Array.from([0x80, 5, 0x95, frame.length, 0, 0, 0, 0, 0, 0, 0, ...frame]);
}

function notPython(): never {
  throw new Error("values in another SDK's coder are none of Python's");
}
