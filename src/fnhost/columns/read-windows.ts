import { URN } from "../../beam/urns.js";
import type { WindowLayout } from "../../compiler/4-physical/layout.js";
import { type ByteReader, MalformedElementError } from "../bytes/byte-reader.js";
import type { CoderTree } from "../worker-coders.js";
import type { BuiltColumn } from "./built-column.js";
import { Fixed64Builder } from "./fixed-builder.js";
import { createBuilder } from "./read-values.js";

const signBit = 0x80000000;

/** Makes a layout's window columns of the windows that a worker sends. */
export interface WindowBuilder {
  /** Takes one window. */
  read(source: ByteReader): void;
  /** Passes over one window. */
  pass(source: ByteReader): void;
  /** The columns, by name. */
  finish(): readonly (readonly [name: string, column: BuiltColumn])[];
}

/** What makes the window columns of a layout, from windows in a coder. */
export function createWindowBuilder(layout: WindowLayout, coder: CoderTree): WindowBuilder {
  const pass = (source: ByteReader): void => passWindow(coder, source);
  switch (layout.kind) {
    case "global":
    case "dropped":
      return { read: pass, pass, finish: () => [] };
    case "interval": {
      const starts = new Fixed64Builder();
      const ends = new Fixed64Builder();
      return {
        read: (source) => readInterval(source, starts, ends),
        pass,
        finish: () => [
          ["window_start", starts.finish()],
          ["window_end", ends.finish()],
        ],
      };
    }
    case "encoded": {
      const windows = createBuilder(layout, coder);
      return {
        read: (source) => windows.read(source, true),
        pass,
        finish: () => [["window", windows.finish()]],
      };
    }
  }
}

/** Passes over one window in a coder. */
export function passWindow(coder: CoderTree, source: ByteReader): void {
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

/** An interval is its end, and how long before it began. */
function readInterval(source: ByteReader, starts: Fixed64Builder, ends: Fixed64Builder): void {
  source.int64();
  const { low } = source;
  const high = source.high ^ signBit;
  source.varint64();
  const borrow = low >>> 0 < source.low >>> 0 ? 1 : 0;
  starts.push((low - source.low) | 0, (high - source.high - borrow) | 0);
  ends.push(low, high);
}
