import { URN } from "../../beam/urns.js";
import type { ValueLayout } from "../../compiler/4-physical/layout.js";
import { ByteReader } from "../bytes/byte-reader.js";
import type { CoderTree } from "../worker-coders.js";
import { type ColumnData, halvesOf, isValid } from "./column-data.js";
import { writeInteger } from "./integer-encodings.js";
import { neverSent } from "./never-sent.js";
import { decimalAt, readQuotients, writeDouble, writeInt64 } from "./numbers.js";
import { reencode } from "./reencode.js";
import type { ValueWriter } from "./value-writer.js";
import { writeFastPrimitive } from "./write-fast-primitives.js";

type Writers = {
  readonly [K in ValueLayout["kind"]]: (
    layout: Extract<ValueLayout, { kind: K }>,
    coder: CoderTree,
    column: ColumnData,
  ) => ValueWriter;
};

const writers = {
  bytes: (_layout, _coder, column) => writeBytes(column),
  utf8: (_layout, _coder, column) => writeBytes(column),
  encoded: (_layout, coder, column) =>
    coder.urn === URN.coderLengthPrefix ? writeWithLength(column) : writeReencoded(coder, column),
  bool: (_layout, _coder, column) => {
    const { values, offset } = column;
    return (row, out) => {
      const bit = row + offset;
      out.byte((values![bit >> 3]! >> (bit & 7)) & 1);
    };
  },
  varint: (_layout, _coder, column) => {
    const halves = halvesOf(column);
    const { offset } = column;
    return (row, out) => out.varint64(halves[(row + offset) * 2]!, halves[(row + offset) * 2 + 1]!);
  },
  "coded-integer": ({ encoding }, _coder, column) => {
    const halves = halvesOf(column);
    const { offset } = column;
    const write = writeInteger[encoding];
    return (row, out) => write(halves[(row + offset) * 2]!, halves[(row + offset) * 2 + 1]!, out);
  },
  double: (_layout, _coder, column) => {
    const halves = halvesOf(column);
    const { offset } = column;
    return (row, out) => out.int64(halves[(row + offset) * 2]!, halves[(row + offset) * 2 + 1]!);
  },
  integer: (_layout, _coder, column) => (row, out) => writeInt64(decimalAt(column, row), out),
  record: neverSent,
  quotient: (_layout, _coder, column) => {
    const quotientAt = readQuotients(column);
    return (row, out) => writeDouble(quotientAt(row), out);
  },
  nullable: (layout, coder, column) => {
    const write = createWriter(layout.value, coder.parts[0]!, column);
    return (row, out, isNested) => {
      if (!isValid(column, row)) out.byte(0);
      else {
        out.byte(1);
        write(row, out, isNested);
      }
    };
  },
  iterable: (layout, coder, column) => {
    const write = createWriter(layout.element, coder.parts[0]!, column.children[0]!);
    const { offset } = column;
    const offsets = column.offsets!;
    return (row, out) => {
      const start = offsets[row + offset]!;
      const end = offsets[row + offset + 1]!;
      out.int32(end - start);
      for (let element = start; element < end; element++) write(element, out, true);
    };
  },
  kv: (layout, coder, column) => {
    const [key, value] = column.children;
    return writePair(
      createWriter(layout.key, coder.parts[0]!, key!),
      createWriter(layout.value, coder.parts[1]!, value!),
    );
  },
} satisfies Writers;

/**
 * What writes a column's values in a worker's coder. A typed column whose coder the host can't read is one that
 * Spark's own operators made: it is written as the SDK's coder for any Python value would.
 */
export function createWriter(layout: ValueLayout, coder: CoderTree, column: ColumnData): ValueWriter {
  const isOwn = layout.kind === "encoded" || layout.kind === "coded-integer";
  if (coder.urn === URN.coderLengthPrefix && !isOwn) return writeFastPrimitive(layout, column);
  const create = writers[layout.kind] as (
    layout: ValueLayout,
    coder: CoderTree,
    column: ColumnData,
  ) => ValueWriter;
  return create(layout, coder, column);
}

/** Whether nested values are what lies in a binary column, with its length before it. */
export function isWrittenWithLength({ kind }: ValueLayout, { urn }: CoderTree): boolean {
  const hasLengthPrefix = urn === URN.coderLengthPrefix;
  return kind === "encoded" ? hasLengthPrefix : (kind === "bytes" || kind === "utf8") && !hasLengthPrefix;
}

/** A pair: its key is nested always, its value where the pair is. */
export function writePair(key: ValueWriter, value: ValueWriter): ValueWriter {
  return (row, out, isNested) => {
    key(row, out, true);
    value(row, out, isNested);
  };
}

function writeBytes({ offsets, values, offset }: ColumnData): ValueWriter {
  return (row, out, isNested) => {
    const start = offsets![row + offset]!;
    const end = offsets![row + offset + 1]!;
    if (isNested) out.varint32(end - start);
    out.range(values!, start, end);
  };
}

function writeWithLength({ offsets, values, offset }: ColumnData): ValueWriter {
  return (row, out) => {
    const start = offsets![row + offset]!;
    const end = offsets![row + offset + 1]!;
    out.varint32(end - start);
    out.range(values!, start, end);
  };
}

/** Bytes that were written as an outermost value, for a place where the value may be nested. */
function writeReencoded(coder: CoderTree, { offsets, values, offset }: ColumnData): ValueWriter {
  return (row, out, isNested) => {
    const source = new ByteReader(values!, offsets![row + offset]!, offsets![row + offset + 1]!);
    reencode(coder, source, false, out, isNested);
  };
}
