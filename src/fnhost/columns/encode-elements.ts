import type { Layout, ValueLayout } from "../../compiler/4-physical/layout.js";
import type { ByteWriter } from "../bytes/byte-writer.js";
import type { CoderTree, StageEdge } from "../worker-stage.js";
import type { BatchColumns } from "./batch-columns.js";
import { type ColumnData, halvesOf } from "./column-data.js";
import type { ValueWriter } from "./value-writer.js";
import { createWriter, writePair } from "./write-values.js";

/** The milliseconds of a timestamp as Beam's coders write them: with the sign turned, so that bytes sort. */
const signBit = 0x80000000;

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
): (row: number, out: ByteWriter) => void {
  const timestamp = writeTimestamp(layout, batch);
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

function writeTimestamp({ timestamp, window }: Layout, batch: BatchColumns): MetadataWriter {
  switch (timestamp.kind) {
    case "constant": {
      const millis = BigInt(timestamp.millis);
      const low = Number(BigInt.asIntN(32, millis));
      const high = Number(millis >> 32n) ^ signBit;
      return (_row, out) => out.int64(low, high);
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
      return window.kind === "interval" ? writeIntervalEnd(batch) : writeGlobalEnd;
    case "dropped":
      return (_row, out) =>
        out.int64(Number(BigInt.asIntN(32, minTimestamp)), Number(minTimestamp >> 32n) ^ signBit);
  }
}

/** The global window ends a day before the end of time (`beam_runner_api.proto`, constants). */
const globalEnd = 9223371950454775n;

function writeGlobalEnd(_row: number, out: ByteWriter): void {
  out.int64(Number(BigInt.asIntN(32, globalEnd)), Number(globalEnd >> 32n) ^ signBit);
}

/**
 * A window's last moment. Python counts microseconds: a microsecond before an end that is not after 1970 is that end
 * itself once it is cut to milliseconds, towards zero.
 */
function writeIntervalEnd(batch: BatchColumns): MetadataWriter {
  const column = columnOf(batch, "window_end");
  const halves = halvesOf(column);
  return (row, out) => {
    const at = (row + column.offset) * 2;
    const low = halves[at]!;
    const high = halves[at + 1]!;
    const isAfterEpoch = high > 0 || (high === 0 && low !== 0);
    if (!isAfterEpoch) out.int64(low, high ^ signBit);
    else out.int64((low - 1) | 0, (low === 0 ? high - 1 : high) ^ signBit);
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
        const low = endHalves[end]!;
        const high = endHalves[end + 1]!;
        out.int64(low, high ^ signBit);
        const borrow = low >>> 0 < startHalves[start]! >>> 0 ? 1 : 0;
        out.varint64((low - startHalves[start]!) | 0, (high - startHalves[start + 1]! - borrow) | 0);
      };
    }
    case "encoded": {
      const column = columnOf(batch, "window");
      const write = createWriter({ kind: "encoded", coder: window.coder }, coder, column);
      return (row, out) => write(row, out, true);
    }
  }
}

function writePane({ pane }: Layout, batch: BatchColumns): MetadataWriter {
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
