import type { Layout, ValueLayout } from "../../compiler/4-physical/layout.js";
import { ByteWriter } from "../bytes/byte-writer.js";
import type { CoderTree } from "../worker-coders.js";
import type { StageEdge } from "../worker-stage.js";
import type { BatchColumns } from "./batch-columns.js";
import { type ColumnData, halvesOf } from "./column-data.js";
import { isValueAlone } from "./is-value-alone.js";
import { type Clock, signBit, writeGlobalEnd, writeIntervalEnd, writeMillis } from "./last-moments.js";
import type { ValueWriter } from "./value-writer.js";
import { writePlainElements } from "./write-plain-elements.js";
import { createWriter, isWrittenWithLength, writePair } from "./write-values.js";

/** What stands where nobody reads a timestamp or a pane: the first moment, and the pane of what never fired. */
const minTimestamp = -9223372036854775n;
const noFiring = 0x0f;

/** Knows the last moments of windows. */
export interface RowEnds {
  readonly clock: Clock;
  /** Writes that of a window in its coder, as an element's timestamp. */
  write(window: Uint8Array, out: ByteWriter): void;
}

/**
 * What writes rows of a batch as the windowed values of a worker's data stream (`beam_runner_api.proto`,
 * StandardCoders, WINDOWED_VALUE): timestamp, windows, pane, value.
 */
export function createElementWriter(
  layout: Layout,
  edge: StageEdge,
  batch: BatchColumns,
  ends: RowEnds,
): (row: number, out: ByteWriter) => void {
  const head = createHeadWriter(layout, edge, batch, ends);
  const value = writeValue(layout.value, edge.value, batch);
  const constant = isValueAlone(layout) ? readHead(head) : null;
  return (row, out) => {
    if (constant === null) head(row, out);
    else out.range(constant, 0, constant.length);
    value(row, out, true);
  };
}

/**
 * Writes rows from one on, to the last or until there are so many bytes.
 *
 * @returns the first row that was not written
 */
export type RowsWriter = (start: number, out: ByteWriter, fullAt: number) => number;

/** What writes the rows of a batch as `createElementWriter` does, many at once. */
export function createRowsWriter(
  layout: Layout,
  edge: StageEdge,
  batch: BatchColumns,
  ends: RowEnds,
): RowsWriter {
  const write = createElementWriter(layout, edge, batch, ends);
  const isPlain = isValueAlone(layout) && isWrittenWithLength(layout.value, edge.value);
  const head = isPlain ? readHead(createHeadWriter(layout, edge, batch, ends)) : null;
  const plain = isPlain ? columnOf(batch, "value") : null;
  return (start, out, fullAt) => {
    let row = start;
    while (row < batch.length && out.length < fullAt) {
      if (plain !== null) row = writePlainElements(head!, plain, row, batch.length, out, fullAt);
      if (row < batch.length && out.length < fullAt) write(row++, out);
    }
    return row;
  };
}

function createHeadWriter(
  layout: Layout,
  edge: StageEdge,
  batch: BatchColumns,
  ends: RowEnds,
): MetadataWriter {
  const timestamp = writeTimestamp(layout, edge.window, batch, ends);
  const window = writeWindow(layout, edge.window, batch);
  const pane = writePane(layout, batch);
  return (row, out) => {
    timestamp(row, out);
    out.int32(1);
    window(row, out);
    pane(row, out);
  };
}

/** A head that is the same in all rows. */
function readHead(write: MetadataWriter): Uint8Array {
  const once = new ByteWriter(64);
  write(0, once);
  return once.take();
}

/** Writes one part of a row beside its value. */
export type MetadataWriter = (row: number, out: ByteWriter) => void;

function columnOf(batch: BatchColumns, name: string): ColumnData {
  const column = batch.columns.get(name);
  if (column === undefined) throw new Error(`the rows have no column ${name}`);
  return column;
}

/** What writes the timestamp of a row. */
export function writeTimestamp(
  layout: Layout,
  windowCoder: CoderTree,
  batch: BatchColumns,
  ends: RowEnds,
): MetadataWriter {
  const { timestamp } = layout;
  switch (timestamp.kind) {
    case "constant": {
      const millis = BigInt(timestamp.millis);
      return (_row, out) => writeMillis(millis, out);
    }
    case "column": {
      const column = columnOf(batch, "timestamp");
      const halves = halvesOf(column);
      return (row, out) => {
        const at = (row + column.offset) * 2;
        out.int64(halves[at]!, halves[at + 1]! ^ signBit);
      };
    }
    case "end-of-window":
      return writeWindowEnds(layout, windowCoder, batch, ends);
    case "dropped":
      return (_row, out) => writeMillis(minTimestamp, out);
  }
}

function writeWindowEnds(
  layout: Layout,
  windowCoder: CoderTree,
  batch: BatchColumns,
  ends: RowEnds,
): MetadataWriter {
  switch (layout.window.kind) {
    case "global":
    case "dropped":
      return (_row, out) => writeGlobalEnd(ends.clock, out);
    case "interval": {
      const column = columnOf(batch, "window_end");
      const halves = halvesOf(column);
      return (row, out) => {
        const at = (row + column.offset) * 2;
        writeIntervalEnd(halves[at]!, halves[at + 1]!, ends.clock, out);
      };
    }
    case "encoded": {
      const window = writeWindow(layout, windowCoder, batch);
      const scratch = new ByteWriter(64);
      return (row, out) => {
        scratch.truncate();
        window(row, scratch);
        ends.write(scratch.peek(), out);
      };
    }
  }
}

/** What writes the window of a row, in its coder. */
export function writeWindow({ window }: Layout, coder: CoderTree, batch: BatchColumns): MetadataWriter {
  switch (window.kind) {
    case "global":
    case "dropped":
      return () => {};
    case "interval": {
      const starts = columnOf(batch, "window_start");
      const ends = columnOf(batch, "window_end");
      const startHalves = halvesOf(starts);
      const endHalves = halvesOf(ends);
      return (row, out) => {
        const start = (row + starts.offset) * 2;
        const end = (row + ends.offset) * 2;
        writeInterval(
          startHalves[start]!,
          startHalves[start + 1]!,
          endHalves[end]!,
          endHalves[end + 1]!,
          out,
        );
      };
    }
    case "encoded": {
      const column = columnOf(batch, "window");
      const write = createWriter({ kind: "encoded", coder: window.coder }, coder, column);
      return (row, out) => write(row, out, true);
    }
  }
}

/** Writes an interval as Beam's interval window coder does: its end, and how long before it began. */
export function writeInterval(
  startLow: number,
  startHigh: number,
  endLow: number,
  endHigh: number,
  out: ByteWriter,
): void {
  out.int64(endLow, endHigh ^ signBit);
  const borrow = endLow >>> 0 < startLow >>> 0 ? 1 : 0;
  out.varint64((endLow - startLow) | 0, (endHigh - startHigh - borrow) | 0);
}

/** What writes the pane of a row. */
export function writePane({ pane }: Layout, batch: BatchColumns): MetadataWriter {
  switch (pane.kind) {
    case "constant": {
      const bytes = Buffer.from(pane.bytes, "hex");
      return (_row, out) => out.bytes(bytes);
    }
    case "column": {
      const { offsets, values, offset } = columnOf(batch, "pane");
      return (row, out) => out.range(values!, offsets![row + offset]!, offsets![row + offset + 1]!);
    }
    case "dropped":
      return (_row, out) => out.byte(noFiring);
  }
}

function writeValue(layout: ValueLayout, coder: CoderTree, batch: BatchColumns): ValueWriter {
  if (layout.kind !== "kv") return createWriter(layout, coder, columnOf(batch, "value"));
  const [key, value] = coder.parts;
  return writePair(
    createWriter(layout.key, key!, columnOf(batch, "key")),
    createWriter(layout.value, value!, columnOf(batch, "value")),
  );
}
