import { URN } from "../../beam/urns.js";
import type { Layout } from "../../compiler/4-physical/layout.js";
import { ByteReader, MalformedElementError } from "../bytes/byte-reader.js";
import type { CoderTree, StageEdge } from "../worker-stage.js";
import { BinaryBuilder } from "./binary-builder.js";
import type { BuiltColumn, ColumnBuilder } from "./column-builder.js";
import { Fixed64Builder } from "./fixed-builder.js";
import { createBuilder } from "./read-values.js";

const signBit = 0x80000000;

/** Makes rows of the windowed values that a worker sends: one for each window of an element. */
export interface ElementReader {
  /** Takes the elements of one message. Errors: MalformedElementError. */
  take(bytes: Uint8Array): void;
  /** Rows so far, and about how many bytes they have. */
  readonly rows: number;
  readonly size: number;
  /** The columns in the layout's order, by name; the reader is empty again. */
  finish(): ReadonlyMap<string, BuiltColumn>;
}

/** What makes rows of a layout of the elements at an edge (`beam_runner_api.proto`, WINDOWED_VALUE). */
export function createElementReader(layout: Layout, edge: StageEdge): ElementReader {
  const values = createValueBuilders(layout, edge.value);
  const timestamps = layout.timestamp.kind === "column" ? new Fixed64Builder() : null;
  const windows = layout.window.kind === "interval" ? [new Fixed64Builder(), new Fixed64Builder()] : null;
  const panes = layout.pane.kind === "column" ? new BinaryBuilder() : null;
  let rows = 0;

  const takeElement = (source: ByteReader): void => {
    source.int64();
    const timestampLow = source.low;
    const timestampHigh = source.high ^ signBit;
    const count = source.int32();
    if (count < 0) throw new MalformedElementError("an element with an unknown number of windows");
    const windowsStart = source.position;
    for (let window = 0; window < count; window++) skipWindow(edge.window, source);
    const paneStart = source.position;
    skipPane(source);
    const valueStart = source.position;
    const after = source.position;
    if (count === 0) throw new MalformedElementError("an element in no window");
    const windowSource = new ByteReader(source.source, windowsStart, paneStart);
    for (let window = 0; window < count; window++) {
      timestamps?.push(timestampLow, timestampHigh);
      if (windows !== null) takeInterval(windowSource, windows);
      if (panes !== null) {
        panes.out.range(source.source, paneStart, after);
        panes.end();
      }
      source.position = valueStart;
      values.read(source);
      rows++;
    }
  };

  return {
    take(bytes) {
      const source = new ByteReader(bytes);
      while (!source.isAtEnd) takeElement(source);
    },
    get rows() {
      return rows;
    },
    get size() {
      return values.builders.reduce((sum, [, { size }]) => sum + size, rows * 24);
    },
    finish() {
      rows = 0;
      const columns = new Map<string, BuiltColumn>();
      for (const [name, builder] of values.builders) columns.set(name, builder.finish());
      if (timestamps !== null) columns.set("timestamp", timestamps.finish());
      if (windows !== null) {
        columns.set("window_start", windows[0]!.finish());
        columns.set("window_end", windows[1]!.finish());
      }
      if (panes !== null) columns.set("pane", panes.finish());
      return columns;
    },
  };
}

interface ValueBuilders {
  readonly builders: readonly (readonly [name: string, builder: ColumnBuilder])[];
  read(source: ByteReader): void;
}

function createValueBuilders({ value: layout }: Layout, coder: CoderTree): ValueBuilders {
  if (layout.kind !== "kv") {
    const value = createBuilder(layout, coder);
    return { builders: [["value", value]], read: (source) => value.read(source, true) };
  }
  const key = createBuilder(layout.key, coder.parts[0]!);
  const value = createBuilder(layout.value, coder.parts[1]!);
  return {
    builders: [
      ["key", key],
      ["value", value],
    ],
    read(source) {
      key.read(source, true);
      value.read(source, true);
    },
  };
}

function skipWindow(coder: CoderTree, source: ByteReader): void {
  switch (coder.urn) {
    case URN.coderGlobalWindow:
      return;
    case URN.coderIntervalWindow:
      source.skip(8);
      source.varint64();
      return;
    case URN.coderLengthPrefix:
      source.skip(source.length());
      return;
    default:
      throw new MalformedElementError(`the host does not read windows in ${coder.urn}`);
  }
}

/** The high half of a pane's first byte says how many numbers follow: none, its index, or both indices. */
function skipPane(source: ByteReader): void {
  const numbers = source.byte() >> 4;
  for (let index = 0; index < numbers; index++) source.varint64();
}

function takeInterval(source: ByteReader, [starts, ends]: readonly Fixed64Builder[]): void {
  source.int64();
  const { low } = source;
  const high = source.high ^ signBit;
  source.varint64();
  const borrow = low >>> 0 < source.low >>> 0 ? 1 : 0;
  starts!.push((low - source.low) | 0, (high - source.high - borrow) | 0);
  ends!.push(low, high);
}
