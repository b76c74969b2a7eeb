import type { Layout, ValueLayout } from "../../compiler/4-physical/layout.js";
import type { ByteWriter } from "../bytes/byte-writer.js";
import type { CoderTree } from "../worker-coders.js";
import type { StageEdge } from "../worker-stage.js";
import type { BatchColumns } from "./batch-columns.js";
import { type ColumnData, halvesOf } from "./column-data.js";
import { type Clock, signBit, writeGlobalEnd, writeIntervalEnd, writeMillis } from "./last-moments.js";
import type { ValueWriter } from "./value-writer.js";
import { createWriter, writePair } from "./write-values.js";

/** What stands where nobody reads a timestamp or a pane: the first moment, and the pane of what never fired. */
const minTimestamp = -9223372036854775n;
const noFiring = 0x0f;

/**
 * What writes rows of a batch as the windowed values of a worker's data stream (`beam_runner_api.proto`,
 * StandardCoders, WINDOWED_VALUE): timestamp, windows, pane, value.
 */
export function createElementWriter(
  layout: Layout,
  edge: StageEdge,
  batch: BatchColumns,
  clock: Clock,
): (row: number, out: ByteWriter) => void {
  const timestamp = writeTimestamp(layout, batch, clock);
  const window = writeWindow(layout, edge.window, batch);
  const pane = writePane(layout, batch);
  const value = writeValue(layout.value, edge.value, batch);
  return (row, out) => {
    timestamp(row, out);
    out.int32(1);
    window(row, out);
    pane(row, out);
    value(row, out, true);
  };
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
  { timestamp, window }: Layout,
  batch: BatchColumns,
  clock: Clock,
): MetadataWriter {
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
      return window.kind === "interval"
        ? writeIntervalEnds(batch, clock)
        : (_row, out) => writeGlobalEnd(clock, out);
    case "dropped":
      return (_row, out) => writeMillis(minTimestamp, out);
  }
}

function writeIntervalEnds(batch: BatchColumns, clock: Clock): MetadataWriter {
  const column = columnOf(batch, "window_end");
  const halves = halvesOf(column);
  return (row, out) => {
    const at = (row + column.offset) * 2;
    writeIntervalEnd(halves[at]!, halves[at + 1]!, clock, out);
  };
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
