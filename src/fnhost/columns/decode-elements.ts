import type { Layout } from "../../compiler/4-physical/layout.js";
import { ByteReader, MalformedElementError } from "../bytes/byte-reader.js";
import type { CoderTree } from "../worker-coders.js";
import type { StageEdge } from "../worker-stage.js";
import { BinaryBuilder } from "./binary-builder.js";
import type { BuiltColumn } from "./built-column.js";
import type { ColumnBuilder } from "./column-builder.js";
import { Fixed64Builder } from "./fixed-builder.js";
import { passPane } from "./read-panes.js";
import { mayBePlain, readPlainElements, rowBytes } from "./read-plain-elements.js";
import { createBuilder } from "./read-values.js";
import { createWindowBuilder } from "./read-windows.js";
import { passValue } from "./reencode.js";

const signBit = 0x80000000;

/** Makes rows of the windowed values that a worker sends: one for each window of an element. */
export interface ElementReader {
  /**
   * Takes elements of a message, from a place in it on, until all are taken or the rows have about so many bytes.
   *
   * @returns the place after them. Errors: MalformedElementError.
   */
  take(bytes: Uint8Array, start: number, fullAt: number): number;
  /** Rows so far, and about how many bytes they have. */
  readonly rows: number;
  readonly size: number;
  /** The columns in the layout's order, by name; the reader is empty again. */
  finish(): ReadonlyMap<string, BuiltColumn>;
  /** Gives back the memory that it reads into, with what is in it. */
  close(): void;
}

/** What makes rows of a layout of the elements at an edge (`beam_runner_api.proto`, WINDOWED_VALUE). */
export function createElementReader(layout: Layout, edge: StageEdge): ElementReader {
  const values = createValueBuilders(layout, edge.value);
  const timestamps = layout.timestamp.kind === "column" ? new Fixed64Builder() : null;
  const windows = createWindowBuilder(layout.window, edge.window);
  const panes = layout.pane.kind === "column" ? new BinaryBuilder() : null;
  const plain =
    layout.value.kind !== "kv" && mayBePlain(layout, edge) ? values.builders[0]![1].binary : undefined;
  plain?.out.useLoopBlocks();
  let rows = 0;

  const takeElement = (source: ByteReader): void => {
    source.int64();
    const timestampLow = source.low;
    const timestampHigh = source.high ^ signBit;
    const count = source.int32();
    if (count < 0) throw new MalformedElementError("an element with an unknown number of windows");
    const windowsStart = source.position;
    for (let window = 0; window < count; window++) windows.pass(source);
    const paneStart = source.position;
    passPane(source);
    const valueStart = source.position;
    const after = source.position;
    // A window function may give an element no window: there is nothing more to be done with it.
    if (count === 0) passValue(edge.value, source);
    let windowStart = windowsStart;
    for (let window = 0; window < count; window++) {
      timestamps?.push(timestampLow, timestampHigh);
      source.position = windowStart;
      windows.read(source);
      windowStart = source.position;
      if (panes !== null) {
        panes.out.range(source.source, paneStart, after);
        panes.end();
      }
      source.position = valueStart;
      values.read(source);
      rows++;
    }
  };

  const measure = (): number => values.builders.reduce((sum, [, { size }]) => sum + size, rows * rowBytes);

  return {
    take(bytes, start, fullAt) {
      const source = new ByteReader(bytes, start);
      while (!source.isAtEnd) {
        if (plain !== undefined) {
          source.position = readPlainElements(bytes, source.position, plain, fullAt - rows * rowBytes);
          rows = plain.count;
          if (source.isAtEnd || measure() >= fullAt) break;
        }
        takeElement(source);
        // To measure after each element would take as long as the element.
        if ((rows & 15) === 0 && measure() >= fullAt) break;
      }
      return source.position;
    },
    get rows() {
      return rows;
    },
    get size() {
      return measure();
    },
    finish() {
      rows = 0;
      const columns = new Map<string, BuiltColumn>();
      for (const [name, builder] of values.builders) columns.set(name, builder.finish());
      if (timestamps !== null) columns.set("timestamp", timestamps.finish());
      for (const [name, column] of windows.finish()) columns.set(name, column);
      if (panes !== null) columns.set("pane", panes.finish());
      return columns;
    },
    close() {
      plain?.out.release();
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
