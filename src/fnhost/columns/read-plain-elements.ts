import { URN } from "../../beam/urns.js";
import type { Layout } from "../../compiler/4-physical/layout.js";
import { copyBytes } from "../bytes/copy-bytes.js";
import type { StageEdge } from "../worker-stage.js";
import type { BinaryBuilder } from "./binary-builder.js";
import { isValueAlone } from "./is-value-alone.js";

/** Bytes before a value: its timestamp, the number of its windows, and a pane without numbers. */
const headBytes = 13;

/** About how many bytes a row has beside its values. */
export const rowBytes = 24;

/** Whether nothing of an element is read but its value: the elements at an edge may be plain. */
export function mayBePlain(layout: Layout, edge: StageEdge): boolean {
  return isValueAlone(layout) && edge.window.urn === URN.coderGlobalWindow;
}

/**
 * Takes windowed values (`beam_runner_api.proto`, WINDOWED_VALUE) as long as they are plain: of one global window and a
 * pane without numbers, with less than 2 MiB of bytes as their value, whose length stands before them. Nearly all
 * elements are, and to read them as such takes a third of the time.
 *
 * @param builder takes the values, as far as there is room in what it has written to
 * @param fullAt is how many bytes the builder may have before this ends, and what new rows have beside their values
 * @returns the place of the first element that was not taken
 */
export function readPlainElements(
  bytes: Uint8Array,
  start: number,
  builder: BinaryBuilder,
  fullAt: number,
): number {
  const { out } = builder;
  const target = out.storage;
  const end = bytes.length;
  let length = out.length;
  let at = start;
  let count = 0;
  while (length + count * rowBytes < fullAt && at + headBytes < end) {
    const windows =
      (bytes[at + 8]! << 24) | (bytes[at + 9]! << 16) | (bytes[at + 10]! << 8) | bytes[at + 11]!;
    if (windows !== 1 || bytes[at + 12]! >= 0x10) break;
    let from = at + headBytes;
    let size = bytes[from++]!;
    if (size >= 0x80) {
      if (from + 1 >= end) break;
      size = (size & 0x7f) | (bytes[from++]! << 7);
      if (size >= 0x4000) {
        size = (size & 0x3fff) | (bytes[from++]! << 14);
        if (size >= 0x200000) break;
      }
    }
    const to = from + size;
    if (to > end || length + size > target.length) break;
    copyBytes(bytes, from, to, target, length);
    length += size;
    builder.endAt(length);
    count++;
    at = to;
  }
  out.advance(length - out.length);
  builder.noteValid(count);
  return at;
}
